import Checkpoints
import Models

// Models that two libraries have, in each one's form.
extension TinyModel {
    /// Each with the libraries it can be written for.
    package static let counterparts: [(model: TinyModel, libraries: [ModelLibrary])] = [
        (timm(.vision), [.huggingFace]),
        (timm(.vision).titled("without a classifier") { $0.classes = nil }, [.huggingFace]),
        (timmDeiT(), [.huggingFace]),
        (timmDINOv2(), [.huggingFace]), (timmDINOv2(registers: 2), [.huggingFace]),
        (timmDINOv2(registers: 2, gated: true), [.huggingFace]),
        (hfViT(.vision).with { $0.config?["layer_norm_eps"] = .number(1e-6) }, [.timm]),
        (deiTCounterpart(), [.timm]),
        (hfDINOv2(), [.timm]), (hfDINOv2(registers: 2), [.timm]),
        (hfDINOv2(gate: .packed), [.timm]), (hfDINOv2(registers: 1, gate: .separate), [.timm]),
        (officialCounterpart(), [.timm, .huggingFace]), (officialCounterpart(registers: 2), [.timm, .huggingFace]),
        (officialCounterpart(gated: true), [.timm, .huggingFace]),
        (openCLIPCounterpart(), [.huggingFace]), (hfCLIPCounterpart(), [.openCLIP]),
    ]

    package enum Gate: Sendable { case none, packed, separate }

    // MARK: DeiT

    /// timm's `VisionTransformerDistilled`.
    package static func timmDeiT(_ sizes: Sizes = .vision) -> TinyModel {
        var parts = CounterpartParts(sizes)
        parts.add("cls_token", [1, 1, sizes.width])
        parts.add("dist_token", [1, 1, sizes.width])
        parts.timmBody(positions: 2, layerScale: false, gated: false)
        for head in ["head", "head_dist"] { parts.linear(head, sizes.width, sizes.classes ?? 3) }
        return parts.model("timm distilled DeiT", timmConfig(sizes))
    }

    /// Hugging Face's `DeiTForImageClassificationWithTeacher`.
    package static func deiTCounterpart(_ sizes: Sizes = .vision) -> TinyModel {
        var parts = CounterpartParts(sizes)
        parts.add("deit.embeddings.cls_token", [1, 1, sizes.width])
        parts.add("deit.embeddings.distillation_token", [1, 1, sizes.width])
        parts.huggingFaceBody(
            "deit.", positions: 2, norms: ["layernorm_before", "layernorm_after"],
            mlp: [["intermediate.dense"], ["output.dense"]], scales: [], rows: 1)
        for head in ["cls_classifier", "distillation_classifier"] {
            parts.linear(head, sizes.width, sizes.classes ?? 3)
        }
        return parts.model("hf_deit", huggingFaceConfig(sizes))
    }

    // MARK: DINOv2

    package static func timmDINOv2(registers: Int = 0, gated: Bool = false, _ sizes: Sizes = .encoder) -> TinyModel {
        var parts = CounterpartParts(sizes)
        parts.add("cls_token", [1, 1, sizes.width])
        if registers > 0 { parts.add("reg_token", [1, registers, sizes.width]) }
        // With registers timm's positions are those of the patches alone.
        parts.timmBody(positions: registers > 0 ? 0 : 1, layerScale: true, gated: gated)
        return parts.model(
            "timm DINOv2\(registers > 0 ? ", registers" : "")\(gated ? ", gated" : "")", timmConfig(sizes))
    }

    package static func hfDINOv2(registers: Int = 0, gate: Gate = .none, _ sizes: Sizes = .encoder) -> TinyModel {
        var parts = CounterpartParts(sizes)
        parts.add("embeddings.cls_token", [1, 1, sizes.width])
        parts.add("embeddings.mask_token", [1, sizes.width])
        if registers > 0 { parts.add("embeddings.register_tokens", [1, registers, sizes.width]) }
        let mlp =
            switch gate {
            case .none: [["mlp.fc1"], ["mlp.fc2"]]
            case .packed: [["mlp.weights_in"], ["mlp.weights_out"]]
            case .separate: [["mlp.gate_proj", "mlp.up_proj"], ["mlp.down_proj"]]
            }
        parts.huggingFaceBody(
            "", positions: 1, norms: ["norm1", "norm2"], mlp: mlp,
            scales: ["layer_scale1.lambda1", "layer_scale2.lambda1"], rows: gate == .packed ? 2 : 1)
        return parts.model(
            "hf_dinov2\(registers > 0 ? ", registers" : "")\(gate == .none ? "" : ", \(gate) gate")",
            huggingFaceConfig(sizes))
    }

