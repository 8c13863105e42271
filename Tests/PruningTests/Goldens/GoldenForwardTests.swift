import Checkpoints
import Models
import Tensor
import Testing

/// Skipped with this line where the reference data are not beside the project: `../shared/goldens`.
@Suite(
    "The forward pass agrees with the original libraries", .enabled(if: !Golden.all.isEmpty, "needs ../shared/goldens"))
struct GoldenForwardTests {
    @Test("features, hidden states and logits", arguments: Golden.all)
    func forward(_ golden: Golden) throws {
        let model = try golden.model()
        let expected = try golden.file("expected.safetensors")
        let transformer = try model.transformer(keeping: KeptNeurons(allOf: model.architecture.depth))
        let outputs = try transformer.run(golden.inputs(), wanting: [.logits, .hidden])
        try expectAgreement(golden, "features", outputs.features.values.map(Double.init), in: expected)
        try expectAgreement(golden, "last_hidden", try #require(outputs.hidden).values.map(Double.init), in: expected)
        if let logits = outputs.logits {
            try expectAgreement(golden, "logits", logits.values.map(Double.init), in: expected)
        } else {
            #expect(expected.tensors["logits"] == nil, "\(golden.testDescription): the model has logits")
        }
        let validation = try transformer.run(golden.inputs("_val"))
        try expectAgreement(golden, "features_val", validation.features.values.map(Double.init), in: expected)
    }
}
