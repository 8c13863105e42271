import Checkpoints
import Foundation

/// The files of a model that has learnt nothing yet, in the form of timm's hub.
package struct FreshFiles {
    /// The content of `model.safetensors`.
    package let tensors: [TensorSource]
    /// The content of `config.json`.
    package let config: JSON

    /// What is written for each file, by its name.
    package var bodies: [(name: String, body: (StagedFile) throws -> Void)] {
        [
            (
                Checkpoint.weightsName,
                { file in try SafetensorsWriter.write(tensors, metadata: ["format": "pt"], to: file) }
            ),
            (Checkpoint.configName, { file in try file.write(config.encoded(pretty: true) + Data("\n".utf8)) }),
        ]
    }
}

extension FreshViT {
    /// The model's files.
    ///
    /// - Parameters:
    ///   - seed: equal seeds give equal weights
    ///   - mean, deviation: of pixel values in 0...1, one a channel, which images are normalised by
    ///   - labels: the names of the classes, in order
    /// - Throws: `CreationError.statistics`, `.labels`.
    package func files(
        seed: UInt64, mean: [Double], deviation: [Double], labels: [String]? = nil
    ) throws(CreationError) -> FreshFiles {
        let isSound =
            mean.count == channels && deviation.count == channels && mean.allSatisfy { Float($0).isFinite }
            && deviation.allSatisfy { Float($0).isFinite && Float($0) > 0 }
        guard isSound else { throw .statistics(mean: mean, deviation: deviation, channels: channels) }
        if let labels, labels.count != classes { throw .labels(found: labels.count, classes: classes) }
        return FreshFiles(
            tensors: tensors.map { $0.source(seed: seed) },
            config: config(mean: mean, deviation: deviation, labels: labels))
    }

    /// timm's `config.json`: an architecture that timm knows, with all its arguments by value.
    private func config(mean: [Double], deviation: [Double], labels: [String]?) -> JSON {
        var arguments: [String: JSON] = [
            "img_size": .sides(image), "patch_size": JSON(patch), "in_chans": JSON(channels), "embed_dim": JSON(width),
            "depth": JSON(depth), "num_heads": JSON(heads), "mlp_ratio": ConvertedModel.ratio(hidden, of: width),
            "class_token": true, "global_pool": "token", "num_classes": JSON(classes),
        ]
        if let layerScale { arguments["init_values"] = JSON(layerScale) }
        if registers > 0 { arguments["reg_tokens"] = JSON(registers) }
        var pretrained: [String: JSON] = [
            "input_size": .array([JSON(channels), JSON(image.height), JSON(image.width)]), "fixed_input_size": true,
            "interpolation": "bicubic", "crop_pct": 1, "crop_mode": "center",
            "mean": .array(mean.map(JSON.number)), "std": .array(deviation.map(JSON.number)),
            "num_classes": JSON(classes), "pool_size": .null, "first_conv": "patch_embed.proj", "classifier": "head",
        ]
        if let labels { pretrained["label_names"] = .array(labels.map(JSON.string)) }
        return .object([
            "architecture": .string(architecture), "num_classes": JSON(classes), "num_features": JSON(width),
            "global_pool": "token", "model_args": .object(arguments), "pretrained_cfg": .object(pretrained),
        ])
    }

    /// The name under which timm builds the class, which has no name for any sizes: the usual one of that width.
    private var architecture: String {
        let names = [192: "tiny", 384: "small", 1024: "large"]
        return "vit_\(names[width] ?? "base")_patch16_224"
    }
}