    /// DINOv2 as its authors publish it, without a configuration.
    package static func officialCounterpart(
        registers: Int = 0, gated: Bool = false, _ sizes: Sizes = .encoder
    ) -> TinyModel {
        var parts = CounterpartParts(sizes)
        parts.add("cls_token", [1, 1, sizes.width])
        if registers > 0 { parts.add("register_tokens", [1, registers, sizes.width]) }
        parts.add("mask_token", [1, sizes.width])
        parts.timmBody(positions: 1, layerScale: true, gated: gated, mlp: gated ? ["mlp.w12", "mlp.w3"] : nil)
        return parts.model(
            "official DINOv2\(registers > 0 ? ", registers" : "")\(gated ? ", gated" : "")",
            .object(["kwargs": .object(["num_heads": .number(Double(sizes.heads))])]))
    }

    // MARK: CLIP

    package static func openCLIPCounterpart(_ sizes: Sizes = .encoder) -> TinyModel {
        var parts = CounterpartParts(sizes)
        let (width, shared) = (sizes.width, 6)
        parts.add("visual.class_embedding", [width])
        parts.add("visual.positional_embedding", [1 + sizes.grid * sizes.grid, width])
        parts.add("visual.conv1.weight", [width, sizes.channels, sizes.patch, sizes.patch])
        parts.norm("visual.ln_pre", width)
        parts.openCLIPBlocks("visual.", width, sizes.hidden)
        parts.norm("visual.ln_post", width)
        parts.add("visual.proj", [width, shared])
        parts.add("token_embedding.weight", [20, 4])
        parts.add("positional_embedding", [5, 4])
        parts.openCLIPBlocks("", 4, [8])
        parts.norm("ln_final", 4)
        parts.add("text_projection", [4, shared])
        parts.add("logit_scale", [])
        let vision: JSON = [
            "image_size": .number(Double(sizes.image)), "patch_size": .number(Double(sizes.patch)),
            "layers": .number(Double(sizes.hidden.count)), "width": .number(Double(width)),
            "head_width": .number(Double(width / sizes.heads)),
        ]
        let text: JSON = ["context_length": 5, "vocab_size": 20, "width": 4, "heads": 2, "layers": 1]
        return parts.model(
            "open_clip",
            ["model_cfg": ["embed_dim": 6, "quick_gelu": true, "vision_cfg": vision, "text_cfg": text]])
    }

    package static func hfCLIPCounterpart(_ sizes: Sizes = .encoder) -> TinyModel {
        var parts = CounterpartParts(sizes)
        let width = sizes.width
        parts.add("vision_model.embeddings.class_embedding", [width])
        parts.add("vision_model.embeddings.position_embedding.weight", [1 + sizes.grid * sizes.grid, width])
        parts.add(
            "vision_model.embeddings.patch_embedding.weight", [width, sizes.channels, sizes.patch, sizes.patch])
        parts.norm("vision_model.pre_layrnorm", width)
        parts.clipBlocks("vision_model.", width, sizes.hidden)
        parts.norm("vision_model.post_layernorm", width)
        parts.add("visual_projection.weight", [6, width])
        parts.add("text_model.embeddings.token_embedding.weight", [20, 4])
        parts.add("text_model.embeddings.position_embedding.weight", [5, 4])
        parts.clipBlocks("text_model.", 4, [8])
        parts.norm("text_model.final_layer_norm", 4)
        parts.add("text_projection.weight", [6, 4])
        parts.add("logit_scale", [])
        let text: JSON = ["num_attention_heads": 2, "eos_token_id": 19, "hidden_act": "gelu"]
        return parts.model("hf_clip", ["vision_config": huggingFaceConfig(sizes) ?? .null, "text_config": text])
    }

    // MARK: Configurations

    private static func timmConfig(_ sizes: Sizes) -> JSON {
        [
            "architecture": "vit_tiny", "num_classes": .number(Double(sizes.classes ?? 0)), "global_pool": "token",
            "model_args": [
                "img_size": .number(Double(sizes.image)), "num_heads": .number(Double(sizes.heads)),
            ],
        ]
    }

    private static func huggingFaceConfig(_ sizes: Sizes) -> JSON? {
        [
            "num_attention_heads": .number(Double(sizes.heads)), "image_size": .number(Double(sizes.image)),
            "hidden_act": "gelu", "layer_norm_eps": .number(1e-6),
        ]
    }

    private func titled(_ words: String, _ change: (inout Sizes) -> Void) -> TinyModel {
        var sizes = sizes
        change(&sizes)
        var model = TinyModel.timm(sizes)
        model.description += ", " + words
        return model
    }
}

