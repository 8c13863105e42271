import Checkpoints
import Models

extension TinyModel {
    /// One model of each family and of the variants that take another way through the code.
    package static func variants(_ sizes: Sizes = Sizes()) -> [TinyModel] {
        [
            timm(sizes), timm(sizes, pooling: .meanOfNormalised), timm(sizes, pooling: .normalisedMean),
            timm(sizes, pooling: .attentionPool), timm(sizes, layerScale: true, registers: 2),
            timm(sizes, [.distilled]), timm(sizes, [.headNorms, .packedGate]),
            timmEVA(sizes), timmEVA(sizes, .normsOnBranches), timmDINOv3(sizes),
            hfViT(sizes), hfDeiT(sizes), dinov2(sizes), dinov2(sizes, registers: 2, isGated: true),
            dinov3(sizes, isGated: true), officialDINOv2(sizes),
            clip(sizes), siglip(sizes), openCLIP(sizes),
            evaCLIP(sizes, .gated), evaCLIP(sizes, .normsOnBranches), evaCLIP(sizes, .rootMeanSquare),
            bert(sizes), bert(sizes, hasOldNames: true),
        ]
    }

    // MARK: timm

    package enum TimmVariant: String, Sendable {
        case distilled, headNorms = "norms of heads", packedGate = "packed gate"
    }

    /// timm's `VisionTransformer` and `VisionTransformerDistilled`.
    package static func timm(
        _ sizes: Sizes = Sizes(), pooling: Readout = .classToken, layerScale: Bool = false, registers: Int = 0,
        _ variants: Set<TimmVariant> = []
    ) -> TinyModel {
        var parts = Parts()
        parts.tokens = pooling == .classToken ? [("cls_token", 1)] : []
        if variants.contains(.distilled) {
            parts.tokens.append(("dist_token", 1))
            parts.heads.append(("head_dist", 1))
        }
        if registers > 0 { parts.tokens.append(("reg_token", registers)) }
        if layerScale { parts.scales = ["ls1.gamma", "ls2.gamma"] }
        if variants.contains(.headNorms) { parts.headNorms = ["attn.q_norm", "attn.k_norm"] }
        if variants.contains(.packedGate) { parts.mlp = .init("mlp.fc1", shares: 2) }
        if pooling == .normalisedMean { parts.finalNorm = "fc_norm" }
        if pooling == .attentionPool {
            parts.pool = Parts.Pool(
                query: "attn_pool.latent",
                attention: .init(
                    weights: [("attn_pool.q.weight", 1), ("attn_pool.kv.weight", 2)],
                    biases: [("attn_pool.q.bias", 1), ("attn_pool.kv.bias", 2)]),
                output: "attn_pool.proj", norm: "attn_pool.norm", mlp: ("attn_pool.mlp.fc1", "attn_pool.mlp.fc2"))
        }
        let names = variants.map(\.rawValue).sorted().map { ", " + $0 }.joined()
        return TinyModel(
            "timm_vit, \(pooling.rawValue)\(layerScale ? ", layer scale" : "")\(registers > 0 ? ", registers" : "")"
                + names, sizes, parts,
            config: timmConfiguration(
                "vit_tiny", sizes,
                pooling: pooling == .classToken ? "token" : pooling == .attentionPool ? "map" : "avg"))
    }

    /// timm's `Eva` with learned positions: EVA-02 with everything, or EVA-02-E.
    package static func timmEVA(_ sizes: Sizes = Sizes(), _ variant: EVAVariant = .gated) -> TinyModel {
        var parts = Parts()
        if variant == .gated {
            parts.attention = .init("attn.q_proj", "attn.k_proj", "attn.v_proj", without: ["attn.k_proj"])
            parts.answerNorm = "attn.norm"
            parts.mlp = .init("mlp.fc1_g", "mlp.fc1_x")
            parts.hiddenNorm = "mlp.norm"
        } else {
            parts.attention = .init(
                weights: [("attn.qkv.weight", 3)], biases: [("attn.q_bias", 1), ("attn.v_bias", 1)])
        }
        let name = variant == .gated ? "eva02_tiny" : "eva02_enormous_tiny"
        return TinyModel(
            "timm_eva, \(variant.rawValue)", sizes, parts, config: timmConfiguration(name, sizes, pooling: "token"))
    }

