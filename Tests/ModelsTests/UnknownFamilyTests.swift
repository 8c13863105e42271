import Checkpoints
import Foundation
import Models
import Samples
import Testing

@Suite("A checkpoint of no known family is described by what it looks like")
struct UnknownFamilyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let tensors: [TinyModel.Weights]
        let patterns: [NamePattern]
        let nearest: String?
        var missing: [String] = []
    }

    private static func tensor(_ name: String, _ shape: Int...) -> TinyModel.Weights {
        .init(name, shape, Array(repeating: 0.5, count: shape.reduce(1, *)))
    }

    private static func pattern(_ name: String, _ count: Int, _ shape: Int...) -> NamePattern {
        NamePattern(name: name, count: count, shape: shape)
    }

    private static let resNet = Case(
        testDescription: "ResNet",
        tensors: [tensor("conv1.weight", 4, 3, 7, 7), tensor("bn1.weight", 4)]
            + (0..<3).map { tensor("layer1.\($0).conv1.weight", 4, 4, 3, 3) }
            + (0..<3).map { tensor("layer1.\($0).bn1.running_mean", 4) } + [tensor("fc.weight", 10, 4)],
        patterns: [
            pattern("conv1.weight", 1, 4, 3, 7, 7), pattern("bn1.weight", 1, 4),
            pattern("layer1.#.conv1.weight", 3, 4, 4, 3, 3), pattern("layer1.#.bn1.running_mean", 3, 4),
            pattern("fc.weight", 1, 10, 4),
        ], nearest: nil)

    private static let swin = Case(
        testDescription: "Swin",
        tensors: [tensor("patch_embed.proj.weight", 8, 3, 4, 4), tensor("patch_embed.norm.weight", 8)]
            + (0..<4).flatMap { index in
                let block = "layers.\(index / 2).blocks.\(index % 2)."
                return [
                    tensor(block + "norm1.weight", 8), tensor(block + "attn.relative_position_bias_table", 9, 2),
                    tensor(block + "attn.qkv.weight", 24, 8), tensor(block + "mlp.fc1.weight", 32, 8),
                ]
            },
        patterns: [
            pattern("patch_embed.proj.weight", 1, 8, 3, 4, 4), pattern("patch_embed.norm.weight", 1, 8),
            pattern("layers.#.blocks.#.norm1.weight", 4, 8),
            pattern("layers.#.blocks.#.attn.relative_position_bias_table", 4, 9, 2),
            pattern("layers.#.blocks.#.attn.qkv.weight", 4, 24, 8),
            pattern("layers.#.blocks.#.mlp.fc1.weight", 4, 32, 8),
        ],
        nearest: "timm vision transformer",
        missing: [
            "pos_embed", "blocks.0.norm1.weight", "blocks.0.norm2.weight", "blocks.0.attn.qkv.weight",
            "blocks.0.mlp.fc1.weight", "blocks.0.mlp.fc2.weight",
        ])

    private static let renamed = Case(
        testDescription: "a ViT with half of its tensors renamed",
        tensors: TinyModel.timm().tensors.map { tensor in
            var tensor = tensor
            tensor.name = tensor.name.replacing("attn.qkv", with: "attention.in").replacing("mlp.", with: "ffn.")
            return tensor
        },
        patterns: [
            pattern("cls_token", 1, 1, 1, 8), pattern("patch_embed.proj.weight", 1, 8, 3, 2, 2),
            pattern("patch_embed.proj.bias", 1, 8), pattern("pos_embed", 1, 1, 5, 8),
            pattern("blocks.#.norm1.weight", 2, 8), pattern("blocks.#.norm1.bias", 2, 8),
            pattern("blocks.#.attention.in.weight", 2, 24, 8), pattern("blocks.#.attention.in.bias", 2, 24),
            pattern("blocks.#.attn.proj.weight", 2, 8, 8), pattern("blocks.#.attn.proj.bias", 2, 8),
            pattern("blocks.#.norm2.weight", 2, 8), pattern("blocks.#.norm2.bias", 2, 8),
            pattern("blocks.#.ffn.fc1.weight", 2, 12, 8), pattern("blocks.#.ffn.fc1.bias", 2, 12),
            pattern("blocks.#.ffn.fc2.weight", 2, 8, 12), pattern("blocks.#.ffn.fc2.bias", 2, 8),
            pattern("norm.weight", 1, 8), pattern("norm.bias", 1, 8), pattern("head.weight", 1, 5, 8),
            pattern("head.bias", 1, 5),
        ],
        nearest: "timm vision transformer",
        missing: ["blocks.0.attn.qkv.weight", "blocks.0.mlp.fc1.weight", "blocks.0.mlp.fc2.weight"])

    /// What is left of a file whose end was never written, or of the first of several.
    private static let beginning = Case(
        testDescription: "the beginning of a CLIP",
        tensors: Array(TinyModel.clip().tensors.prefix(3)),
        patterns: [
            pattern("vision_model.embeddings.class_embedding", 1, 8),
            pattern("vision_model.embeddings.patch_embedding.weight", 1, 8, 3, 2, 2),
            pattern("vision_model.embeddings.position_embedding.weight", 1, 5, 8),
        ],
        nearest: "Hugging Face CLIP",
        missing: [
            "vision_model.encoder.layers.0.layer_norm1.weight", "vision_model.encoder.layers.0.layer_norm2.weight",
            "vision_model.encoder.layers.0.self_attn.q_proj.weight",
            "vision_model.encoder.layers.0.self_attn.k_proj.weight",
            "vision_model.encoder.layers.0.self_attn.v_proj.weight",
            "vision_model.encoder.layers.0.mlp.fc1.weight", "vision_model.encoder.layers.0.mlp.fc2.weight",
        ])

    @Test("names, counts, shapes and the nearest family", arguments: [resNet, swin, renamed, beginning])
    func described(_ example: Case) throws {
        let model = TinyModel.timm().with { $0.tensors = example.tensors }
        let error = #expect(throws: ModelError.self) { try model.load() }
        guard case .unknownFamily(_, let patterns, let nearest)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(patterns == example.patterns)
        #expect(nearest?.family.title == example.nearest)
        #expect(nearest?.missing ?? [] == example.missing)
    }

    @Test("a file cut off is refused as such, wherever the cut is", arguments: [0.1, 0.5, 0.99])
    func truncated(_ share: Double) throws {
        try withTemporaryFolder { folder in
            try TinyModel.timm().write(to: folder)
            let file = URL(fileURLWithPath: folder + "/" + Checkpoint.weightsName)
            let bytes = try Data(contentsOf: file)
            try bytes.prefix(Int(Double(bytes.count) * share)).write(to: file)
            #expect(throws: CheckpointError.self) { try Model(path: folder) }
        }
    }

    @Test("variants that need a part amp does not have are refused by it")
    func unsupported() throws {
        func refusal(_ model: TinyModel) -> String? {
            do {
                _ = try model.load()
                return nil
            } catch ModelError.unsupportedVariant(_, let what) { return what } catch { return "\(error)" }
        }
        let beit = TinyModel.timmDINOv3().with { model in
            model.tensors.append(Self.tensor("blocks.0.attn.relative_position_bias_table", 9, 2))
        }
        #expect(refusal(beit) == "relative positions")
        let naver = TinyModel.timmDINOv3().with { $0.tensors.append(Self.tensor("blocks.0.attn.qkv.bias", 24)) }
        #expect(refusal(naver) == "rotary positions with columns first")
        let sapiens = TinyModel.timmDINOv3().with { $0.tensors.append(Self.tensor("blocks.0.attn.q_norm.weight", 4)) }
        #expect(refusal(sapiens) == "norms of queries and keys")
        let perception = TinyModel.timm(pooling: .attentionPool).with { model in
            model.tensors += [Self.tensor("norm_pre.weight", 8), Self.tensor("norm_pre.bias", 8)]
        }
        #expect(refusal(perception) == "rotary positions with columns first")
        let rotary = TinyModel.timm().with { $0.config?["architecture"] = "vit_small_patch16_rope_ape_224" }
        #expect(refusal(rotary) == "rotary positions with columns first")
    }
}
