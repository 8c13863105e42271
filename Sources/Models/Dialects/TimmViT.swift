import Checkpoints
import Tensor

extension Dialect {
    /// timm's `VisionTransformer` and `VisionTransformerDistilled`: `config.json` as timm's hub writes it, or none.
    static let timmViT = Dialect(
        family: Family(name: "timm_vit", title: "timm vision transformer"),
        table: TensorTable(
            classToken: "cls_token",
            distillationToken: "dist_token",
            registers: "reg_token",
            patchEmbedding: "patch_embed.proj",
            positions: "pos_embed",
            embeddingNorm: "norm_pre",
            block: "blocks.#",
            attentionNorm: "norm1",
            attention: [StackedNames("attn.qkv")],
            queryNorm: "attn.q_norm",
            keyNorm: "attn.k_norm",
            answerNorm: "attn.norm",
            attentionOutput: "attn.proj",
            attentionScale: "ls1.gamma",
            mlpNorm: "norm2",
            mlp: [
                MLPNames(input: StackedNames("mlp.fc1_g", "mlp.fc1_x"), hiddenNorm: "mlp.norm", output: "mlp.fc2"),
                MLPNames(input: StackedNames("mlp.fc1"), hiddenNorm: "mlp.norm", output: "mlp.fc2"),
            ],
            mlpScale: "ls2.gamma",
            finalNorm: "norm",
            pooledNorm: "fc_norm",
            pool: PoolNames(
                query: "attn_pool.latent",
                attention: StackedNames("attn_pool.q", "attn_pool.kv"),
                attentionOutput: "attn_pool.proj", norm: "attn_pool.norm",
                mlp: MLPNames(input: StackedNames("attn_pool.mlp.fc1"), output: "attn_pool.mlp.fc2")),
            head: ["head"],
            distillationHead: "head_dist",
            // A vision tower inside one of OpenCLIP's models, where the rest is text.
            carried: ["/text.*", "/logit_scale", "/logit_bias", "/visual.head.*"]),
        prefixes: ["", "visual.trunk."],
        architecture: { evidence throws(ModelError) in
            let name = try evidence.string("architecture") ?? ""
            let argument = try evidence.integer("model_args", "embed_dim")
            let width = try evidence.shape("patch_embed.proj.weight", axes: 4)[0]
            // Models of timm's `Eva` that have the same tensors, as their rotations stand in none.
            let isPerception = evidence.has("norm_pre.weight") && evidence.has("attn_pool.latent")
            guard !isPerception, !name.hasPrefix("vit_pe_"), !name.contains("_rope_") else {
                throw .unsupportedVariant(family: evidence.family, what: "rotary positions with columns first")
            }
            let activation = try timmActivation(evidence, architecture: name)
            var architecture = try evidence.imageArchitecture(
                keys: ConfigurationKeys(
                    width: argument == nil ? ["num_features"] : ["model_args", "embed_dim"],
                    channels: ["model_args", "in_chans"], patch: ["model_args", "patch_size"],
                    image: ["model_args", "img_size"],
                    depth: ["model_args", "depth"], heads: ["model_args", "num_heads"]),
                defaults: LibraryDefaults(
                    // timm's CLIP variants are built with PyTorch's own default.
                    epsilon: name.contains("_clip_") ? 1e-5 : 1e-6, activation: activation,
                    resampling: .antialiasedBicubic),
                hidden: (
                    // A gate's ratio counts both of its halves, where they are packed.
                    evidence.isGated ? nil : try evidence.product(of: width, and: "model_args", "mlp_ratio"),
                    "mlp_ratio"
                ),
                image: try timmImage(evidence))
            architecture.readout = try timmReadout(evidence)
            architecture.normalisesTokens = architecture.readout != .normalisedMean
            architecture.head = try timmHead(evidence, architecture)
            return architecture
        })
}

/// The image size: of the arguments, else of the pretrained configuration.
func timmImage(_ evidence: Evidence) throws(ModelError) -> Extent? {
    if let image = try evidence.extent("model_args", "img_size") { return image }
    guard let sizes = evidence.config?["pretrained_cfg"]?["input_size"]?.array?.compactMap(\.int), sizes.count == 3,
        sizes[1] > 0, sizes[2] > 0
    else { return nil }
    return Extent(height: sizes[1], width: sizes[2])
}

private func timmActivation(_ evidence: Evidence, architecture: String) throws(ModelError) -> Activation {
    switch try evidence.string("model_args", "act_layer") {
    case nil where architecture.contains("quickgelu"): return .quickGELU
    case nil where usesTanh(architecture): return .geluTanh
    case nil: return evidence.isGated ? .silu : .gelu
    case let name?:
        guard let activation = Activation(libraryName: name) else {
            throw evidence.unusable("model_args.act_layer", expected: Activation.libraryNames, found: name)
        }
        return activation
    }
}

func timmReadout(_ evidence: Evidence) throws(ModelError) -> Readout {
    if evidence.has("attn_pool.latent") { return .attentionPool }
    let pooling = try evidence.string("global_pool")
    let argument = try evidence.string("model_args", "global_pool")
    switch pooling ?? argument {
    case nil where evidence.has("fc_norm.weight"): return .normalisedMean
    case nil: return evidence.has("cls_token") ? .classToken : .meanOfNormalised
    case "token"?:
        guard evidence.has("cls_token") else {
            throw evidence.unusable("global_pool", expected: "avg, as there is no class token", found: "token")
        }
        return .classToken
    case "avg"?: return evidence.has("fc_norm.weight") ? .normalisedMean : .meanOfNormalised
    case "map"?:
        let width = try evidence.shape("patch_embed.proj.weight", axes: 4)[0]
        throw .missingTensor(
            path: evidence.file.path, tensor: "attn_pool.latent", expected: [1, 1, width], similar: nil)
    case let other?:
        throw .unsupportedVariant(
            family: evidence.family, what: "global_pool \"\(other)\" (amp has token, avg and map)")
    }
}

func timmHead(_ evidence: Evidence, _ architecture: Architecture) throws(ModelError) -> Head? {
    guard evidence.has("head.weight") else {
        if let classes = try evidence.integer("num_classes"), classes > 0 { return Head(classes: classes) }
        return nil
    }
    let classes = try evidence.agree(
        evidence.integer("num_classes"), key: "num_classes", tensor: "head.weight",
        found: evidence.shape("head.weight", axes: 2)[0])
    let labels = (evidence.config?["pretrained_cfg"]?["label_names"] ?? evidence.config?["label_names"])?
        .array?.compactMap(\.string)
    return Head(
        classes: classes, input: evidence.has("head_dist.weight") ? .classAndDistillationTokens : .feature,
        labels: labels?.count == classes ? labels : nil)
}

/// timm's SigLIP models that are built with the tanh approximation, which nothing but their names tells.
private func usesTanh(_ architecture: String) -> Bool {
    guard architecture.contains("siglip") else { return false }
    return [
        "so400m_patch16", "giantopt", "vit_base_patch32_", "vit_large_patch16_siglip_512",
        "vit_large_patch16_siglip_gap_512",
    ].contains { architecture.contains($0) }
}
