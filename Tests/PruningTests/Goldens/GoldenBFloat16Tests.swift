import Models
import Pruning
import Tensor
import Testing

/// How far bfloat16 moves tiny models of random weights from the float64 runs. They are the hardest case: nothing in
/// them was trained to stand noise, and their sums are too short for it to cancel out.
@Suite(
    "In bfloat16 results stay near PyTorch's",
    .enabled(if: !Golden.all.isEmpty, "needs ../shared/goldens"),
    .enabled(if: (try? Precision.bfloat16Library) != nil, "needs oneDNN (libdnnl) or an OpenBLAS with cblas_sbgemm"))
struct GoldenBFloat16Tests {
    @Test("the entropy and the scores", arguments: Golden.all)
    func drift(_ golden: Golden) throws {
        let file = try golden.file("expected.safetensors")
        let model = try golden.model()
        let depth = model.architecture.depth
        let transformer = try model.transformer(keeping: KeptNeurons(allOf: depth), precision: .bfloat16)
        let images = try golden.inputs()
        let t = 5.0
        let features = try transformer.run(golden.inputs("_val")).features
        let entropy = try ValidationEntropy(temperature: t, batch: golden.batch).measure(features)
        try expectAgreement(golden, "amp.t5.entropy_val", [entropy.mean], in: file, within: 0.01)
        let scores = try TaylorScorer(
            transformer: transformer, loss: .entropy(temperature: t), batch: golden.batch,
            layers: Set(0..<depth), memoryLimit: 1 << 30
        ).score(images)
        try expectAgreement(golden, "amp.t5.entropy", [try #require(scores.loss)], in: file, within: 0.01)
        let found = scores.layers.flatMap { $0?.ranking ?? [] }
        try expectAgreement(golden, "amp.t5.scores_abs", found, in: file, within: 0.04)
        // It did round: nothing of float32's closeness is left.
        if file.tensors["amp.t5.scores_abs"] != nil {
            #expect(relativeError(found, try file.doubles("amp.t5.scores_abs")) > 1e-5)
        }
    }
}
