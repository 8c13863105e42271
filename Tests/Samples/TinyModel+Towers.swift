import Checkpoints
import Models

/// Models whose files hold a tower of texts beside that of images.
extension TinyModel {
    package enum EVAVariant: String, Sendable {
        /// EVA-02: a gate, norms inside the branches, rotary positions.
        case gated
        /// EVA-01 and EVA-02-E.
        case normsOnBranches = "norms on branches"
        /// EVA-CLIP-8B.
        case rootMeanSquare = "RMS norms"
    }

    /// Hugging Face's `CLIPModel`.
    package static func clip(_ sizes: Sizes = Sizes()) -> TinyModel {
        var parts = clipParts("vision_model.")
        parts.tokens = [("embeddings.class_embedding", 1)]
        parts.input = .images(patches: "embeddings.patch_embedding", isBiased: false)
        parts.embeddingNorm = "pre_layrnorm"
        parts.finalNorm = "post_layernorm"
        parts.heads = []
        parts.beside = [
            ("visual_projection.weight", [shared, sizes.width]), ("text_projection.weight", [shared, sizes.width]),
            ("logit_scale", []),
        ]
        var text = clipParts("text_model.")
        text.input = .texts(words: "embeddings.token_embedding.weight")
        text.finalNorm = "final_layer_norm"
        var config = huggingFace(sizes)
        config["hidden_act"] = "quick_gelu"
        return TinyModel(
            "hf_clip, with texts", sizes, parts, config: ["vision_config": config, "text_config": config]
        ).adding(text)
    }

    /// Hugging Face's `SiglipModel`.
    package static func siglip(_ sizes: Sizes = Sizes()) -> TinyModel {
        var parts = clipParts("vision_model.")
        parts.input = .images(patches: "embeddings.patch_embedding")
        parts.finalNorm = "post_layernorm"
        parts.pool = Parts.Pool(
            query: "head.probe",
            attention: .init(
                weights: [("head.attention.in_proj_weight", 3)], biases: [("head.attention.in_proj_bias", 3)]),
            output: "head.attention.out_proj", norm: "head.layernorm", mlp: ("head.mlp.fc1", "head.mlp.fc2"))
        parts.heads = []
        parts.beside = [
            ("logit_scale", [1]), ("logit_bias", [1]),
            ("text_model.encoder.layers.0.layer_norm1.weight", [sizes.width]),
        ]
        var config = huggingFace(sizes)
        config["hidden_act"] = "gelu_pytorch_tanh"
        return TinyModel("hf_siglip", sizes, parts, config: ["vision_config": config])
    }

    /// OpenCLIP's `CLIP` with transformers of its own.
    package static func openCLIP(_ sizes: Sizes = Sizes()) -> TinyModel {
        var parts = openCLIPParts("visual.")
        parts.tokens = [("class_embedding", 1)]
        parts.input = .images(patches: "conv1", isBiased: false)
        parts.embeddingNorm = "ln_pre"
        parts.finalNorm = "ln_post"
        parts.scales = ["ls_1.gamma", "ls_2.gamma"]
        parts.beside = [
            ("visual.proj", [sizes.width, shared]), ("text_projection", [sizes.width, shared]), ("logit_scale", []),
        ]
        let config: JSON = [
            "vision_cfg": [
                "image_size": number(sizes.image), "layers": number(sizes.hidden.count), "width": number(sizes.width),
                "head_width": number(sizes.width / sizes.heads), "patch_size": number(sizes.patch),
            ],
            "text_cfg": openCLIPTexts(sizes),
        ]
        return TinyModel("open_clip, with texts", sizes, parts, config: config).adding(openCLIPText(""))
    }

    /// EVA-CLIP's models.
    package static func evaCLIP(_ sizes: Sizes = Sizes(), _ variant: EVAVariant) -> TinyModel {
        var parts = Parts(prefix: "visual.")
        parts.heads = []
        parts.beside = [
            ("visual.head.weight", [shared, sizes.width]), ("text.text_projection", [sizes.width, shared]),
            ("logit_scale", []),
        ]
        var vision: [String: JSON] = [
            "image_size": number(sizes.image), "layers": number(sizes.hidden.count), "width": number(sizes.width),
            "head_width": number(sizes.width / sizes.heads), "patch_size": number(sizes.patch),
        ]
        let biases = [("attn.q_bias", 1), ("attn.v_bias", 1)]
        switch variant {
        case .gated:
            let weights = ["attn.q_proj.weight", "attn.k_proj.weight", "attn.v_proj.weight"]
            parts.attention = .init(weights: weights.map { ($0, 1) }, biases: biases)
            parts.answerNorm = "attn.inner_attn_ln"
            parts.mlp = .init("mlp.w1", "mlp.w2")
            parts.hiddenNorm = "mlp.ffn_ln"
            parts.mlpOutput = "mlp.w3"
            let tables = ["visual.rope.freqs_cos", "visual.rope.freqs_sin", "visual.blocks.0.attn.rope.freqs_cos"]
            parts.beside += tables.map { ($0, [sizes.grid * sizes.grid, sizes.width / sizes.heads]) }
            vision["rope"] = true
        case .normsOnBranches:
            parts.attention = .init(weights: [("attn.qkv.weight", 3)], biases: biases)
            vision["postnorm"] = true
        case .rootMeanSquare:
            parts.attention = .init(weights: [("attn.qkv.weight", 3)], biases: [])
            parts.normTensors = ["weight"]
            vision["use_rms_norm"] = true
        }
        return TinyModel(
            "eva_clip, \(variant.rawValue)", sizes, parts,
            config: ["vision_cfg": .object(vision), "text_cfg": openCLIPTexts(sizes)]
        ).adding(openCLIPText("text."))
    }

    // MARK: Texts

    /// With the tensors of a tower of texts after its own.
    private func adding(_ text: Parts) -> TinyModel {
        with { model in
            var random = Numbers(seed: sizes.seed + 1000)
            model.add(text, &random)
        }
    }

    private static func clipParts(_ prefix: String) -> Parts {
        var parts = Parts(prefix: prefix)
        parts.tokens = []
        parts.positions = "embeddings.position_embedding.weight"
        parts.isBatched = false
        parts.block = { "encoder.layers.\($0)." }
        parts.norms = ("layer_norm1", "layer_norm2")
        parts.attention = .init("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")
        parts.attentionOutput = "self_attn.out_proj"
        parts.heads = []
        return parts
    }

    private static func openCLIPParts(_ prefix: String) -> Parts {
        var parts = Parts(prefix: prefix)
        parts.tokens = []
        parts.positions = "positional_embedding"
        parts.isBatched = false
        parts.block = { "transformer.resblocks.\($0)." }
        parts.norms = ("ln_1", "ln_2")
        parts.attention = .init(weights: [("attn.in_proj_weight", 3)], biases: [("attn.in_proj_bias", 3)])
        parts.attentionOutput = "attn.out_proj"
        parts.mlp = .init("mlp.c_fc")
        parts.mlpOutput = "mlp.c_proj"
        parts.heads = []
        return parts
    }

    private static func openCLIPText(_ prefix: String) -> Parts {
        var parts = openCLIPParts(prefix)
        parts.input = .texts(words: "token_embedding.weight")
        parts.finalNorm = "ln_final"
        return parts
    }

    private static func openCLIPTexts(_ sizes: Sizes) -> JSON {
        ["width": number(sizes.width), "heads": number(sizes.heads), "layers": number(sizes.hidden.count)]
    }
}
