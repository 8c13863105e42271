import Checkpoints
import Tensor

extension Dialect {
    private static let table = TensorTable(
        classToken: "embeddings.cls_token",
        patchEmbedding: "embeddings.patch_embeddings.projection",
        positions: "embeddings.position_embeddings",
        block: "encoder.layer.#",
        attentionNorm: "layernorm_before",
        attention: [
            StackedNames("attention.attention.query", "attention.attention.key", "attention.attention.value")
        ],
        attentionOutput: "attention.output.dense",
        mlpNorm: "layernorm_after",
        mlp: [MLPNames(input: StackedNames("intermediate.dense"), output: "output.dense")],
        finalNorm: "layernorm",
        head: ["/classifier"],
        carried: ["embeddings.mask_token", "pooler.dense.weight", "pooler.dense.bias"])

    /// Hugging Face `ViTModel` and `ViTForImageClassification`.
    static let huggingFaceViT = Dialect(
        family: Family(name: "hf_vit", title: "Hugging Face ViT"),
        table: table,
        prefixes: ["vit.", ""],
        architecture: { evidence throws(ModelError) in
            try architecture(evidence, head: .feature)
        })

    /// Hugging Face `DeiTModel`, `DeiTForImageClassification` and `DeiTForImageClassificationWithTeacher`.
    static let huggingFaceDeiT: Dialect = {
        var distilled = table
        distilled.distillationToken = "embeddings.distillation_token"
        distilled.head = ["/cls_classifier", "/classifier"]
        distilled.distillationHead = "/distillation_classifier"
        return Dialect(
            family: Family(name: "hf_deit", title: "Hugging Face DeiT"),
            table: distilled,
            prefixes: ["deit.", ""],
            marks: ["embeddings.distillation_token"],
            architecture: { evidence throws(ModelError) in
                try architecture(
                    evidence,
                    head: evidence.has("/distillation_classifier.weight") ? .classAndDistillationTokens : .feature)
            })
    }()

    private static func architecture(
        _ evidence: Evidence, head: Head.Input
    ) throws(ModelError) -> Architecture {
        var architecture = try evidence.imageArchitecture(
            keys: .huggingFace, defaults: LibraryDefaults(epsilon: 1e-12, heads: 12),
            hidden: (evidence.integer("intermediate_size"), "intermediate_size"))
        architecture.head = try evidence.huggingFaceHead(input: head)
        return architecture
    }
}
