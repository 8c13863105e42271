import Checkpoints

extension ConvertedModel {
    /// OpenCLIP's `open_clip_config.json`.
    var openCLIP: JSON {
        let a = architecture
        var vision: [String: JSON] = [
            "image_size": JSON(image.size), "patch_size": JSON(image.patch.height), "layers": JSON(a.depth),
            "width": JSON(a.width), "head_width": JSON(a.headWidth), "mlp_ratio": Self.ratio(hidden, of: a.width),
        ]
        vision["norm_kwargs"] = Self.norm(a)
        var model: [String: JSON] = ["embed_dim": JSON(a.projection ?? 0), "vision_cfg": .object(vision)]
        if a.activation == .quickGELU { model["quick_gelu"] = true }
        if let text, let embedding = text.text {
            var own: [String: JSON] = [
                "context_length": JSON(embedding.length), "vocab_size": JSON(embedding.vocabulary),
                "width": JSON(text.width), "heads": JSON(text.heads), "layers": JSON(text.depth),
                "mlp_ratio": Self.ratio(text.hiddenWidths.max() ?? 0, of: text.width),
            ]
            own["norm_kwargs"] = Self.norm(text)
            model["text_cfg"] = .object(own)
        }
        return .object(["model_cfg": .object(model), "preprocess_cfg": .object([:])])
    }

    /// Another epsilon than the library's own.
    private static func norm(_ a: Architecture) -> JSON? {
        a.normEpsilon == 1e-5 ? nil : .object(["eps": JSON(a.normEpsilon)])
    }
}
