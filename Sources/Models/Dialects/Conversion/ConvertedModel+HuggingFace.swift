import Checkpoints
import Tensor

extension ConvertedModel {
    /// Hugging Face's `config.json`.
    func huggingFace() throws(ConversionError) -> JSON {
        switch architecture.family {
        case Dialect.huggingFaceDINOv2.family: try huggingFaceDINOv2()
        case Dialect.huggingFaceCLIP.family: huggingFaceCLIP
        default: huggingFaceViT
        }
    }

    private var huggingFaceViT: JSON {
        let isDistilled = image.hasDistillationToken
        var config = encoder(architecture)
        config["model_type"] = isDistilled ? "deit" : "vit"
        config["intermediate_size"] = JSON(hidden)
        config["qkv_bias"] = .bool(hasQueryBias)
        config["dtype"] = .string(type.torchName)
        let name = isDistilled ? "DeiT" : "ViT"
        guard let head = architecture.head else {
            config["architectures"] = .array([.string(name + "Model")])
            return .object(config)
        }
        let labels = head.labels ?? (0..<head.classes).map { "LABEL_\($0)" }
        config["architectures"] = .array([.string(name + "ForImageClassification" + (isDistilled ? "WithTeacher" : ""))]
        )
        config["id2label"] = .object(
            Dictionary(uniqueKeysWithValues: labels.enumerated().map { ("\($0)", JSON.string($1)) }))
        // Of classes of the same name the library means the last.
        config["label2id"] = .object(
            Dictionary(labels.enumerated().map { ($1, JSON($0)) }, uniquingKeysWith: { $1 }))
        return .object(config)
    }

    private func huggingFaceDINOv2() throws(ConversionError) -> JSON {
        let a = architecture
        let hasRegisters = image.registers > 0
        var config = encoder(a)
        config["architectures"] = .array([hasRegisters ? "Dinov2WithRegistersModel" : "Dinov2Model"])
        config["model_type"] = hasRegisters ? "dinov2_with_registers" : "dinov2"
        // The class takes whole numbers only, and makes gates two thirds as wide.
        let ratio = (1...64).first { (a.isGated ? gatedWidth($0 * a.width) : $0 * a.width) == hidden }
        guard let ratio else {
            throw .cannotExpress(.hiddenWidth(hidden, width: a.width, gated: a.isGated), target: a.family)
        }
        config["mlp_ratio"] = JSON(ratio)
        config["use_swiglu_ffn"] = .bool(a.isGated)
        config["qkv_bias"] = .bool(hasQueryBias)
        config["dtype"] = .string(type.torchName)
        config[hasRegisters ? "num_register_tokens" : "use_mask_token"] = hasRegisters ? JSON(image.registers) : true
        return .object(config)
    }

    private var huggingFaceCLIP: JSON {
        var vision = encoder(architecture)
        vision["model_type"] = "clip_vision_model"
        vision["intermediate_size"] = JSON(hidden)
        vision["projection_dim"] = JSON(architecture.projection ?? 0)
        var config: [String: JSON] = [
            "architectures": ["CLIPModel"], "model_type": "clip", "dtype": .string(type.torchName),
            "projection_dim": JSON(architecture.projection ?? 0), "vision_config": .object(vision),
            "logit_scale_init_value": .number(2.6592),
        ]
        if let text, let embedding = text.text {
            var own = encoder(text)
            own["model_type"] = "clip_text_model"
            own["intermediate_size"] = JSON(text.hiddenWidths.max() ?? 0)
            own["projection_dim"] = JSON(text.projection ?? 0)
            own["vocab_size"] = JSON(embedding.vocabulary)
            own["max_position_embeddings"] = JSON(embedding.length)
            // By the id 2 the library means the highest id of a text, as OpenCLIP does.
            own["eos_token_id"] = 2
            config["text_config"] = .object(own)
        }
        return .object(config)
    }

    /// What all encoders say.
    private func encoder(_ a: Architecture) -> [String: JSON] {
        var config: [String: JSON] = [
            "hidden_size": JSON(a.width), "num_hidden_layers": JSON(a.depth), "num_attention_heads": JSON(a.heads),
            "hidden_act": .string(a.activation.huggingFaceName), "layer_norm_eps": JSON(a.normEpsilon),
        ]
        if let image = a.image {
            config["image_size"] = JSON(image.size)
            config["patch_size"] = JSON(image.patch)
            config["num_channels"] = JSON(image.channels)
        }
        return config
    }
}

extension Activation {
    fileprivate var huggingFaceName: String {
        switch self {
        case .gelu: "gelu"
        case .geluTanh: "gelu_pytorch_tanh"
        case .quickGELU: "quick_gelu"
        case .relu: "relu"
        case .silu: "silu"
        }
    }
}

extension ElementType {
    /// What PyTorch calls it; configurations say it of the weights.
    fileprivate var torchName: String {
        switch self {
        case .float16: "float16"
        case .bfloat16: "bfloat16"
        case .float64: "float64"
        default: "float32"
        }
    }
}

extension JSON: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
}
