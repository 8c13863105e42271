import Models
import Pruning
import Samples
import Tensor
import Testing

@Suite("Compensation")
struct CompensationTests {
    private static let sizes = TinyModel.Sizes(hidden: [12, 9, 11], seed: 3)
    private static let kept = [0: [7, 2, 9, 0], 2: [1, 10, 4, 3, 8]]

    /// A family whose output layers have no bias.
    private static let unbiased = TinyModel.timm(sizes).with { model in
        for block in 0..<3 { model["blocks.\(block).mlp.fc2.bias"] = nil }
        model.description += ", no output bias"
    }

    /// Neuron 5 of block 1 is neuron 2 again, which gives only a share of what that gives.
    private static func twins(share: Float? = nil) -> TinyModel {
        TinyModel.timm(sizes).with { model in
            let width = sizes.width
            guard var input = model["blocks.1.mlp.fc1.weight"], var bias = model["blocks.1.mlp.fc1.bias"],
                var output = model["blocks.1.mlp.fc2.weight"]
            else { return }
            for i in 0..<width { input.values[5 * width + i] = input.values[2 * width + i] }
            bias.values[5] = bias.values[2]
            if let share {
                for d in 0..<width {
                    output.values[d * 9 + 5] *= 1000
                    output.values[d * 9 + 2] = share * output.values[d * 9 + 5]
                }
            }
            model[input.name] = input
            model[bias.name] = bias
            model[output.name] = output
        }
    }

    private static let models = TinyModel.variants(sizes) + [unbiased]
    /// One of each way through the code.
    private static let few = [
        unbiased, .timm(sizes, layerScale: true, registers: 2), .timmEVA(sizes), .evaCLIP(sizes, .normsOnBranches),
        .bert(sizes),
    ]

    struct Case: Sendable, CustomTestStringConvertible {
        let model: TinyModel
        let method: Compensation.Method
        var testDescription: String { "\(model), \(method)" }

        static let all =
            models.map { Case(model: $0, method: .leastSquares) }
            + few.flatMap { model in [Case(model: model, method: .bias), Case(model: model, method: .scale)] }
    }

    private func layers(
        _ transformer: Transformer, _ compensation: Compensation, _ inputs: TinyInputs, kept: [Int: [Int]] = kept,
        memory: Int = 1 << 30, monitor: Monitor = .none
    ) throws -> [Int: OutputLayer] {
        try Compensator(transformer: transformer, kept: kept, compensation: compensation, memoryLimit: memory)
            .run(inputs, monitor: monitor)
    }

    private static func values(_ layer: OutputLayer?) -> [Float] {
        (layer?.weight.values ?? []) + (layer?.bias?.values ?? [])
    }

    private static func doubles(_ view: FloatView?) -> [Double] { (view?.values ?? []).map(Double.init) }

    @Test(
        "brings a model whose output layers were changed since back to its reference",
        arguments: [Compensation.Target.branch, .tokens])
    func changedSince(target: Compensation.Target) throws {
        let model = TinyModel.timm(Self.sizes, layerScale: true, registers: 2)
        let reference = try model.transformer()
        // Other biases and other scales, as an earlier compensation or a training leaves them.
        let changed = try model.with { model in
            for block in 0..<3 {
                for (name, change) in [("mlp.fc2.bias", Float(0.3)), ("ls2.gamma", 0.5)] {
                    guard var tensor = model["blocks.\(block).\(name)"] else { continue }
                    tensor.values = tensor.values.map { $0 + change }
                    model[tensor.name] = tensor
                }
            }
        }.transformer()
        let inputs = model.inputs(11)
        // No neuron goes: all that was changed can be made good.
        let kept = [0: Array((0..<12).reversed()), 1: Array(0..<9), 2: Array(0..<11)]
        let layers = try Compensator(
            transformer: changed, kept: kept, compensation: Compensation(.leastSquares, target: target, ridge: 1e-9),
            reference: reference, memoryLimit: 1 << 30
        ).run(inputs)
        var result = changed
        for (index, layer) in layers {
            #expect(layer.fit.after < 1e-6, "block \(index): \(layer.fit.after)")
            result = result.replacing(
                index, with: try changed.blocks[index].keeping(kept[index] ?? []).replacingOutput(with: layer))
        }
        let (now, then) = (try result.run(inputs).features, try reference.run(inputs).features)
        #expect(relativeError(now.values.map(Double.init), then.values.map(Double.init)) < 1e-3)
    }

