import Checkpoints
import Tensor

private let evaTable = TensorTable(
    classToken: "cls_token",
    registers: "reg_token",
    patchEmbedding: "patch_embed.proj",
    positions: "pos_embed",
    block: "blocks.#",
    attentionNorm: "norm1",
    attention: [
        StackedNames("attn.q_proj", "attn.k_proj", "attn.v_proj"),
        StackedNames(weights: ["attn.qkv.weight"], biases: ["attn.q_bias", "attn.k_bias", "attn.v_bias"]),
    ],
    answerNorm: "attn.norm",
    attentionOutput: "attn.proj",
    attentionScale: "gamma_1",
    mlpNorm: "norm2",
    mlp: [
        MLPNames(input: StackedNames("mlp.fc1_g", "mlp.fc1_x"), hiddenNorm: "mlp.norm", output: "mlp.fc2"),
        MLPNames(input: StackedNames("mlp.fc1"), output: "mlp.fc2"),
    ],
    mlpScale: "gamma_2",
    finalNorm: "norm",
    pooledNorm: "fc_norm",
    head: ["head"],
    projection: .layer("head"),
    carried: ["mask_token", "lm_head.*", "/text.*", "/logit_scale", "/logit_bias"])

extension Dialect {
    /// timm's `Eva` with learned positions: EVA, and EVA-02, which rotates queries and keys as well.
    static let timmEVA = eva(Family(name: "timm_eva", title: "timm EVA", pixels: .clip), evaTable)

    /// timm's `Eva` without them: DINOv3, and timm's own models with rotary positions.
    static let timmRotary: Dialect = {
        var table = evaTable
        table.positions = nil
        return eva(Family(name: "timm_rotary", title: "timm rotary ViT"), table)
    }()

    private static func eva(_ family: Family, _ table: TensorTable) -> Dialect {
        Dialect(
            family: family, table: table,
            // Alone, or as the tower of images in one of OpenCLIP's models.
            prefixes: ["", "visual.trunk."],
            marks: ["blocks.#.attn.q_bias", "blocks.#.attn.q_proj.weight", "blocks.#.gamma_1"],
            configuration: { $0.openCLIP == nil ? .standard($0) : .openCLIP("vision_cfg", of: $0) },
            architecture: { evidence throws(ModelError) in try evaArchitecture(evidence) },
            text: openCLIPText(prefixes: ["text."]))
    }
}

private func evaArchitecture(_ evidence: Evidence) throws(ModelError) -> Architecture {
    for (tensor, what) in [
        ("attn.qkv.bias", "rotary positions with columns first"), ("attn.q_norm.weight", "norms of queries and keys"),
        ("attn.relative_position_bias_table", "relative positions"),
    ] where evidence.has("blocks.#." + tensor) {
        throw .unsupportedVariant(family: evidence.family, what: what)
    }
    // All models that do without positions have registers.
    if !evidence.has("reg_token") { _ = try evidence.shape("pos_embed", axes: 2) }
    // A model that was built otherwise than its name says.
    let arguments = evidence.config?["model_args"]?.object?.keys.sorted() ?? []
    for key in arguments where ["rope_", "use_rot", "use_post", "ref_feat"].contains(where: key.hasPrefix) {
        throw .unsupportedVariant(family: evidence.family, what: "model_args.\(key)")
    }
    let (named, inOpenCLIP) = (try evidence.string("architecture"), try evidence.string("timm_model_name"))
    let name = named ?? inOpenCLIP ?? ""
    let (outside, size) = (try evidence.extent("image_size"), try timmImage(evidence))
    let width = try evidence.shape("patch_embed.proj.weight", axes: 4)[0]
    let isDINO = !evidence.has("pos_embed") && evidence.has("cls_token")
    var architecture = try evidence.imageArchitecture(
        keys: ConfigurationKeys(
            width: ["num_features"], channels: ["model_args", "in_chans"], patch: ["model_args", "patch_size"],
            image: ["model_args", "img_size"], depth: ["model_args", "depth"], heads: ["model_args", "num_heads"]),
        defaults: LibraryDefaults(
            epsilon: isDINO ? 1e-5 : 1e-6, activation: evidence.isGated ? .silu : .gelu,
            // 64 wide but in the largest models.
            heads: [1408: 16, 1792: 16, 4096: 32][width] ?? max(1, width / 64), resampling: .antialiasedBicubic),
        image: outside ?? size)
    if isDINO {
        architecture.rotary = Rotary(pairing: .halves, frequencies: .centred(base: 100))
    } else if evidence.isGated || !evidence.has("pos_embed") {
        architecture.rotary = Rotary(pairing: .neighbours, frequencies: .indexed(base: 10_000, reference: 16))
    }
    // Nothing in the tensors shows where the norms stand.
    architecture.normOrder = name.contains("enormous") ? .onBranch : .before
    if name.isEmpty, architecture.rotary == nil { evidence.note(.normOrder(.before)) }
    architecture.readout = try timmReadout(evidence)
    architecture.normalisesTokens = architecture.readout != .normalisedMean
    if evidence.names.prefix.isEmpty {
        architecture.head = try timmHead(evidence, architecture)
    } else if evidence.has("head.weight") {
        architecture.projection = try evidence.shape("head.weight", axes: 2)[0]
    }
    return architecture
}