extension TinyModel.Sizes {
    /// Hidden widths that every library's configuration can say.
    package static let vision = TinyModel.Sizes(hidden: [16, 16])
    package static let encoder = TinyModel.Sizes(hidden: [16, 16], classes: nil)
}

/// Collects the tensors of a model.
private struct CounterpartParts {
    let sizes: TinyModel.Sizes
    var tensors: [TinyModel.Weights] = []
    var random: Numbers

    init(_ sizes: TinyModel.Sizes) {
        self.sizes = sizes
        random = Numbers(seed: sizes.seed)
    }

    func model(_ description: String, _ config: JSON?) -> TinyModel {
        var model = TinyModel(description, sizes)
        model.tensors = tensors
        model.config = config
        return model
    }

    mutating func add(_ name: String, _ shape: [Int]) {
        tensors.append(.init(name, shape, random.floats(shape.reduce(1, *), scale: 0.5)))
    }

    mutating func linear(_ name: String, _ inputs: Int, _ outputs: Int) {
        add(name + ".weight", [outputs, inputs])
        add(name + ".bias", [outputs])
    }

    mutating func norm(_ name: String, _ width: Int) {
        tensors.append(.init(name + ".weight", [width], random.floats(width, scale: 0.2).map { $0 + 1 }))
        add(name + ".bias", [width])
    }

    mutating func patches(_ name: String) {
        add(name + ".weight", [sizes.width, sizes.channels, sizes.patch, sizes.patch])
        add(name + ".bias", [sizes.width])
    }

    mutating func timmBody(positions: Int, layerScale: Bool, gated: Bool, mlp: [String]? = nil) {
        let width = sizes.width
        let mlp = mlp ?? ["mlp.fc1", "mlp.fc2"]
        add("pos_embed", [1, positions + sizes.grid * sizes.grid, width])
        patches("patch_embed.proj")
        for (index, hidden) in sizes.hidden.enumerated() {
            let block = "blocks.\(index)."
            norm(block + "norm1", width)
            linear(block + "attn.qkv", width, 3 * width)
            linear(block + "attn.proj", width, width)
            if layerScale { add(block + "ls1.gamma", [width]) }
            norm(block + "norm2", width)
            linear(block + mlp[0], width, (gated ? 2 : 1) * hidden)
            linear(block + mlp[1], hidden, width)
            if layerScale { add(block + "ls2.gamma", [width]) }
        }
        norm("norm", width)
    }

    mutating func huggingFaceBody(
        _ prefix: String, positions: Int, norms: [String], mlp: [[String]], scales: [String], rows: Int
    ) {
        let width = sizes.width
        add(prefix + "embeddings.position_embeddings", [1, positions + sizes.grid * sizes.grid, width])
        patches(prefix + "embeddings.patch_embeddings.projection")
        for (index, hidden) in sizes.hidden.enumerated() {
            let block = prefix + "encoder.layer.\(index)."
            norm(block + norms[0], width)
            for part in ["query", "key", "value"] { linear(block + "attention.attention." + part, width, width) }
            linear(block + "attention.output.dense", width, width)
            norm(block + norms[1], width)
            for input in mlp[0] { linear(block + input, width, rows * hidden) }
            linear(block + mlp[1][0], hidden, width)
            for scale in scales { add(block + scale, [width]) }
        }
        norm(prefix + "layernorm", width)
    }

    mutating func openCLIPBlocks(_ prefix: String, _ width: Int, _ hidden: [Int]) {
        for (index, hidden) in hidden.enumerated() {
            let block = prefix + "transformer.resblocks.\(index)."
            norm(block + "ln_1", width)
            add(block + "attn.in_proj_weight", [3 * width, width])
            add(block + "attn.in_proj_bias", [3 * width])
            linear(block + "attn.out_proj", width, width)
            norm(block + "ln_2", width)
            linear(block + "mlp.c_fc", width, hidden)
            linear(block + "mlp.c_proj", hidden, width)
        }
    }

    mutating func clipBlocks(_ prefix: String, _ width: Int, _ hidden: [Int]) {
        for (index, hidden) in hidden.enumerated() {
            let block = prefix + "encoder.layers.\(index)."
            norm(block + "layer_norm1", width)
            for part in ["q_proj", "k_proj", "v_proj", "out_proj"] { linear(block + "self_attn." + part, width, width) }
            norm(block + "layer_norm2", width)
            linear(block + "mlp.fc1", width, hidden)
            linear(block + "mlp.fc2", hidden, width)
        }
    }
}