    @Test("is that of explicit matrices", arguments: Case.all)
    func plain(_ example: Case) throws {
        let (model, method) = (example.model, example.method)
        let transformer = try model.transformer()
        let inputs = model.inputs(11)
        for target in Compensation.Target.allCases {
            let compensation = Compensation(method, target: target, ridge: 1e-2)
            let found = try layers(transformer, compensation, inputs)
            let expected = try PlainCompensation(
                transformer: transformer, kept: Self.kept, compensation: compensation, inputs: inputs
            ).run()
            #expect(Set(found.keys) == Set(Self.kept.keys))
            for (index, layer) in found {
                let plain = try #require(expected[index])
                #expect(layer.fit.after <= layer.fit.before)
                // What follows a layer that was skipped is another model's.
                guard layer.fit.skipped == nil else { break }
                let comment: Comment = "\(target), block \(index)"
                #expect(relativeError(Self.doubles(layer.weight), plain.weight) < 2e-3, comment)
                if let bias = plain.bias {
                    #expect(relativeError(Self.doubles(layer.bias), bias) < 2e-3, comment)
                }
                #expect((layer.bias == nil) == (plain.bias == nil))
                #expect(abs(layer.fit.before - plain.before) < 1e-3 * max(1, plain.before), comment)
                #expect(abs(layer.fit.after - plain.after) < 1e-3 * max(1, plain.before), comment)
            }
        }
    }

    @Test("by least squares with a huge ridge leaves the weight and corrects the bias", arguments: models)
    func hugeRidge(_ model: TinyModel) throws {
        let transformer = try model.transformer()
        let inputs = model.inputs(7)
        let fitted = try layers(
            transformer, Compensation(.leastSquares, target: .block, ridge: 1e12), inputs, kept: [1: [4, 0, 5]])
        let bias = try layers(transformer, Compensation(.bias), inputs, kept: [1: [4, 0, 5]])
        let found = try #require(fitted[1])
        let expected = try #require(bias[1])
        #expect(relativeError(Self.doubles(found.weight), Self.doubles(expected.weight)) < 1e-6)
        #expect(relativeError(Self.doubles(found.bias), Self.doubles(expected.bias)) < 1e-5)
    }

    @Test("of a block that keeps everything changes nothing", arguments: Case.all)
    func everything(_ example: Case) throws {
        let (model, method) = (example.model, example.method)
        let transformer = try model.transformer()
        let found = try layers(transformer, Compensation(method), model.inputs(5), kept: [1: Array(0..<9)])
        let layer = try #require(found[1])
        let own = try transformer.blocks[1].weights().mlp.output
        #expect(layer.weight.values == own.weight.view.values)
        #expect(layer.bias?.values == own.bias?.values)
        #expect(layer.fit.before == 0 && layer.fit.after == 0)
    }

