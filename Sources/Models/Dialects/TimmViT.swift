import Tensor

extension Dialect {
    /// timm's `VisionTransformer`: `config.json` as timm's hub writes it, or none.
    static let timmViT = Dialect(
        family: .timmViT,
        table: TensorTable(
            classToken: "cls_token",
            registers: "reg_token",
            positions: "pos_embed",
            patchEmbedding: "patch_embed.proj",
            embeddingNorm: "norm_pre",
            block: "blocks.#",
            attentionNorm: "norm1",
            attention: .packed("attn.qkv"),
            attentionOutput: "attn.proj",
            attentionScale: "ls1.gamma",
            mlpNorm: "norm2",
            mlpInput: "mlp.fc1",
            mlpOutput: "mlp.fc2",
            mlpScale: "ls2.gamma",
            finalNorm: "norm",
            pooledNorm: "fc_norm",
            head: "head"),
        architecture: { evidence throws(ModelError) in
            let patch = try evidence.patchEmbedding()
            let argument = try evidence.integer("model_args", "embed_dim")
            let features = try evidence.integer("num_features")
            let width = try evidence.agree(
                argument ?? features, key: "embed_dim", tensor: "patch_embed.proj.weight", found: patch[0])
            let channels = try evidence.agree(
                evidence.integer("model_args", "in_chans"),
                key: "in_chans", tensor: "patch_embed.proj.weight", found: patch[1])
            let patchExtent = try evidence.agree(
                evidence.extent("model_args", "patch_size"), key: "patch_size", tensor: "patch_embed.proj.weight",
                found: Extent(height: patch[2], width: patch[3]))
            let depth = try evidence.agree(
                evidence.integer("model_args", "depth"), key: "depth", tensor: "blocks", found: evidence.depth)
            let name = try evidence.string("architecture") ?? ""
            let registers = evidence.has("reg_token") ? try evidence.shape("reg_token", axes: 3)[1] : 0

            let hasClassToken = evidence.has("cls_token")
            let leading = (hasClassToken ? 1 : 0) + registers
            let image = try timmImage(evidence)
            let (grid, prefix) = try evidence.positionGrid(
                image: image, patch: patchExtent, key: "img_size",
                prefixes: evidence.boolean("model_args", "no_embed_class") == true ? [0] : [leading, 0])

            let hidden = try evidence.product(of: width, and: "model_args", "mlp_ratio")
            return Architecture(
                family: .timmViT,
                width: width,
                heads: try evidence.heads(
                    configured: evidence.integer("model_args", "num_heads"), key: "model_args.num_heads", width: width),
                hiddenWidths: try evidence.hiddenWidths(
                    depth: depth, configured: hidden, key: "mlp_ratio"),
                channels: channels,
                patch: patchExtent,
                image: image ?? Extent(height: grid.height * patchExtent.height, width: grid.width * patchExtent.width),
                positions: Positions(grid: grid, prefix: prefix, resampling: .antialiasedBicubic),
                hasClassToken: hasClassToken,
                registers: registers,
                activation: try timmActivation(evidence, architecture: name),
                // timm's CLIP variants are built with PyTorch's own default.
                normEpsilon: name.contains("_clip_") ? 1e-5 : 1e-6,
                hasQKVBias: try evidence.boolean("model_args", "qkv_bias") ?? evidence.has("blocks.0.attn.qkv.bias"),
                hasLayerScale: evidence.has("blocks.0.ls1.gamma"),
                hasEmbeddingNorm: evidence.has("norm_pre.weight"),
                readout: try timmReadout(evidence),
                head: try timmHead(evidence))
        })
}

/// The image size: of the arguments, else of the pretrained configuration.
private func timmImage(_ evidence: Evidence) throws(ModelError) -> Extent? {
    if let image = try evidence.extent("model_args", "img_size") { return image }
    guard let sizes = evidence.config?["pretrained_cfg"]?["input_size"]?.array?.compactMap(\.int), sizes.count == 3,
        sizes[1] > 0, sizes[2] > 0
    else { return nil }
    return Extent(height: sizes[1], width: sizes[2])
}

private func timmActivation(_ evidence: Evidence, architecture: String) throws(ModelError) -> Activation {
    switch try evidence.string("model_args", "act_layer") {
    case nil: return architecture.contains("quickgelu") ? .quickGELU : .gelu
    case "gelu"?: return .gelu
    case "gelu_tanh"?: return .geluTanh
    case "quick_gelu"?: return .quickGELU
    case "relu"?: return .relu
    case "silu"?, "swish"?: return .silu
    case let other?:
        throw evidence.unusable(
            "model_args.act_layer", expected: "gelu, gelu_tanh, quick_gelu, relu or silu", found: other)
    }
}

private func timmReadout(_ evidence: Evidence) throws(ModelError) -> Readout {
    let pooling = try evidence.string("global_pool")
    let argument = try evidence.string("model_args", "global_pool")
    switch pooling ?? argument {
    case nil: return evidence.has("fc_norm.weight") || !evidence.has("cls_token") ? .normalisedMean : .classToken
    case "token"?:
        guard evidence.has("cls_token") else {
            throw evidence.unusable("global_pool", expected: "avg, as there is no class token", found: "token")
        }
        return .classToken
    case "avg"?: return evidence.has("fc_norm.weight") ? .normalisedMean : .meanOfNormalised
    case let other?:
        throw .unsupportedVariant(family: .timmViT, what: "global_pool \"\(other)\" (amp has token and avg)")
    }
}

private func timmHead(_ evidence: Evidence) throws(ModelError) -> Head? {
    guard evidence.has("head.weight") else {
        if let classes = try evidence.integer("num_classes"), classes > 0 { return Head(classes: classes) }
        return nil
    }
    let classes = try evidence.agree(
        evidence.integer("num_classes"), key: "num_classes", tensor: "head.weight",
        found: evidence.shape("head.weight", axes: 2)[0])
    let labels = (evidence.config?["pretrained_cfg"]?["label_names"] ?? evidence.config?["label_names"])?
        .array?.compactMap(\.string)
    return Head(classes: classes, labels: labels?.count == classes ? labels : nil)
}
