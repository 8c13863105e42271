import Checkpoints

/// How pictures are prepared, in the words of a library's configuration.
package struct PreprocessingFields: Sendable {
    package let json: JSON
    /// Whether the library then puts the odd pixel of a centre crop elsewhere.
    package let roundsCropsOtherwise: Bool
}

extension Preprocessing {
    /// The keys of timm's `pretrained_cfg`, or nil where they can't say it.
    package var timmFields: PreprocessingFields? {
        let target = resizedTarget
        var share = Double(size.height) / Double(max(1, target.height))
        // timm rounds the quotient down again.
        if Int(Double(size.height) / share) != target.height {
            share = Double(size.height) / (Double(target.height) + 0.5)
        }
        var json: [String: JSON] = [
            "input_size": numbers([channels.rawValue, size.height, size.width]),
            "interpolation": .string(resampling.name), "crop_pct": .number(share),
            "crop_mode": isExact ? "squash" : "center",
        ]
        (json["mean"], json["std"]) = statistics
        return checked(.object(json)) { try .timm(json: $0, modelSize: size, channels: channels) }
    }

    /// Hugging Face's `preprocessor_config.json`, or nil where it can't say it.
    /// - Parameter cropping: the processor class for pictures of which the centre is taken.
    package func huggingFaceFields(cropping: String) -> PreprocessingFields? {
        let crops = cropsCentre && resize != .exact(size)
        var json: [String: JSON] = [
            "image_processor_type": .string(isExact ? crops ? "DeiTImageProcessor" : "ViTImageProcessor" : cropping),
            "do_resize": .bool(resize != .none), "resample": .number(Double(resampling.rawValue)),
            "do_center_crop": .bool(crops), "do_rescale": true, "rescale_factor": .number(rescale),
            "do_normalize": true, "image_mean": .array(mean.map(JSON.number)),
            "image_std": .array(std.map(JSON.number)), "do_convert_rgb": .bool(channels == .rgb),
        ]
        switch resize {
        case .none: break
        case .shorterSide(let side): json["size"] = .object(["shortest_edge": .number(Double(side))])
        case .exact(let size): json["size"] = sides(size)
        case .covering: return nil
        }
        if crops { json["crop_size"] = sides(size) }
        return checked(.object(json)) { try .huggingFace(json: $0, modelSize: size, channels: channels) }
    }

    /// OpenCLIP's `preprocess_cfg`, or nil where it can't say it.
    package var openCLIPFields: PreprocessingFields? {
        guard channels == .rgb else { return nil }
        var json: [String: JSON] = [
            "size": numbers([size.height, size.width]), "mode": "RGB", "interpolation": .string(resampling.name),
            "resize_mode": isExact ? "squash" : "shortest",
        ]
        (json["mean"], json["std"]) = statistics
        return checked(.object(json)) { try .openCLIP(json: .object(["preprocess_cfg": $0]), modelSize: size) }
    }

    /// Whether both sides are given; pictures that have to come in the right size count as well.
    private var isExact: Bool {
        switch resize {
        case .exact: true
        case .none: !cropsCentre
        case .shorterSide, .covering: false
        }
    }

    /// What the crop is taken from, as far as it is known without a picture.
    private var resizedTarget: PixelSize {
        switch resize {
        case .none: size
        case .shorterSide(let side): PixelSize(height: side, width: side)
        case .exact(let size), .covering(let size): size
        }
    }

    /// Mean and deviation of pixels in 0…1, which other libraries than Hugging Face always have.
    private var statistics: (mean: JSON, std: JSON) {
        let isUsual = abs(rescale * 255 - 1) < 1e-12
        let scale = isUsual ? 1 : rescale * 255
        return (.array(mean.map { .number($0 / scale) }), .array(std.map { .number($0 / scale) }))
    }

    private func numbers(_ values: [Int]) -> JSON { .array(values.map { .number(Double($0)) }) }

    private func sides(_ size: PixelSize) -> JSON {
        .object(["height": .number(Double(size.height)), "width": .number(Double(size.width))])
    }

    /// The fields, if reading them gives these rules again.
    private func checked(_ json: JSON, _ read: (JSON) throws -> Preprocessing) -> PreprocessingFields? {
        guard let found = try? read(json), found.comparable == comparable else { return nil }
        let crops = found.comparable.crops && found.cropRounding != cropRounding
        return PreprocessingFields(json: json, roundsCropsOtherwise: crops && !isExact)
    }

    /// What the values of the pixels depend on, but for the rounding of crops.
    private struct Comparable: Equatable {
        let channels: PixelChannels
        let resize: Resize
        let resampling: Resampling
        let crops: Bool
        let size: PixelSize
        /// Of a pixel of 0 and one of 255 in each channel, in single precision.
        let values: [Float]
    }

    private var comparable: Comparable {
        let known = resize == .none && !cropsCentre ? .exact(size) : resize
        let white = 255 * rescale
        var ends: [Float] = []
        for (mean, std) in zip(mean, std) {
            ends.append(Float(-mean / std))
            ends.append(Float((white - mean) / std))
        }
        return Comparable(
            channels: channels, resize: known, resampling: resampling,
            crops: cropsCentre && known != .exact(size), size: size, values: ends)
    }
}
