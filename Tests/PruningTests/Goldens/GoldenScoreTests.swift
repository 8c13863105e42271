import Checkpoints
import Models
import Pruning
import Tensor
import Testing

@Suite("Scores agree with PyTorch", .enabled(if: !Golden.all.isEmpty, "needs ../shared/goldens"))
struct GoldenScoreTests {
    private func transformer(_ golden: Golden) throws -> (Transformer, layers: Set<Int>) {
        let model = try golden.model()
        let depth = model.architecture.depth
        return (try model.transformer(keeping: KeptNeurons(allOf: depth)), Set(0..<depth))
    }

    private func compare(_ golden: Golden, _ scores: Scores, _ prefix: String, _ file: SafetensorsFile) throws {
        try expectAgreement(
            golden, prefix + "scores_abs", scores.layers.flatMap { $0?.ranking ?? [] }, in: file)
        try expectAgreement(golden, prefix + "scores", scores.layers.flatMap { $0?.signed ?? [] }, in: file)
    }

    @Test("entropy scores, with everything on tape and with almost nothing", arguments: Golden.all, [false, true])
    func entropy(_ golden: Golden, tight: Bool) throws {
        let (transformer, layers) = try transformer(golden)
        let file = try golden.file("expected.safetensors")
        let images = try golden.inputs()
        for t in [5, 15, 20] {
            var limit = 1 << 30
            if tight {
                // The least that a batch needs, so that every block is computed again on the way back.
                do {
                    _ = try TaylorScorer(
                        transformer: transformer, loss: .entropy(temperature: Double(t)), batch: golden.batch,
                        layers: layers, memoryLimit: 0
                    ).score(images)
                } catch PruningError.memory(let needed, _) { limit = needed }
            }
            let scorer = TaylorScorer(
                transformer: transformer, loss: .entropy(temperature: Double(t)), batch: try golden.batch,
                layers: layers, memoryLimit: limit)
            let scores = try scorer.score(images)
            try compare(golden, scores, "amp.t\(t).", file)
            try expectAgreement(golden, "amp.t\(t).entropy", [try #require(scores.loss)], in: file)
            try expectAgreement(golden, "amp.t\(t).entropy_per_batch", scores.lossPerBatch, in: file)
            let features = try transformer.run(golden.inputs("_val")).features
            let validation = try ValidationEntropy(temperature: Double(t), batch: golden.batch).measure(features)
            try expectAgreement(golden, "amp.t\(t).entropy_val", [validation.mean], in: file)
        }
    }

    @Test("cross-entropy scores where there is a classifier", arguments: Golden.all)
    func crossEntropy(_ golden: Golden) throws {
        let file = try golden.file("expected.safetensors")
        guard file.tensors["ce.scores"] != nil else { return }
        let (transformer, layers) = try transformer(golden)
        let labels = try golden.file("inputs.safetensors").integers("labels")
        let scores = try TaylorScorer(
            transformer: transformer, loss: .crossEntropy(labels: labels), batch: golden.batch, layers: layers,
            memoryLimit: 1 << 30
        ).score(golden.inputs())
        try compare(golden, scores, "ce.", file)
        try expectAgreement(golden, "ce.loss", [try #require(scores.loss)], in: file)
    }

    @Test("baselines", arguments: Golden.all)
    func baselines(_ golden: Golden) throws {
        let file = try golden.file("expected.safetensors")
        let (transformer, layers) = try transformer(golden)
        func ranking(_ scores: Scores) -> [Double] { scores.layers.flatMap { $0?.ranking ?? [] } }
        for (side, name) in [(MagnitudeScorer.Side.input, "in"), (.output, "out")] {
            let scores = try MagnitudeScorer(transformer: transformer, layers: layers, side: side).score()
            try expectAgreement(golden, "baseline.l2_fc_\(name)", ranking(scores), in: file)
        }
        let activation = try ActivationScorer(transformer: transformer, layers: layers, batch: golden.batch).score(
            golden.inputs())
        try expectAgreement(golden, "baseline.activation_abs_mean", ranking(activation), in: file)
        try expectAgreement(
            golden, "baseline.activation_mean", activation.layers.flatMap { $0?.signed ?? [] }, in: file)
    }
}
