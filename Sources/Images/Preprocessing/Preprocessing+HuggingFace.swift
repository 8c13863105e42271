import Checkpoints

extension Preprocessing {
    /// The rules of a Hugging Face `preprocessor_config.json`, as its PIL image processors carry them out.
    ///
    /// Keys that are missing take the defaults of the processor class the file names; a class that is not known is read as
    /// `ViTImageProcessor`. DINOv3's processor rescales before it resizes floats: done here on 8-bit pixels, the result
    /// differs by rounding only.
    ///
    /// - Parameters:
    ///   - json: the file's content
    ///   - modelSize: the model's input size, expected of the result when neither crop nor exact resize fix one
    ///   - channels: the model's input channels
    /// - Throws: `ImageError.configurationNotAnObject`, `.configurationValue`.
    package static func huggingFace(
        json: JSON, modelSize: PixelSize, channels: PixelChannels
    ) throws -> Preprocessing {
        let file = try Configuration(json)
        let named = try file.string("image_processor_type") ?? file.string("feature_extractor_type")
        let processor = HuggingFaceProcessor(named: named ?? "ViTImageProcessor")
        let kind = processor.kind

        var resize = Resize.none
        if try file.boolean("do_resize") ?? true {
            resize = try Self.resize(file.size("size") ?? kind.size, intIsSquare: kind.intIsSquare)
        }
        let cropsCentre = try file.boolean("do_center_crop") ?? kind.cropsCentre
        var size = modelSize
        if cropsCentre {
            size = try cropSize(file)
        } else if case .exact(let exact) = resize {
            size = exact
        }
        let rescale = try file.boolean("do_rescale") ?? true ? file.positiveNumber("rescale_factor") ?? 1.0 / 255 : 1
        let count = channels.rawValue
        let normalises = try file.boolean("do_normalize") ?? true
        let mean = try file.numbers("image_mean", count: count, positive: false) ?? Array(kind.mean.prefix(count))
        let std = try file.numbers("image_std", count: count, positive: true) ?? Array(kind.std.prefix(count))
        return Preprocessing(
            origin: .huggingFace(processor: processor.name), channels: channels, resize: resize,
            resampling: try file.resampling("resample") ?? kind.resampling, cropsCentre: cropsCentre,
            cropRounding: .down, size: size, rescale: rescale,
            mean: normalises ? mean : Array(repeating: 0, count: count),
            std: normalises ? std : Array(repeating: 1, count: count))
    }

    private static func resize(_ size: Configuration.Size, intIsSquare: Bool) -> Resize {
        switch size {
        case .both(let size): .exact(size)
        case .shortestEdge(let side): .shorterSide(side)
        case .one(let side):
            intIsSquare ? .exact(PixelSize(height: side, width: side)) : .shorterSide(side)
        }
    }

    private static func cropSize(_ file: Configuration) throws -> PixelSize {
        switch try file.size("crop_size") {
        case nil: return PixelSize(height: 224, width: 224)
        case .one(let side): return PixelSize(height: side, width: side)
        case .both(let size): return size
        case .shortestEdge: throw file.failure("crop_size", .size)
        }
    }
}

/// The processor class a configuration names.
private struct HuggingFaceProcessor {
    let name: String
    let kind: Kind

    init(named name: String) {
        self.name = name
        var stem = name
        for suffix in ["Fast", "Pil"] where stem.hasSuffix(suffix) { stem.removeLast(suffix.count) }
        for suffix in ["ImageProcessor", "FeatureExtractor"] where stem.hasSuffix(suffix) {
            stem.removeLast(suffix.count)
        }
        kind = Kind(rawValue: stem) ?? .vit
    }

    /// The classes used with vision transformers; what they take when the file leaves a key out.
    enum Kind: String {
        case vit = "ViT"
        case deit = "DeiT"
        case beit = "Beit"
        case clip = "CLIP"
        case bit = "Bit"
        case siglip = "Siglip"
        case dinov3 = "DINOv3ViT"

        var resampling: Resampling { self == .vit || self == .dinov3 ? .bilinear : .bicubic }
        var cropsCentre: Bool { self == .deit || self == .clip || self == .bit }
        /// Old configurations write one number, which some classes take for both sides and some for the shorter one.
        var intIsSquare: Bool { self != .clip && self != .bit && self != .siglip }

        var size: Configuration.Size {
            switch self {
            case .deit: .both(PixelSize(height: 256, width: 256))
            case .clip, .bit: .shortestEdge(224)
            case .vit, .beit, .siglip, .dinov3: .both(PixelSize(height: 224, width: 224))
            }
        }

        var mean: [Double] {
            switch self {
            case .clip, .bit: Preprocessing.clipMean
            case .dinov3: Preprocessing.imageNetMean
            case .vit, .deit, .beit, .siglip: Preprocessing.halfMean
            }
        }

        var std: [Double] {
            switch self {
            case .clip, .bit: Preprocessing.clipStd
            case .dinov3: Preprocessing.imageNetStd
            case .vit, .deit, .beit, .siglip: Preprocessing.halfStd
            }
        }
    }
}
