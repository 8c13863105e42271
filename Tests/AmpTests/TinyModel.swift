/// A vision transformer with random weights, in timm's format and small enough to be written by every test run.
struct TinyModel {
    var depth = 3
    var width = 16
    var heads = 2
    var hidden = 24
    var patch = 8
    var imageSize = 16
    var classes = Stage.classes
    var seed: UInt64 = 1

    /// Names and shapes in the order of the file.
    var shapes: [(name: String, shape: [Int])] {
        let tokens = (imageSize / patch) * (imageSize / patch) + 1
        var all: [(String, [Int])] = [
            ("cls_token", [1, 1, width]), ("pos_embed", [1, tokens, width]),
            ("patch_embed.proj.weight", [width, 3, patch, patch]), ("patch_embed.proj.bias", [width]),
        ]
        for block in 0..<depth {
            let parts: [(String, [Int])] = [
                ("norm1.weight", [width]), ("norm1.bias", [width]), ("attn.qkv.weight", [3 * width, width]),
                ("attn.qkv.bias", [3 * width]), ("attn.proj.weight", [width, width]), ("attn.proj.bias", [width]),
                ("norm2.weight", [width]), ("norm2.bias", [width]), ("mlp.fc1.weight", [hidden, width]),
                ("mlp.fc1.bias", [hidden]), ("mlp.fc2.weight", [width, hidden]), ("mlp.fc2.bias", [width]),
            ]
            all += parts.map { ("blocks.\(block).\($0.0)", $0.1) }
        }
        return all + [
            ("norm.weight", [width]), ("norm.bias", [width]), ("head.weight", [classes, width]),
            ("head.bias", [classes]),
        ]
    }

    var weights: SafetensorsBytes {
        var random = Noise(seed: seed)
        var file = SafetensorsBytes()
        for (name, shape) in shapes {
            let count = shape.reduce(1, *)
            let scale = name.contains("norm") ? Float(0.1) : 1.2 / Float(shape.last ?? 1).squareRoot()
            let centre: Float = name.contains("norm") && name.hasSuffix("weight") ? 1 : 0
            file.add(name, shape, (0..<count).map { _ in centre + scale * random.next() })
        }
        return file
    }

    var configuration: String {
        """
        {"architecture": "vit_tiny_patch16_224", "num_classes": \(classes), "num_features": \(width),
         "global_pool": "token",
         "model_args": {"img_size": [\(imageSize), \(imageSize)], "patch_size": \(patch), "embed_dim": \(width),
          "depth": \(depth), "num_heads": \(heads), "mlp_ratio": \(Double(hidden) / Double(width)),
          "num_classes": \(classes), "in_chans": 3, "global_pool": "token"},
         "pretrained_cfg": {"input_size": [3, \(imageSize), \(imageSize)], "interpolation": "bicubic",
          "crop_pct": 0.9, "crop_mode": "center", "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}}
        """
    }

    /// The checkpoint's files.
    var files: [String: [UInt8]] {
        ["model.safetensors": weights.bytes, "config.json": Array(configuration.utf8)]
    }
}