    /// timm's `Eva` without learned positions: DINOv3.
    package static func timmDINOv3(_ sizes: Sizes = Sizes()) -> TinyModel {
        var parts = Parts()
        parts.positions = nil
        parts.tokens.append(("reg_token", 2))
        parts.attention = .init("attn.qkv", shares: 3, without: ["attn.qkv"])
        parts.scales = ["gamma_1", "gamma_2"]
        return TinyModel(
            "timm_rotary, DINOv3", sizes, parts,
            config: timmConfiguration("vit_tiny_dinov3", sizes, pooling: "avg"))
    }

    private static func timmConfiguration(_ name: String, _ sizes: Sizes, pooling: String) -> JSON {
        [
            "architecture": .string(name), "num_classes": number(sizes.classes ?? 0),
            "num_features": number(sizes.width), "global_pool": .string(pooling),
            "model_args": [
                "img_size": number(sizes.image), "patch_size": number(sizes.patch),
                "in_chans": number(sizes.channels), "embed_dim": number(sizes.width),
                "depth": number(sizes.hidden.count), "num_heads": number(sizes.heads),
            ],
        ]
    }

    // MARK: Hugging Face

    /// Hugging Face's `ViTForImageClassification`.
    package static func hfViT(_ sizes: Sizes = Sizes()) -> TinyModel {
        TinyModel("hf_vit", sizes, huggingFaceViT("vit."), config: huggingFace(sizes))
    }

    /// Hugging Face's `DeiTForImageClassificationWithTeacher`.
    package static func hfDeiT(_ sizes: Sizes = Sizes()) -> TinyModel {
        var parts = huggingFaceViT("deit.")
        parts.tokens.append(("embeddings.distillation_token", 1))
        parts.heads = [("cls_classifier", 1), ("distillation_classifier", 1)]
        return TinyModel("hf_deit", sizes, parts, config: huggingFace(sizes))
    }

    /// Hugging Face's `Dinov2ForImageClassification`, whose classifier sees the class token and the patches' mean, and
    /// its variant with registers.
    package static func dinov2(_ sizes: Sizes = Sizes(), registers: Int = 0, isGated: Bool = false) -> TinyModel {
        let prefix = registers > 0 ? "dinov2_with_registers." : "dinov2."
        var parts = huggingFaceViT(prefix)
        parts.norms = ("norm1", "norm2")
        parts.scales = ["layer_scale1.lambda1", "layer_scale2.lambda1"]
        parts.mlp = isGated ? .init("mlp.weights_in", shares: 2) : .init("mlp.fc1")
        parts.mlpOutput = isGated ? "mlp.weights_out" : "mlp.fc2"
        parts.heads = [("classifier", 2)]
        parts.beside = [(prefix + "embeddings.mask_token", [1, sizes.width])]
        if registers > 0 {
            parts.tokens.append(("embeddings.register_tokens", registers))
            parts.positionsInFront = 1
        }
        var config = huggingFace(sizes)
        config["intermediate_size"] = nil
        if Set(sizes.hidden).count == 1, !isGated {
            config["mlp_ratio"] = .number(Double(sizes.hidden[0]) / Double(sizes.width))
        }
        return TinyModel(
            "hf_dinov2\(registers > 0 ? ", registers" : "")\(isGated ? ", packed gate" : "")", sizes, parts,
            config: config)
    }

