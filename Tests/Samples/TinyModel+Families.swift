import Checkpoints
import Models

extension TinyModel {
    /// One model of each family and of the variants that take another way through the code.
    package static func variants(_ sizes: Sizes = Sizes()) -> [TinyModel] {
        [
            timm(sizes), timm(sizes, pooling: .meanOfNormalised), timm(sizes, pooling: .normalisedMean),
            timm(sizes, layerScale: true, registers: 2), hfViT(sizes), dinov2(sizes),
        ]
    }

    /// timm's `VisionTransformer`.
    package static func timm(
        _ sizes: Sizes = Sizes(), pooling: Readout = .classToken, layerScale: Bool = false, registers: Int = 0
    ) -> TinyModel {
        var model = TinyModel(
            "timm_vit, \(pooling.rawValue)\(layerScale ? ", layer scale" : "")\(registers > 0 ? ", registers" : "")",
            sizes)
        var random = Numbers(seed: sizes.seed)
        let width = sizes.width
        let hasClassToken = pooling == .classToken
        let prefix = (hasClassToken ? 1 : 0) + registers
        if hasClassToken { model.add("cls_token", [1, 1, width], &random) }
        if registers > 0 { model.add("reg_token", [1, registers, width], &random) }
        model.add("pos_embed", [1, prefix + sizes.grid * sizes.grid, width], &random)
        model.addPatches("patch_embed.proj", &random)
        for (index, hidden) in sizes.hidden.enumerated() {
            let block = "blocks.\(index)."
            model.addNorm(block + "norm1", &random)
            model.addLinear(block + "attn.qkv", width, 3 * width, &random)
            model.addLinear(block + "attn.proj", width, width, &random)
            if layerScale { model.add(block + "ls1.gamma", [width], &random) }
            model.addNorm(block + "norm2", &random)
            model.addLinear(block + "mlp.fc1", width, hidden, &random)
            model.addLinear(block + "mlp.fc2", hidden, width, &random)
            if layerScale { model.add(block + "ls2.gamma", [width], &random) }
        }
        model.addNorm(pooling == .normalisedMean ? "fc_norm" : "norm", &random)
        if let classes = sizes.classes { model.addLinear("head", width, classes, &random) }
        model.config = [
            "architecture": "vit_tiny", "num_classes": .number(Double(sizes.classes ?? 0)),
            "num_features": .number(Double(width)), "global_pool": .string(pooling == .classToken ? "token" : "avg"),
            "model_args": [
                "img_size": .number(Double(sizes.image)), "patch_size": .number(Double(sizes.patch)),
                "in_chans": .number(Double(sizes.channels)), "embed_dim": .number(Double(width)),
                "depth": .number(Double(sizes.hidden.count)), "num_heads": .number(Double(sizes.heads)),
            ],
        ]
        return model
    }

    /// Hugging Face's `ViTForImageClassification`.
    package static func hfViT(_ sizes: Sizes = Sizes()) -> TinyModel {
        var model = TinyModel("hf_vit", sizes)
        var random = Numbers(seed: sizes.seed)
        model.addHuggingFace(
            "vit.", norms: ["layernorm_before", "layernorm_after"], mlp: ["intermediate.dense", "output.dense"],
            scales: [], &random)
        if let classes = sizes.classes { model.addLinear("classifier", sizes.width, classes, &random) }
        if Set(sizes.hidden).count == 1 { model.config?["intermediate_size"] = .number(Double(sizes.hidden[0])) }
        return model
    }

    /// Hugging Face's `Dinov2ForImageClassification`, whose classifier sees the class token and the patches' mean.
    package static func dinov2(_ sizes: Sizes = Sizes()) -> TinyModel {
        var model = TinyModel("hf_dinov2", sizes)
        var random = Numbers(seed: sizes.seed)
        model.addHuggingFace(
            "dinov2.", norms: ["norm1", "norm2"], mlp: ["mlp.fc1", "mlp.fc2"],
            scales: ["layer_scale1.lambda1", "layer_scale2.lambda1"], &random)
        model.add("dinov2.embeddings.mask_token", [1, sizes.width], &random)
        if let classes = sizes.classes { model.addLinear("classifier", 2 * sizes.width, classes, &random) }
        if Set(sizes.hidden).count == 1 {
            model.config?["mlp_ratio"] = .number(Double(sizes.hidden[0]) / Double(sizes.width))
        }
        return model
    }

    private mutating func addHuggingFace(
        _ prefix: String, norms: [String], mlp: [String], scales: [String], _ random: inout Numbers
    ) {
        let width = sizes.width
        add(prefix + "embeddings.cls_token", [1, 1, width], &random)
        add(prefix + "embeddings.position_embeddings", [1, 1 + sizes.grid * sizes.grid, width], &random)
        addPatches(prefix + "embeddings.patch_embeddings.projection", &random)
        for (index, hidden) in sizes.hidden.enumerated() {
            let block = prefix + "encoder.layer.\(index)."
            addNorm(block + norms[0], &random)
            for part in ["query", "key", "value"] {
                addLinear(block + "attention.attention." + part, width, width, &random)
            }
            addLinear(block + "attention.output.dense", width, width, &random)
            addNorm(block + norms[1], &random)
            addLinear(block + mlp[0], width, hidden, &random)
            addLinear(block + mlp[1], hidden, width, &random)
            for scale in scales { add(block + scale, [width], &random) }
        }
        addNorm(prefix + "layernorm", &random)
        config = [
            "hidden_size": .number(Double(width)), "num_attention_heads": .number(Double(sizes.heads)),
            "num_hidden_layers": .number(Double(sizes.hidden.count)), "image_size": .number(Double(sizes.image)),
            "patch_size": .number(Double(sizes.patch)), "num_channels": .number(Double(sizes.channels)),
            "hidden_act": "gelu",
        ]
    }

    // MARK: Parts

    mutating func add(_ name: String, _ shape: [Int], _ random: inout Numbers) {
        tensors.append(Weights(name, shape, random.floats(shape.reduce(1, *), scale: 0.5)))
    }

    mutating func addLinear(_ name: String, _ inputs: Int, _ outputs: Int, _ random: inout Numbers) {
        add(name + ".weight", [outputs, inputs], &random)
        add(name + ".bias", [outputs], &random)
    }

    mutating func addNorm(_ name: String, _ random: inout Numbers) {
        tensors.append(Weights(name + ".weight", [sizes.width], random.floats(sizes.width, scale: 0.2).map { $0 + 1 }))
        add(name + ".bias", [sizes.width], &random)
    }

    mutating func addPatches(_ name: String, _ random: inout Numbers) {
        add(name + ".weight", [sizes.width, sizes.channels, sizes.patch, sizes.patch], &random)
        add(name + ".bias", [sizes.width], &random)
    }
}

extension JSON: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}
