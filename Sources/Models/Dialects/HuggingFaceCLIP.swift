import Checkpoints
import Tensor

extension Dialect {
    /// Hugging Face `CLIPModel`, `CLIPVisionModel` and `CLIPVisionModelWithProjection`.
    static let huggingFaceCLIP = Dialect(
        family: Family(name: "hf_clip", title: "Hugging Face CLIP", pixels: .clip),
        table: TensorTable(
            classToken: "embeddings.class_embedding",
            patchEmbedding: "embeddings.patch_embedding",
            positions: "embeddings.position_embedding.weight",
            // The library's own spelling.
            embeddingNorm: "pre_layrnorm",
            block: "encoder.layers.#",
            attentionNorm: "layer_norm1",
            attention: [StackedNames("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")],
            attentionOutput: "self_attn.out_proj",
            mlpNorm: "layer_norm2",
            mlp: [MLPNames(input: StackedNames("mlp.fc1"), output: "mlp.fc2")],
            finalNorm: "post_layernorm",
            head: ["/classifier"],
            projection: .layer("/visual_projection"),
            carried: ["/text_model.*", "/text_projection.weight", "/logit_scale"],
            constants: ["embeddings.position_ids"]),
        prefixes: ["vision_model.", ""],
        marks: ["embeddings.class_embedding"],
        configuration: { .part("vision_config", of: $0) },
        architecture: { evidence throws(ModelError) in
            var architecture = try evidence.imageArchitecture(
                keys: .huggingFace,
                defaults: LibraryDefaults(epsilon: 1e-5, activation: .quickGELU, heads: 12),
                hidden: (evidence.integer("intermediate_size"), "intermediate_size"))
            architecture.normalisesTokens = false
            if evidence.has("/visual_projection.weight") {
                architecture.projection = try evidence.shape("/visual_projection.weight", axes: 2)[0]
            }
            architecture.head = try evidence.huggingFaceHead(input: .meanOfPatches)
            return architecture.leavingOutRemainders
        },
        text: TextDialect(
            table: TensorTable(
                words: "embeddings.token_embedding.weight",
                positions: "embeddings.position_embedding.weight",
                block: "encoder.layers.#",
                attentionNorm: "layer_norm1",
                attention: [StackedNames("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")],
                attentionOutput: "self_attn.out_proj",
                mlpNorm: "layer_norm2",
                mlp: [MLPNames(input: StackedNames("mlp.fc1"), output: "mlp.fc2")],
                finalNorm: "final_layer_norm",
                projection: .layer("/text_projection")),
            prefixes: ["text_model."],
            configuration: { .part("text_config", of: $0) },
            architecture: { evidence throws(ModelError) in
                guard evidence.has("/text_projection.weight"), evidence.has("final_layer_norm.weight"),
                    !evidence.has("head.weight")
                else {
                    throw .unsupportedVariant(
                        family: evidence.family, what: "texts without a projection")
                }
                var architecture = try evidence.textArchitecture(
                    keys: .huggingFace,
                    defaults: LibraryDefaults(epsilon: 1e-5, activation: .quickGELU, heads: 8),
                    hidden: (evidence.integer("intermediate_size"), "intermediate_size"))
                architecture.isCausal = true
                architecture.readout = .endOfText
                architecture.projection = try evidence.shape("/text_projection.weight", axes: 2)[0]
                // Configurations from before the library read the end's id say 2 and mean the highest.
                if let end = try evidence.integer("eos_token_id"), end != 2 {
                    architecture = architecture.endingTexts(with: end)
                }
                return architecture
            }))

    /// Hugging Face `SiglipModel` and `SiglipVisionModel`.
    static let huggingFaceSigLIP = Dialect(
        family: Family(name: "hf_siglip", title: "Hugging Face SigLIP", pixels: .half),
        table: TensorTable(
            patchEmbedding: "embeddings.patch_embedding",
            positions: "embeddings.position_embedding.weight",
            block: "encoder.layers.#",
            attentionNorm: "layer_norm1",
            attention: [StackedNames("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")],
            attentionOutput: "self_attn.out_proj",
            mlpNorm: "layer_norm2",
            mlp: [MLPNames(input: StackedNames("mlp.fc1"), output: "mlp.fc2")],
            finalNorm: "post_layernorm",
            pool: PoolNames(
                query: "head.probe",
                attention: StackedNames(
                    weights: ["head.attention.in_proj_weight"], biases: ["head.attention.in_proj_bias"]),
                attentionOutput: "head.attention.out_proj", norm: "head.layernorm",
                mlp: MLPNames(input: StackedNames("head.mlp.fc1"), output: "head.mlp.fc2")),
            head: ["/classifier"],
            carried: ["/text_model.*", "/logit_scale", "/logit_bias"],
            constants: ["embeddings.position_ids"]),
        prefixes: ["vision_model.", ""],
        marks: ["embeddings.patch_embedding.bias"],
        configuration: { .part("vision_config", of: $0) },
        architecture: { evidence throws(ModelError) in
            var architecture = try evidence.imageArchitecture(
                keys: .huggingFace,
                defaults: LibraryDefaults(epsilon: 1e-6, activation: .geluTanh, heads: 12),
                hidden: (evidence.integer("intermediate_size"), "intermediate_size"))
            architecture.readout = evidence.has("head.probe") ? .attentionPool : .meanOfNormalised
            architecture.head = try evidence.huggingFaceHead(input: .meanOfNormalised)
            return architecture.leavingOutRemainders
        })
}

extension Architecture {
    /// With the id that ends texts.
    func endingTexts(with end: Int) -> Architecture {
        var result = self
        if case .text(var text) = embedding {
            text.end = end
            result.embedding = .text(text)
        }
        return result
    }
}
