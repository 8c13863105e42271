import Checkpoints
import Tensor

extension Dialect {
    /// Hugging Face `Dinov2Model` and `Dinov2WithRegistersModel`, with or without a classifier.
    static let huggingFaceDINOv2 = Dialect(
        family: Family(name: "hf_dinov2", title: "Hugging Face DINOv2"),
        table: TensorTable(
            classToken: "embeddings.cls_token",
            registers: "embeddings.register_tokens",
            patchEmbedding: "embeddings.patch_embeddings.projection",
            positions: "embeddings.position_embeddings",
            block: "encoder.layer.#",
            attentionNorm: "norm1",
            attention: [
                StackedNames("attention.attention.query", "attention.attention.key", "attention.attention.value")
            ],
            attentionOutput: "attention.output.dense",
            attentionScale: "layer_scale1.lambda1",
            mlpNorm: "norm2",
            mlp: [
                MLPNames(input: StackedNames("mlp.fc1"), output: "mlp.fc2"),
                MLPNames(input: StackedNames("mlp.weights_in"), output: "mlp.weights_out"),
                MLPNames(input: StackedNames("mlp.gate_proj", "mlp.up_proj"), output: "mlp.down_proj"),
            ],
            mlpScale: "layer_scale2.lambda1",
            finalNorm: "layernorm",
            head: ["/classifier"],
            carried: ["embeddings.mask_token"]),
        prefixes: ["dinov2.", "dinov2_with_registers.", ""],
        architecture: { evidence throws(ModelError) in
            let width = try evidence.shape("embeddings.patch_embeddings.projection.weight", axes: 4)[0]
            let hidden = try evidence.product(of: width, and: "mlp_ratio")
            let isGated = evidence.isGated
            let hasRegisters = evidence.has("embeddings.register_tokens")
            var architecture = try evidence.imageArchitecture(
                keys: .huggingFace,
                defaults: LibraryDefaults(
                    epsilon: 1e-6, activation: isGated ? .silu : .gelu, heads: 12,
                    resampling: hasRegisters ? .antialiasedBicubic : .bicubic),
                hidden: (hidden.map { isGated ? gatedWidth($0) : $0 }, "mlp_ratio"))
            // The gated variant is SwiGLU, whatever the configuration names as the activation.
            if isGated, evidence.given.activation == nil { architecture.activation = .silu }
            architecture = architecture.leavingOutRemainders
            architecture.head = try evidence.huggingFaceHead(input: .classTokenAndMean)
            return architecture
        })

    /// Hugging Face `DINOv3ViTModel`.
    static let huggingFaceDINOv3 = Dialect(
        family: Family(name: "hf_dinov3", title: "Hugging Face DINOv3"),
        table: TensorTable(
            classToken: "embeddings.cls_token",
            registers: "embeddings.register_tokens",
            patchEmbedding: "embeddings.patch_embeddings",
            block: "layer.#",
            attentionNorm: "norm1",
            attention: [StackedNames("attention.q_proj", "attention.k_proj", "attention.v_proj")],
            attentionOutput: "attention.o_proj",
            attentionScale: "layer_scale1.lambda1",
            mlpNorm: "norm2",
            mlp: [
                MLPNames(input: StackedNames("mlp.gate_proj", "mlp.up_proj"), output: "mlp.down_proj"),
                MLPNames(input: StackedNames("mlp.up_proj"), output: "mlp.down_proj"),
            ],
            mlpScale: "layer_scale2.lambda1",
            finalNorm: "norm",
            // A model without registers has an empty tensor for them.
            carried: ["embeddings.mask_token", "embeddings.register_tokens"],
            constants: ["rope_embeddings.*"]),
        prefixes: ["", "dinov3_vit.", "model."],
        architecture: { evidence throws(ModelError) in
            var architecture = try evidence.imageArchitecture(
                keys: .huggingFace,
                defaults: LibraryDefaults(epsilon: 1e-5, activation: evidence.isGated ? .silu : .gelu, heads: 6),
                hidden: (evidence.integer("intermediate_size"), "intermediate_size"))
            let older = try evidence.number("rope_theta")
            let newer = try evidence.number("rope_parameters", "rope_theta")
            let base = older ?? newer ?? 100
            architecture.rotary = Rotary(pairing: .halves, frequencies: .centred(base: base))
            return architecture.leavingOutRemainders
        })
}

/// The hidden width of DINOv2's gated MLPs: two thirds, rounded up to a multiple of 8.
func gatedWidth(_ hidden: Int) -> Int { (hidden * 2 / 3 + 7) / 8 * 8 }

extension Architecture {
    /// With images cut to whole patches, as their convolution does.
    var leavingOutRemainders: Architecture {
        var result = self
        if case .image(var image) = embedding {
            image.leavesOutRemainder = true
            result.embedding = .image(image)
        }
        return result
    }
}
