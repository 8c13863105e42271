import Models
import Pruning
import Samples
import Tensor
import Testing

@Suite("Taylor scores")
struct TaylorTests {
    private static let sizes = TinyModel.Sizes(hidden: [6, 5], seed: 3)
    private static let models = TinyModel.variants(sizes)
    static let batch = 4
    private static let labels = [0, 3, 1, 4, 2, 2, 0, 1]

    /// Every model with the entropy, and those that classify with the cross-entropy too.
    struct Case: Sendable, CustomTestStringConvertible {
        let model: TinyModel
        let kind: Kind
        var testDescription: String { "\(model), \(kind)" }

        static let all = models.flatMap { model in
            (model.classifies ? Kind.allCases : [.entropy]).map { Case(model: model, kind: $0) }
        }
    }

    enum Kind: CaseIterable, Sendable {
        case entropy, crossEntropy
        var loss: Loss { self == .entropy ? .entropy(temperature: 5) : .crossEntropy(labels: TaylorTests.labels) }
    }

    private func scorer(
        _ transformer: Transformer, _ loss: Loss, batch: Int = batch, layers: Set<Int> = [0, 1], memory: Int = 1 << 30
    ) -> TaylorScorer {
        TaylorScorer(transformer: transformer, loss: loss, batch: batch, layers: layers, memoryLimit: memory)
    }

    /// The loss of a batch from what the model gives for its images, in float64.
    private func loss(_ kind: Kind, _ values: [Float], first: Int) -> Double {
        let width = values.count / Self.batch
        return switch kind {
        case .entropy: BatchEntropy(features: values, count: Self.batch, width: width, temperature: 5).value
        case .crossEntropy:
            CrossEntropy(
                logits: values, labels: Array(Self.labels[first..<(first + Self.batch)]), classes: width
            ).value
        }
    }

    private func values(_ kind: Kind, _ transformer: Transformer, _ images: TinyInputs) throws -> FloatBuffer {
        let outputs = try transformer.run(images, wanting: .logits)
        return kind == .entropy ? outputs.features : try #require(outputs.logits)
    }