    @Test("gives what was removed back where the kept neurons can say it")
    func redundant() throws {
        let model = Self.twins()
        let transformer = try model.transformer()
        let inputs = model.inputs(20)
        let kept = [0, 1, 2, 3, 4, 6, 7, 8]
        let layer = try #require(
            try layers(transformer, Compensation(.leastSquares, ridge: 1e-9), inputs, kept: [1: kept])[1])
        #expect(layer.fit.before > 1e-3)
        #expect(layer.fit.after < 1e-8)
        let narrow = try transformer.blocks[1].keeping(kept).replacingOutput(with: layer)
        let expected = Self.doubles(FloatView(try transformer.run(inputs).features))
        let found = try transformer.replacing(1, with: narrow).run(inputs).features
        #expect(relativeError(Self.doubles(FloatView(found)), expected) < 1e-4)
    }

    @Test("of a block without neurons is its mean output", arguments: Compensation.Method.allCases)
    func empty(_ method: Compensation.Method) throws {
        let model = TinyModel.timm(Self.sizes)
        let found = try layers(model.transformer(), Compensation(method), model.inputs(5), kept: [0: []])
        let layer = try #require(found[0])
        #expect(layer.weight.shape == [8, 0])
        #expect(method == .scale ? layer.fit.after == layer.fit.before : layer.fit.after < 1 + 1e-6)
    }

    @Test("without an output bias says so where only the bias would change")
    func noBias() throws {
        let found = try layers(Self.unbiased.transformer(), Compensation(.bias), Self.unbiased.inputs(5))
        #expect(found.values.allSatisfy { $0.fit.skipped == .noBias && $0.bias == nil })
    }

    @Test("is the same bits within any memory limit and on any number of threads", arguments: few)
    func memory(_ model: TinyModel) throws {
        let transformer = try model.transformer()
        let inputs = model.inputs(23, grid: 9)
        let before = Parallel.threads
        defer { Parallel.threads = before }
        for compensation in [
            Compensation(.leastSquares, target: .block), Compensation(.leastSquares), Compensation(.scale),
        ] {
            let ample = try layers(transformer, compensation, inputs).mapValues { Self.values($0) }
            for threads in [1, 3] {
                Parallel.threads = threads
                var least = 0
                do {
                    _ = try layers(transformer, compensation, inputs, memory: 0)
                    Issue.record("no memory at all was enough")
                } catch PruningError.memory(let needed, _) {
                    least = needed
                }
                #expect(throws: PruningError.memory(needed: least, limit: least - 1)) {
                    try layers(transformer, compensation, inputs, memory: least - 1)
                }
                for limit in [least, least + 50_000, 1 << 30] {
                    let found = try layers(transformer, compensation, inputs, memory: limit)
                    #expect(found.mapValues { Self.values($0) } == ample, "\(limit), \(threads)")
                }
            }
            Parallel.threads = before
        }
    }

    @Test("counts the operations it said it would take", arguments: Compensation.Target.allCases)
    func work(_ target: Compensation.Target) throws {
        let model = TinyModel.timm(Self.sizes)
        let transformer = try model.transformer()
        let inputs = model.inputs(23, grid: 9)
        for method in Compensation.Method.allCases {
            for limit in [300_000, 1 << 30] {
                let compensator = Compensator(
                    transformer: transformer, kept: Self.kept, compensation: Compensation(method, target: target),
                    memoryLimit: limit)
                let seen = Locked((done: 0, total: 0))
                _ = try compensator.run(
                    inputs, monitor: Monitor(report: { done, total in seen.withLock { $0 = (done, total) } }))
                let expected = try compensator.work(for: inputs.shape, inputs: 23).all
                #expect(seen.withLock { $0.done } == expected, "\(method), \(limit)")
                #expect(seen.withLock { $0.total } == expected, "\(method), \(limit)")
            }
        }
    }

    @Test("by factors follows Kwon et al.")
    func factors() throws {
        // AᵀB − AᵀA·1 of AᵀB = [2.2, 1.9].
        let factors = try #require(Compensation.factors(products: [2, 0.5, 0.5, 1], lack: [-0.3, 0.4]))
        for (x, y) in zip(factors, [0.866667, 1.2]) { #expect(abs(x - y) < 1e-6) }
        // Where the damping is small beside the products, it is the plain solution.
        let undamped = try #require(
            Compensation.factors(products: [2e6, 0.5e6, 0.5e6, 1e6], lack: [-0.3e6, 0.4e6]))
        for (x, y) in zip(undamped, [0.714286, 1.542857]) { #expect(abs(x - y) < 1e-6) }
    }

    @Test("by factors leaves a layer alone that would need a large one")
    func largeFactor() throws {
        // Neuron 2 says a hundredth of what neuron 5 says.
        let model = Self.twins(share: 0.01)
        let transformer = try model.transformer()
        let found = try layers(transformer, Compensation(.scale), model.inputs(400), kept: [1: [2]])
        #expect(found[1]?.fit.skipped == .largeFactor)
        let own = try transformer.blocks[1].keeping([2]).weights().mlp.output.weight.view.values
        #expect(found[1]?.weight.values == own)
    }

    @Test("needs images, and refuses those that are no numbers by their place")
    func images() throws {
        let model = TinyModel.timm(Self.sizes)
        let transformer = try model.transformer()
        let images = model.images(8)
        images.buffer.row(5)[1] = .infinity
        #expect(throws: ModelError.nonFiniteFeature(image: 5)) {
            try layers(transformer, Compensation(.leastSquares), .images(images))
        }
        #expect(throws: PruningError.tooFewImages(needed: 1, found: 0)) {
            try layers(transformer, Compensation(.leastSquares), model.inputs(0))
        }
    }

    @Test("stops when asked to", arguments: [0, 1, 2, 3, 5])
    func interruption(_ patience: Int) throws {
        let asked = Locked(0)
        let monitor = Monitor(isCancelled: {
            asked.withLock { asked in
                asked += 1
                return asked > patience
            }
        })
        let model = TinyModel.timm(Self.sizes)
        #expect(throws: Interrupted.self) {
            try layers(model.transformer(), Compensation(.leastSquares), model.inputs(100), monitor: monitor)
        }
    }
}
