import Checkpoints
import Foundation
import Models
import Samples
import Tensor
import Testing

@Suite("Gradients of weights")
struct WeightGradientTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/Gradients").path
    static let families = [
        "timm-scale-registers", "timm-resampled", "timm-distilled", "timm-gated", "timm-eva02", "hf-clip", "hf-siglip",
        "hf-bert",
    ]

    private static let roomy = 1 << 30

    @Test("they are those of PyTorch", arguments: families)
    func asPyTorch(_ family: String) throws {
        let folder = Self.fixtures + "/" + family
        let model = try Model(path: folder)
        let expected = try SafetensorsFile(path: folder + "/expected.safetensors")
        let parameters = try Parameters(model: model, keeping: KeptNeurons(allOf: model.architecture.depth))
        let (inputs, shape) = try inputs(expected)
        for reading in ObjectiveReading.allCases where expected.tensors["value/\(reading.rawValue)"] != nil {
            let pass = try GradientPass(
                parameters, for: shape, batch: inputs.count, reading: reading, parts: .all, memoryLimit: Self.roomy)
            let transformer = try parameters.transformer()
            let value =
                if reading == .logits {
                    try pass.run(transformer, inputs, LabelObjective(labels: try expected.integers("labels")))
                } else {
                    try pass.run(
                        transformer, inputs,
                        LinearObjective(
                            reading: reading, weights: try expected.floats("weight/\(reading.rawValue)").values,
                            count: inputs.count))
                }
            let wanted = Double(try expected.floats("value/\(reading.rawValue)").values[0])
            #expect(abs(value - wanted) < 1e-4 * max(1, abs(wanted)), "\(reading): \(value), not \(wanted)")
            var compared = 0
            for name in pass.gradients.names {
                let found = try #require(pass.gradients.tensors[name])
                // What autograd does not reach has no gradient there, and zeros here.
                let known = expected.tensors["\(reading.rawValue)/\(name)"] != nil
                let truth =
                    known
                    ? try expected.floats("\(reading.rawValue)/\(name)").values
                    : Array(repeating: 0, count: found.count)
                let largest = truth.reduce(0) { max($0, abs($1)) }
                let error = zip(found.values, truth).reduce(0) { max($0, abs($1.0 - $1.1)) }
                #expect(error <= 1e-4 * largest + 2e-6, "\(reading) \(name): off by \(error) of \(largest)")
                compared += known ? 1 : 0
            }
            let all = expected.names.count { $0.hasPrefix(reading.rawValue + "/") && !isUnreached($0) }
            #expect(compared == all, "\(reading): \(compared) of \(all) tensors")
        }
    }

    /// Autograd gives some tensors of what comes after the tokens no gradient, or exact zeros.
    private func isUnreached(_ name: String) -> Bool { name.contains("mask_token") }

    private func inputs(_ file: SafetensorsFile) throws -> (Inputs, InputShape) {
        if file.tensors["images"] != nil {
            let images = LoadedImages(try file.floats("images"))
            return (images.load(0..<images.count), images.shape)
        }
        let length = file.tensors["ids"]?.shape[1] ?? 0
        let texts = LoadedTexts(
            TokenBatch(
                length: length, ids: try file.integers("ids").map(Int32.init),
                segments: try file.integers("segments").map(Int32.init),
                mask: try file.floats("mask").values.map { $0 != 0 }))
        return (texts.load(0..<texts.count), texts.shape)
    }

    // MARK: Finite differences

    private static let models = TinyModel.variants()

    @Test(
        "the objective changes along each tensor's gradient as the gradient says", arguments: models,
        [ObjectiveReading.feature, .logits, .tokens, .projected])
    func differences(_ model: TinyModel, _ reading: ObjectiveReading) throws {
        let loaded = try model.load()
        let a = loaded.architecture
        guard reading != .logits || a.head != nil, reading != .projected || a.projection != nil else { return }
        // Positions are fitted to the larger grid.
        let source = model.inputs(3, grid: 3)
        let pruned = KeptNeurons(allOf: a.depth).keeping([3, 0, 7, 8, 1], of: 0)
        let parameters = try Parameters(model: loaded, keeping: pruned)
        let transformer = try parameters.transformer()
        let inputs = source.load(0..<3)
        let pass = try GradientPass(
            parameters, for: source.shape, batch: 3, reading: reading, parts: .all, memoryLimit: Self.roomy)
        let tokens = try transformer.tokens(of: source.shape).count
        var numbers = Numbers(seed: 5)
        let objective = LinearObjective(
            reading: reading, weights: numbers.floats(3 * transformer.width(of: reading, tokens: tokens)), count: 3)
        let drop = a.normOrder == .after ? nil : Self.drop(blocks: a.depth, inputs: 3)
        _ = try pass.run(transformer, inputs, objective, drop: drop)
        let gradients = pass.gradients.tensors.mapValues(\.values)
        for name in pass.gradients.names {
            let gradient = try #require(gradients[name])
            let tensor = try #require(parameters.tensors[name])
            let before = tensor.values
            let length = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            // Where there is no gradient, any direction must leave the objective as it is.
            let direction = length > 1e-5 ? gradient.map { Double($0) / length } : gradient.map { _ in 0.1 }
            func slope(_ step: Double) throws -> Double {
                func value(_ sign: Double) throws -> Double {
                    for i in before.indices { tensor.pointer[i] = before[i] + Float(sign * step * direction[i]) }
                    return try pass.run(try parameters.transformer(), inputs, objective, drop: drop)
                }
                return (try value(1) - value(-1)) / (2 * step)
            }
            let (wide, narrow) = (try slope(0.02), try slope(0.01))
            for i in before.indices { tensor.pointer[i] = before[i] }
            // Of fourth order in the step.
            let found = (4 * narrow - wide) / 3
            let wanted = length > 1e-5 ? length : 0
            #expect(abs(found - wanted) < 2e-3 * max(1, wanted), "\(name): \(found), not \(wanted)")
        }
    }

    private static func drop(blocks: Int, inputs: Int) -> DropPath {
        DropPath(
            factors: (0..<blocks).map { block in
                (0..<2).map { branch in (0..<inputs).map { ($0 + block + branch) % 3 == 0 ? 0 : 1.5 } }
            })
    }

    // MARK: The same whatever the way

    private func bits(_ pass: GradientPass) -> [[UInt32]] {
        pass.gradients.names.map { pass.gradients.tensors[$0]?.values.map(\.bitPattern) ?? [] }
    }

    @Test("they are the same bits on any number of threads", arguments: [models[0], models[7], models[16], models[21]])
    func threads(_ model: TinyModel) throws {
        let before = Parallel.threads
        defer { Parallel.threads = before }
        let loaded = try model.load()
        let parameters = try Parameters(model: loaded, keeping: KeptNeurons(allOf: loaded.architecture.depth))
        let source = model.inputs(70, grid: 3)
        let pass = try GradientPass(
            parameters, for: source.shape, batch: 70, reading: .feature, parts: .all, memoryLimit: Self.roomy)
        var found: [[[UInt32]]] = []
        for threads in [1, 2, 3] {
            Parallel.threads = threads
            _ = try pass.run(try parameters.transformer(), source.load(0..<70), EntropyObjective())
            found.append(bits(pass))
        }
        #expect(found[0] == found[1])
        #expect(found[0] == found[2])
    }

    @Test(
        "a batch that does not fit is worked on in parts", arguments: [models[0], models[3], models[21]], [true, false])
    func parts(_ model: TinyModel, _ couples: Bool) throws {
        let loaded = try model.load()
        let parameters = try Parameters(model: loaded, keeping: KeptNeurons(allOf: loaded.architecture.depth))
        let source = model.inputs(100, grid: 3)
        var found: [[[Float]]] = []
        var values: [Double] = []
        var part = 0
        for limit in [Self.roomy, 700_000] {
            let pass = try GradientPass(
                parameters, for: source.shape, batch: 100, reading: .feature, parts: .all, memoryLimit: limit)
            part = pass.plan.part
            let width = loaded.architecture.width
            var numbers = Numbers(seed: 3)
            let weights = numbers.floats(100 * width)
            let transformer = try parameters.transformer()
            values.append(
                couples
                    ? try pass.run(transformer, source.load(0..<100), EntropyObjective())
                    : try pass.run(
                        transformer, source.load(0..<100),
                        LinearObjective(reading: .feature, weights: weights, count: 100)))
            found.append(pass.gradients.names.map { pass.gradients.tensors[$0]?.values ?? [] })
        }
        #expect(part < 100)
        #expect(abs(values[0] - values[1]) < 1e-4)
        for (whole, parts) in zip(found[0], found[1]) {
            let largest = whole.reduce(0) { max($0, abs($1)) }
            #expect(zip(whole, parts).allSatisfy { abs($0 - $1) <= 1e-4 * largest + 1e-6 })
        }
        #expect(throws: GradientError.self) {
            try GradientPass(
                parameters, for: source.shape, batch: 100, reading: .feature, parts: .all, memoryLimit: 1000)
        }
    }

    @Test("of the MLPs alone they are the same as among all", arguments: models)
    func onlyMLPs(_ model: TinyModel) throws {
        let loaded = try model.load()
        let parameters = try Parameters(model: loaded, keeping: KeptNeurons(allOf: loaded.architecture.depth))
        let source = model.inputs(6)
        let passes = try [TrainedParts.all, .mlps, .encoder].map { parts in
            let pass = try GradientPass(
                parameters, for: source.shape, batch: 6, reading: .feature, parts: parts, memoryLimit: Self.roomy)
            _ = try pass.run(try parameters.transformer(), source.load(0..<6), EntropyObjective())
            return pass.gradients
        }
        let names = passes.map { Set($0.names) }
        #expect(names[1].isStrictSubset(of: names[2]))
        #expect(names[1].contains(loaded.layout.blocks[0].mlp.output.weight.name))
        #expect(names[2].isSubset(of: names[0]))
        for other in passes[1...] {
            for name in other.names { #expect(other.tensors[name]?.values == passes[0].tensors[name]?.values) }
        }
    }

    @Test("what a model has not, and more inputs than were planned for, are refused")
    func refusals() throws {
        let loaded = try TinyModel.clip().load()
        let parameters = try Parameters(model: loaded, keeping: KeptNeurons(allOf: loaded.architecture.depth))
        let source = TinyModel.clip().inputs(4)
        #expect(throws: GradientError.reading(.logits)) {
            try GradientPass(
                parameters, for: source.shape, batch: 2, reading: .logits, parts: .all, memoryLimit: Self.roomy)
        }
        let pass = try GradientPass(
            parameters, for: source.shape, batch: 2, reading: .feature, parts: .all, memoryLimit: Self.roomy)
        #expect(throws: GradientError.batch(largest: 2, found: 4)) {
            try pass.run(try parameters.transformer(), source.load(0..<4), EntropyObjective())
        }
    }

    @Test("branches are not left out where the norm comes after them")
    func dropAfterNorm() throws {
        let model = TinyModel.bert()
        let loaded = try model.load()
        let parameters = try Parameters(model: loaded, keeping: KeptNeurons(allOf: loaded.architecture.depth))
        let source = model.inputs(3)
        let pass = try GradientPass(
            parameters, for: source.shape, batch: 3, reading: .feature, parts: .all, memoryLimit: Self.roomy)
        #expect(throws: GradientError.self) {
            try pass.run(
                try parameters.transformer(), source.load(0..<3), EntropyObjective(),
                drop: Self.drop(blocks: 2, inputs: 3))
        }
    }
}