    /// Hugging Face's `DINOv3ViTModel`.
    package static func dinov3(_ sizes: Sizes = Sizes(), isGated: Bool = false) -> TinyModel {
        var parts = Parts()
        parts.tokens = [("embeddings.cls_token", 1), ("embeddings.register_tokens", 2)]
        parts.input = .images(patches: "embeddings.patch_embeddings")
        parts.positions = nil
        parts.block = { "layer.\($0)." }
        parts.attention = .init(
            "attention.q_proj", "attention.k_proj", "attention.v_proj", without: ["attention.k_proj"])
        parts.attentionOutput = "attention.o_proj"
        parts.mlp = isGated ? .init("mlp.gate_proj", "mlp.up_proj") : .init("mlp.up_proj")
        parts.mlpOutput = "mlp.down_proj"
        parts.scales = ["layer_scale1.lambda1", "layer_scale2.lambda1"]
        parts.heads = []
        parts.beside = [("embeddings.mask_token", [1, 1, sizes.width])]
        var config = huggingFace(sizes)
        config["hidden_act"] = isGated ? "silu" : "gelu"
        return TinyModel("hf_dinov3\(isGated ? ", gate" : "")", sizes, parts, config: config)
    }

    /// Hugging Face's `BertModel`, in today's names or with gamma and beta.
    package static func bert(_ sizes: Sizes = Sizes(), hasOldNames: Bool = false) -> TinyModel {
        var parts = huggingFaceViT("bert.")
        parts.input = .texts(
            words: "embeddings.word_embeddings.weight", segments: "embeddings.token_type_embeddings.weight")
        parts.tokens = []
        parts.positions = "embeddings.position_embeddings.weight"
        parts.isBatched = false
        parts.embeddingNorm = "embeddings.LayerNorm"
        parts.norms = ("attention.output.LayerNorm", "output.LayerNorm")
        parts.attention = .init("attention.self.query", "attention.self.key", "attention.self.value")
        parts.finalNorm = nil
        parts.heads = []
        parts.beside = [
            ("bert.pooler.dense.weight", [sizes.width, sizes.width]), ("cls.predictions.bias", [vocabulary]),
        ]
        if hasOldNames { parts.normTensors = ["gamma", "beta"] }
        var config = huggingFace(sizes)
        for key in ["image_size", "patch_size", "num_channels"] { config[key] = nil }
        return TinyModel("hf_bert\(hasOldNames ? ", gamma and beta" : "")", sizes, parts, config: config)
    }

    private static func huggingFaceViT(_ prefix: String) -> Parts {
        var parts = Parts(prefix: prefix)
        parts.input = .images(patches: "embeddings.patch_embeddings.projection")
        parts.tokens = [("embeddings.cls_token", 1)]
        parts.positions = "embeddings.position_embeddings"
        parts.block = { "encoder.layer.\($0)." }
        parts.norms = ("layernorm_before", "layernorm_after")
        parts.attention = .init(
            "attention.attention.query", "attention.attention.key", "attention.attention.value")
        parts.attentionOutput = "attention.output.dense"
        parts.mlp = .init("intermediate.dense")
        parts.mlpOutput = "output.dense"
        parts.finalNorm = "layernorm"
        parts.heads = [("classifier", 1)]
        return parts
    }

    static func huggingFace(_ sizes: Sizes) -> JSON {
        var config: JSON = [
            "hidden_size": number(sizes.width), "num_attention_heads": number(sizes.heads),
            "num_hidden_layers": number(sizes.hidden.count), "image_size": number(sizes.image),
            "patch_size": number(sizes.patch), "num_channels": number(sizes.channels), "hidden_act": "gelu",
        ]
        if Set(sizes.hidden).count == 1 { config["intermediate_size"] = number(sizes.hidden[0]) }
        return config
    }

    // MARK: Others

    /// DINOv2 as its authors publish it: registers, a packed gate, and blocks in groups as in training.
    package static func officialDINOv2(_ sizes: Sizes = Sizes()) -> TinyModel {
        var parts = Parts()
        parts.tokens.append(("register_tokens", 2))
        parts.positionsInFront = 1
        parts.block = { "blocks.\($0 / 2).\($0)." }
        parts.mlp = .init("mlp.w12", shares: 2)
        parts.mlpOutput = "mlp.w3"
        parts.scales = ["ls1.gamma", "ls2.gamma"]
        parts.heads = []
        parts.beside = [("mask_token", [1, sizes.width])]
        return TinyModel(
            "dinov2, blocks in groups", sizes, parts,
            config: ["kwargs": ["num_heads": number(sizes.heads), "img_size": number(sizes.image)]])
    }

    static func number(_ value: Int) -> JSON { .number(Double(value)) }
}
