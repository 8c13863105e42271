import Checkpoints
import Evaluation
import Foundation
import Models
import Tensor
import Testing

extension Golden {
    /// Those with expected embeddings of texts, whose tower of texts amp has.
    static let withTexts = all.filter { golden in
        guard let meta = try? golden.json("meta.json"), meta["text_input_ids"] != nil else { return false }
        return (try? golden.model().text) != nil
    }

    func texts() throws -> TokenBatch {
        let rows = try #require(try json("meta.json")["text_input_ids"]?.array).compactMap { row in
            row.array?.compactMap(\.int).map(Int32.init)
        }
        return TokenBatch(length: try #require(rows.first?.count), ids: rows.flatMap { $0 })
    }
}

/// Skipped with this line where the reference data are not beside the project: `../shared/goldens`.
@Suite(
    "Texts are embedded as the original libraries do",
    .enabled(if: !Golden.withTexts.isEmpty, "needs ../shared/goldens"))
struct GoldenTextTests {
    @Test("text embeddings, image embeddings and the logits between them", arguments: Golden.withTexts)
    func texts(_ golden: Golden) throws {
        let model = try golden.model()
        let expected = try golden.file("expected.safetensors")
        let embedder = TextEmbedder(try #require(try model.textTransformer()))
        let texts = UnitFeatures(try embedder.embed(golden.texts()))
        try expectAgreement(golden, "extra.text_embeds", texts.values.values.map(Double.init), in: expected)

        let transformer = try model.transformer(keeping: KeptNeurons(allOf: model.architecture.depth))
        let features = try transformer.run(golden.inputs()).features
        let images = UnitFeatures(transformer.project(features) ?? features)
        try expectAgreement(golden, "extra.image_embeds", images.values.values.map(Double.init), in: expected)

        let weights = model.checkpoint.weights
        let scale = exp(try #require(try weights.doubles("logit_scale").first))
        let bias = weights.tensors["logit_bias"] == nil ? 0 : try #require(try weights.doubles("logit_bias").first)
        let logits = (0..<images.count).flatMap { image in
            (0..<texts.count).map { text in
                let (x, y) = (images.values.row(image), texts.values.row(text))
                return scale * (0..<texts.width).reduce(0.0) { $0 + Double(x[$1]) * Double(y[$1]) } + bias
            }
        }
        try expectAgreement(golden, "extra.logits_per_image", logits, in: expected)
    }
}