    /// A mask on a neuron is a factor of its column in the output layer. An image's features do not depend on other
    /// images, so a mask for one image alone exchanges that image's row.
    @Test("are the loss's slopes along masks, image by image", arguments: Case.all)
    func masks(_ example: Case) throws {
        let (model, kind) = (example.model, example.kind)
        let images = model.inputs(2 * Self.batch)
        let source = try model.load()
        let transformer = try source.transformer(keeping: KeptNeurons(allOf: 2))
        let scores = try scorer(transformer, kind.loss).score(images)
        let plain = try values(kind, transformer, images)
        let expectedLosses = [0, Self.batch].map { first in
            loss(
                kind, Array(plain.values[(first * plain.rowCount)..<((first + Self.batch) * plain.rowCount)]),
                first: first)
        }
        for (found, expected) in zip(scores.lossPerBatch, expectedLosses) { #expect(abs(found - expected) < 1e-5) }
        let step: Float = 0.01
        for (layer, hidden) in Self.sizes.hidden.enumerated() {
            let name = source.layout.blocks[layer].mlp.output.weight.name
            var signed: [Double] = []
            var absolute: [Double] = []
            for neuron in 0..<hidden {
                let sides = try [1 + step, 1 - step].map { mask in
                    try values(
                        kind,
                        model.with { model in
                            guard var weights = model[name] else { return }
                            for place in weights.values.indices where place % hidden == neuron {
                                weights.values[place] *= mask
                            }
                            model[name] = weights
                        }.transformer(), images)
                }
                let slopes = (0..<(2 * Self.batch)).map { image -> Double in
                    let first = image / Self.batch * Self.batch
                    let losses = sides.map { side -> Double in
                        let mixed = FloatBuffer([Self.batch, plain.rowCount])
                        mixed.pointer.update(from: plain.row(first), count: mixed.count)
                        mixed.row(image - first).update(from: side.row(image), count: plain.rowCount)
                        return loss(kind, mixed.values, first: first)
                    }
                    return (losses[0] - losses[1]) / Double(2 * step)
                }
                signed.append(slopes.reduce(0, +) / Double(slopes.count))
                absolute.append(slopes.map(abs).reduce(0, +) / Double(slopes.count))
            }
            let found = try #require(scores.layers[layer])
            #expect(relativeError(found.signed, signed) < 1e-2, "signed, layer \(layer)")
            #expect(relativeError(found.ranking, absolute) < 1e-2, "absolute, layer \(layer)")
        }
    }

    @Test("are the same bits within any memory limit and on any number of threads", arguments: Case.all)
    func memory(_ example: Case) throws {
        let (model, kind) = (example.model, example.kind)
        let transformer = try model.transformer()
        let images = model.inputs(2 * Self.batch, grid: 11)
        var least = 0
        do {
            _ = try scorer(transformer, kind.loss, memory: 0).score(images)
            Issue.record("no memory at all was enough")
        } catch PruningError.memory(let needed, let limit) {
            least = needed
            #expect(limit == 0)
        }
        #expect(throws: PruningError.memory(needed: least, limit: least - 1)) {
            try scorer(transformer, kind.loss, memory: least - 1).score(images)
        }
        let before = Parallel.threads
        defer { Parallel.threads = before }
        let ample = try scorer(transformer, kind.loss).score(images)
        for limit in [least, least + least / 4, 2 * least, 1 << 30] {
            for threads in [1, 3] {
                Parallel.threads = threads
                #expect(
                    try scorer(transformer, kind.loss, memory: limit).score(images) == ample, "\(limit), \(threads)")
            }
        }
    }

    @Test("of some layers are those of all", arguments: models, [Set([0]), Set([1]), Set<Int>()])
    func layers(_ model: TinyModel, _ layers: Set<Int>) throws {
        let transformer = try model.transformer()
        let all = try scorer(transformer, Kind.entropy.loss).score(model.inputs(4))
        let some = try scorer(transformer, Kind.entropy.loss, layers: layers).score(model.inputs(4))
        for layer in 0..<2 {
            #expect(some.layers[layer] == (layers.contains(layer) ? all.layers[layer] : nil))
        }
    }

    @Test("of a model with an empty block are none there, and numbers elsewhere")
    func emptyBlock() throws {
        let model = try TinyModel.timm(Self.sizes).load()
        let transformer = try model.transformer(keeping: KeptNeurons(allOf: 2).keeping([], of: 1))
        let scores = try scorer(transformer, Kind.entropy.loss).score(TinyModel.timm(Self.sizes).images(4))
        #expect(scores.layers[1]?.ranking == [])
        #expect(scores.layers[0]?.ranking.count == 6)
    }

    @Test("leave out a last partial batch")
    func partialBatch() throws {
        let model = TinyModel.timm(Self.sizes)
        let transformer = try model.transformer()
        let found = try scorer(transformer, Kind.entropy.loss).score(model.images(7))
        #expect(try found == scorer(transformer, Kind.entropy.loss).score(model.images(4)))
        #expect(found.images == 4)
    }

    @Test("need a full batch", arguments: [(4, 3), (4, 0), (0, 3), (1, 3)])
    func tooFew(_ batch: Int, _ images: Int) throws {
        let model = TinyModel.timm(Self.sizes)
        let transformer = try model.transformer()
        #expect(throws: PruningError.tooFewImages(needed: max(batch, 2), found: images)) {
            try scorer(transformer, Kind.entropy.loss, batch: batch).score(model.images(images))
        }
    }

    @Test("by labels need a classifier, labels, and labels of its classes")
    func labels() throws {
        let model = TinyModel.timm(Self.sizes)
        let transformer = try model.transformer()
        func score(_ labels: [Int], _ transformer: Transformer) throws {
            _ = try scorer(transformer, .crossEntropy(labels: labels)).score(model.images(4))
        }
        #expect(throws: PruningError.noLabels) { try score([0, 1, 2], transformer) }
        for label in [5, -1] {
            #expect(throws: PruningError.labelOutOfRange(label: label, classes: 5)) {
                try score([0, 1, label, 2], transformer)
            }
        }
        let bare = try TinyModel.timm(.init(hidden: [6, 5], classes: nil)).transformer()
        #expect(throws: PruningError.noHead) { try score([0, 1, 2, 3], bare) }
    }

    @Test(
        "that are no numbers name the image whose features are none",
        arguments: Case.all.filter { !$0.model.takesTexts })
    func nonFinite(_ example: Case) throws {
        let (model, kind) = (example.model, example.kind)
        let transformer = try model.transformer()
        let images = model.images(2 * Self.batch)
        images.buffer.row(6)[0] = .nan
        let before = Parallel.threads
        defer { Parallel.threads = before }
        for threads in [1, 4] {
            Parallel.threads = threads
            #expect(throws: ModelError.nonFiniteFeature(image: 6)) { try scorer(transformer, kind.loss).score(images) }
        }
    }

    @Test("stop when asked to")
    func interruption() throws {
        let model = TinyModel.timm(Self.sizes)
        let transformer = try model.transformer()
        for patience in [0, 1, 2] {
            let asked = Locked(0)
            let monitor = Monitor(isCancelled: {
                asked.withLock { asked in
                    asked += 1
                    return asked > patience
                }
            })
            #expect(throws: Interrupted.self) {
                try scorer(transformer, Kind.entropy.loss).score(model.images(8), monitor: monitor)
            }
        }
    }
}
