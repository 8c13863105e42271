import Models
import Pruning
import Samples
import Tensor
import Testing

@Suite("Baseline scores")
struct BaselineTests {
    private static let model = TinyModel.timm(.init(hidden: [6, 5], seed: 3))

    @Test("magnitudes are the norms of rows and columns", arguments: MagnitudeScorer.Side.allCases)
    func magnitude(_ side: MagnitudeScorer.Side) throws {
        let scores = try MagnitudeScorer(transformer: Self.model.transformer(), layers: [1], side: side).score()
        #expect(scores.layers[0] == nil)
        let weights = try #require(Self.model[side == .input ? "blocks.1.mlp.fc1.weight" : "blocks.1.mlp.fc2.weight"])
        let expected = (0..<5).map { neuron -> Double in
            weights.values.enumerated().filter { side == .input ? $0.offset / 8 == neuron : $0.offset % 5 == neuron }
                .map { Double($0.element) * Double($0.element) }.reduce(0, +).squareRoot()
        }
        let found = try #require(scores.layers[1])
        #expect(relativeError(found.ranking, expected) < 1e-12)
        #expect(found.signed == found.ranking)
    }

    @Test("with a gate its row and the value's count together", arguments: [false, true])
    func gate(isPacked: Bool) throws {
        let sizes = TinyModel.Sizes(hidden: [6, 5], seed: 3)
        let model = isPacked ? TinyModel.timm(sizes, [.packedGate]) : .timmEVA(sizes)
        let names = (isPacked ? ["fc1"] : ["fc1_g", "fc1_x"]).map { "blocks.1.mlp.\($0).weight" }
        let rows = try names.flatMap { try #require(model[$0]).values }
        let expected = (0..<5).map { neuron -> Double in
            rows.enumerated().filter { $0.offset / 8 % 5 == neuron }
                .map { Double($0.element) * Double($0.element) }.reduce(0, +).squareRoot()
        }
        let scores = try MagnitudeScorer(transformer: model.transformer(), layers: [1], side: .input).score()
        #expect(relativeError(try #require(scores.layers[1]).ranking, expected) < 1e-12)
    }

    @Test("random scores depend on the seed and the layer and on nothing else")
    func random() throws {
        let all = RandomScorer(widths: [6, 5, 100], layers: [0, 1, 2], seed: 7).score()
        let some = RandomScorer(widths: [3, 5, 100], layers: [2], seed: 7).score()
        #expect(some.layers[0] == nil)
        #expect(some.layers[2] == all.layers[2])
        #expect(RandomScorer(widths: [6, 5, 100], layers: [2], seed: 8).score().layers[2] != all.layers[2])
        let values = try #require(all.layers[2]).ranking
        #expect(values.allSatisfy { (0..<1).contains($0) })
        #expect(Set(values).count == 100)
        #expect(abs(values.reduce(0, +) / 100 - 0.5) < 0.1)
    }

    @Test("activations of no number are refused by layer and neuron")
    func nonFinite() throws {
        let images = Self.model.images(3)
        images.buffer.row(1)[0] = .nan
        let scorer = try ActivationScorer(transformer: Self.model.transformer(), layers: [0, 1])
        #expect(throws: PruningError.nonFiniteScore(layer: 0, neuron: 0)) { try scorer.score(images) }
    }

    @Test(
        "activations do not depend on the number of threads, nor on a last partial batch",
        arguments: TinyModel.variants(.init(hidden: [6, 5], seed: 3)))
    func activations(_ model: TinyModel) throws {
        let transformer = try model.transformer()
        let scorer = ActivationScorer(transformer: transformer, layers: [0, 1], batch: 4)
        let before = Parallel.threads
        defer { Parallel.threads = before }
        let results = try [1, 2, 5].map { threads in
            Parallel.threads = threads
            return try scorer.score(model.inputs(11, grid: 11))
        }
        #expect(results[0] == results[1] && results[1] == results[2])
        #expect(try scorer.score(model.inputs(8, grid: 11)) == results[0])
        #expect(results[0].images == 8)
        #expect(results[0].loss == nil)
    }

    @Test("activations need images, and stop when asked to")
    func errors() throws {
        let transformer = try Self.model.transformer()
        let scorer = ActivationScorer(transformer: transformer, layers: [0], batch: 4)
        #expect(throws: PruningError.tooFewImages(needed: 4, found: 3)) { try scorer.score(Self.model.images(3)) }
        #expect(throws: PruningError.tooFewImages(needed: 1, found: 0)) {
            try ActivationScorer(transformer: transformer, layers: [0]).score(Self.model.images(0))
        }
        #expect(throws: Interrupted.self) {
            try scorer.score(Self.model.images(4), monitor: Monitor(isCancelled: { true }))
        }
    }
}
