import Checkpoints
import Tensor

extension Dialect {
    /// Hugging Face `ViTModel` and `ViTForImageClassification`.
    static let huggingFaceViT = Dialect(
        family: .huggingFaceViT,
        table: TensorTable(
            classToken: "embeddings.cls_token",
            positions: "embeddings.position_embeddings",
            patchEmbedding: "embeddings.patch_embeddings.projection",
            block: "encoder.layer.#",
            attentionNorm: "layernorm_before",
            attention: .separate(
                query: "attention.attention.query", key: "attention.attention.key", value: "attention.attention.value"),
            attentionOutput: "attention.output.dense",
            mlpNorm: "layernorm_after",
            mlpInput: "intermediate.dense",
            mlpOutput: "output.dense",
            finalNorm: "layernorm",
            head: "classifier",
            carried: ["embeddings.mask_token", "pooler.dense.weight", "pooler.dense.bias"]),
        prefixes: ["vit.", ""],
        architecture: { evidence throws(ModelError) in
            var architecture = try huggingFaceArchitecture(
                evidence, family: .huggingFaceViT, hidden: evidence.integer("intermediate_size"),
                hiddenKey: "intermediate_size", epsilon: 1e-12)
            architecture.head = try huggingFaceHead(evidence, input: .feature)
            return architecture
        })

    /// Hugging Face `Dinov2Model` and `Dinov2ForImageClassification`.
    static let huggingFaceDINOv2 = Dialect(
        family: .huggingFaceDINOv2,
        table: TensorTable(
            classToken: "embeddings.cls_token",
            positions: "embeddings.position_embeddings",
            patchEmbedding: "embeddings.patch_embeddings.projection",
            block: "encoder.layer.#",
            attentionNorm: "norm1",
            attention: .separate(
                query: "attention.attention.query", key: "attention.attention.key", value: "attention.attention.value"),
            attentionOutput: "attention.output.dense",
            attentionScale: "layer_scale1.lambda1",
            mlpNorm: "norm2",
            mlpInput: "mlp.fc1",
            mlpOutput: "mlp.fc2",
            mlpScale: "layer_scale2.lambda1",
            finalNorm: "layernorm",
            head: "classifier",
            carried: ["embeddings.mask_token"]),
        prefixes: ["dinov2.", ""],
        architecture: { evidence throws(ModelError) in
            if try evidence.boolean("use_swiglu_ffn") == true {
                throw .unsupportedVariant(family: .huggingFaceDINOv2, what: "gated MLPs (use_swiglu_ffn)")
            }
            let width = try evidence.patchEmbedding()[0]
            var architecture = try huggingFaceArchitecture(
                evidence, family: .huggingFaceDINOv2,
                hidden: evidence.product(of: width, and: "mlp_ratio"), hiddenKey: "mlp_ratio",
                epsilon: 1e-6)
            architecture.hasLayerScale = true
            architecture.head = try huggingFaceHead(evidence, input: .classTokenAndMean)
            return architecture
        })
}

/// What the two encoders have in common: the same configuration keys and the same embedding.
private func huggingFaceArchitecture(
    _ evidence: Evidence, family: Family, hidden: Int?, hiddenKey: String, epsilon: Double
) throws(ModelError) -> Architecture {
    let projection = "embeddings.patch_embeddings.projection.weight"
    let patch = try evidence.patchEmbedding()
    let width = try evidence.agree(
        evidence.integer("hidden_size"), key: "hidden_size", tensor: projection, found: patch[0])
    let channels = try evidence.agree(
        evidence.integer("num_channels"), key: "num_channels", tensor: projection, found: patch[1])
    let patchExtent = try evidence.agree(
        evidence.extent("patch_size"), key: "patch_size", tensor: projection,
        found: Extent(height: patch[2], width: patch[3]))
    let depth = try evidence.agree(
        evidence.integer("num_hidden_layers"), key: "num_hidden_layers", tensor: "encoder.layer", found: evidence.depth)
    let image = try evidence.extent("image_size")
    let (grid, prefix) = try evidence.positionGrid(image: image, patch: patchExtent, key: "image_size", prefixes: [1])
    return Architecture(
        family: family,
        width: width,
        heads: try evidence.heads(
            configured: evidence.integer("num_attention_heads"), key: "num_attention_heads", width: width),
        hiddenWidths: try evidence.hiddenWidths(depth: depth, configured: hidden, key: hiddenKey),
        channels: channels,
        patch: patchExtent,
        image: image ?? Extent(height: grid.height * patchExtent.height, width: grid.width * patchExtent.width),
        positions: Positions(grid: grid, prefix: prefix, resampling: .bicubic),
        activation: try huggingFaceActivation(evidence),
        normEpsilon: Float(try evidence.number("layer_norm_eps") ?? epsilon),
        hasQKVBias: try evidence.boolean("qkv_bias") ?? evidence.has("encoder.layer.0.attention.attention.query.bias"),
        readout: .classToken)
}

private func huggingFaceActivation(_ evidence: Evidence) throws(ModelError) -> Activation {
    switch try evidence.string("hidden_act") {
    case nil, "gelu"?, "gelu_python"?: return .gelu
    case "gelu_new"?, "gelu_pytorch_tanh"?, "gelu_fast"?, "gelu_accurate"?: return .geluTanh
    case "quick_gelu"?: return .quickGELU
    case "relu"?: return .relu
    case "silu"?, "swish"?: return .silu
    case let other?:
        throw evidence.unusable(
            "hidden_act", expected: "gelu, gelu_new, gelu_pytorch_tanh, quick_gelu, relu or silu", found: other)
    }
}

/// The classifier: the number of classes is the tensor's; names come from `id2label`.
private func huggingFaceHead(_ evidence: Evidence, input: Head.Input) throws(ModelError) -> Head? {
    guard let shape = evidence.file.tensors["classifier.weight"]?.shape, let classes = shape.first else { return nil }
    let names = evidence.config?["id2label"]?.object
    let labels = (0..<min(classes, names?.count ?? 0)).compactMap { names?[String($0)]?.string }
    // The library's own stand-ins say no more than the number does.
    let named = labels.count == classes && !labels.allSatisfy { $0.hasPrefix("LABEL_") }
    return Head(classes: classes, input: input, labels: named ? labels : nil)
}
