import Checkpoints
import Tensor

extension ConvertedModel {
    /// timm's `config.json`: a registered architecture of the same kind, and all its arguments by value.
    var timm: JSON {
        let a = architecture
        let classes = a.head?.classes ?? 0
        var arguments: [String: JSON] = [
            "img_size": .sides(image.size), "patch_size": JSON(image.patch), "in_chans": JSON(image.channels),
            "embed_dim": JSON(a.width), "depth": JSON(a.depth), "num_heads": JSON(a.heads),
            // A packed gate counts twice.
            "mlp_ratio": Self.ratio(a.isGated ? 2 * hidden : hidden, of: a.width),
            "qkv_bias": .bool(hasQueryBias), "num_classes": JSON(classes), "global_pool": "token",
        ]
        let hasLayerScale = layout.blocks.contains { $0.attentionScale != nil }
        if hasLayerScale || a.isGated { arguments["init_values"] = hasLayerScale ? .number(1e-5) : .null }
        if image.registers > 0 {
            arguments["reg_tokens"] = JSON(image.registers)
            arguments["no_embed_class"] = .bool(image.positions?.prefix == 0)
        }
        if !a.isGated, a.activation != .gelu { arguments["act_layer"] = .string(a.activation.timmName) }
        let isDistilled = image.hasDistillationToken
        var config: [String: JSON] = [
            "architecture": .string(timmArchitecture), "num_classes": JSON(classes), "num_features": JSON(a.width),
            "global_pool": "token", "model_args": .object(arguments),
            "pretrained_cfg": .object([
                "input_size": .array([JSON(image.channels), JSON(image.size.height), JSON(image.size.width)]),
                "fixed_input_size": true, "num_classes": JSON(classes), "pool_size": .null,
                "first_conv": "patch_embed.proj", "classifier": isDistilled ? .array(["head", "head_dist"]) : "head",
            ]),
        ]
        if let labels = a.head?.labels { config["label_names"] = .array(labels.map(JSON.string)) }
        return .object(config)
    }

    /// The name under which timm builds the class: the usual one of that width.
    private var timmArchitecture: String {
        let names = [192: "tiny", 384: "small", 768: "base", 1024: "large"]
        var size = names[architecture.width] ?? "base"
        if image.hasDistillationToken { return "deit_\(size == "large" ? "base" : size)_distilled_patch16_224" }
        guard architecture.isGated || layout.blocks.contains(where: { $0.attentionScale != nil }) else {
            return "vit_\(size)_patch16_224"
        }
        // The one with gates is the giant; there is no tiny one.
        if architecture.isGated { size = "giant" } else if size == "tiny" { size = "small" }
        return "vit_\(size)_patch14_\(image.registers > 0 ? "reg4_" : "")dinov2"
    }
}

extension Activation {
    fileprivate var timmName: String {
        switch self {
        case .gelu: "gelu"
        case .geluTanh: "gelu_tanh"
        case .quickGELU: "quick_gelu"
        case .relu: "relu"
        case .silu: "silu"
        }
    }
}
