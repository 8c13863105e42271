import Checkpoints
import Models
import Tensor

extension TinyModel {
    /// The tower of texts of a tiny CLIP.
    package struct TextSizes: Sendable {
        package var width = 12
        package var heads = 2
        package var hidden = [20, 20]
        /// The longest text, in tokens.
        package var length = 32
        /// The width of the space that images and texts share.
        package var shared = 10

        package init() {}
    }

    /// Hugging Face's `CLIPModel`, with a tokenizer that knows single letters.
    package static func clipWithTokenizer(_ sizes: Sizes = Sizes(), text: TextSizes = TextSizes()) -> TinyModel {
        var model = TinyModel("hf_clip", sizes)
        var random = Numbers(seed: sizes.seed)
        let pieces = letterPieces
        let vision = "vision_model."
        model.add(vision + "embeddings.class_embedding", [sizes.width], &random)
        model.add(
            vision + "embeddings.patch_embedding.weight", [sizes.width, sizes.channels, sizes.patch, sizes.patch],
            &random)
        model.add(
            vision + "embeddings.position_embedding.weight", [1 + sizes.grid * sizes.grid, sizes.width], &random)
        model.addNorm(vision + "pre_layrnorm", width: sizes.width, &random)
        model.addLayers(vision, width: sizes.width, hidden: sizes.hidden, &random)
        model.addNorm(vision + "post_layernorm", width: sizes.width, &random)
        model.add("visual_projection.weight", [text.shared, sizes.width], &random)
        model.add("text_model.embeddings.token_embedding.weight", [pieces.count, text.width], &random)
        model.add("text_model.embeddings.position_embedding.weight", [text.length, text.width], &random)
        model.addLayers("text_model.", width: text.width, hidden: text.hidden, &random)
        model.addNorm("text_model.final_layer_norm", width: text.width, &random)
        model.add("text_projection.weight", [text.shared, text.width], &random)
        model.tensors.append(Weights("logit_scale", [], [2.6592]))
        model.config = [
            "model_type": "clip", "projection_dim": .number(Double(text.shared)),
            "vision_config": [
                "hidden_size": .number(Double(sizes.width)), "num_attention_heads": .number(Double(sizes.heads)),
                "num_hidden_layers": .number(Double(sizes.hidden.count)), "hidden_act": "quick_gelu",
                "image_size": .number(Double(sizes.image)), "patch_size": .number(Double(sizes.patch)),
                "num_channels": .number(Double(sizes.channels)),
            ],
            "text_config": [
                "hidden_size": .number(Double(text.width)), "num_attention_heads": .number(Double(text.heads)),
                "num_hidden_layers": .number(Double(text.hidden.count)), "hidden_act": "quick_gelu",
                "eos_token_id": .number(Double(pieces.count - 1)),
                "max_position_embeddings": .number(Double(text.length)),
                "vocab_size": .number(Double(pieces.count)),
            ],
        ]
        model.tokenizer = letterTokenizer
        return model
    }

    private mutating func addLayers(_ prefix: String, width: Int, hidden: [Int], _ random: inout Numbers) {
        for (index, hidden) in hidden.enumerated() {
            let layer = prefix + "encoder.layers.\(index)."
            addNorm(layer + "layer_norm1", width: width, &random)
            for part in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                addLinear(layer + "self_attn." + part, width, width, &random)
            }
            addNorm(layer + "layer_norm2", width: width, &random)
            addLinear(layer + "mlp.fc1", width, hidden, &random)
            addLinear(layer + "mlp.fc2", hidden, width, &random)
        }
    }

    private mutating func add(_ name: String, _ shape: [Int], _ random: inout Numbers) {
        tensors.append(Weights(name, shape, random.floats(shape.reduce(1, *), scale: 0.5)))
    }

    private mutating func addLinear(_ name: String, _ inputs: Int, _ outputs: Int, _ random: inout Numbers) {
        add(name + ".weight", [outputs, inputs], &random)
        add(name + ".bias", [outputs], &random)
    }

    private mutating func addNorm(_ name: String, width: Int, _ random: inout Numbers) {
        tensors.append(Weights(name + ".weight", [width], random.floats(width, scale: 0.2).map { $0 + 1 }))
        add(name + ".bias", [width], &random)
    }

    // MARK: Letters

    /// Letters, digits and some signs, inside a word and at its end; then the two tokens around a text.
    private static var letterPieces: [String] {
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789.,!'".map { String($0) }
        return letters + letters.map { $0 + "</w>" } + ["<|startoftext|>", "<|endoftext|>"]
    }

    /// A `tokenizer.json` without merges.
    package static var letterTokenizer: JSON {
        let pieces = letterPieces
        let ids = Dictionary(uniqueKeysWithValues: pieces.enumerated().map { ($1, JSON.number(Double($0))) })
        return [
            "added_tokens": .array(
                pieces.suffix(2).map { ["content": .string($0), "id": ids[$0] ?? .null, "special": true] }),
            "normalizer": ["type": "Lowercase"],
            "pre_tokenizer": ["type": "ByteLevel"],
            "post_processor": [
                "type": "RobertaProcessing", "cls": .array([.string(pieces[pieces.count - 2]), 0]),
                "sep": .array([.string(pieces[pieces.count - 1]), 0]),
            ],
            "model": [
                "type": "BPE", "end_of_word_suffix": "</w>", "unk_token": .string(pieces[pieces.count - 1]),
                "vocab": .object(ids), "merges": .array([]),
            ],
        ]
    }
}
