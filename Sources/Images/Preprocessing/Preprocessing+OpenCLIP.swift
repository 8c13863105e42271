import Checkpoints

extension Preprocessing {
    /// OpenCLIP's evaluation transform for an `open_clip_config.json`: its `preprocess_cfg`, or its own keys.
    ///
    /// Missing keys take OpenCLIP's defaults: the model's size, bicubic, shorter side, CLIP's mean and deviation.
    /// - Throws: `ImageError.configurationNotAnObject`, `.configurationValue`.
    package static func openCLIP(json: JSON, modelSize: PixelSize) throws -> Preprocessing {
        let file = try Configuration(json)
        let config = try file.object("preprocess_cfg") ?? file
        var size = modelSize
        switch try config.size("size") {
        case nil: break
        case .one(let side): size = PixelSize(height: side, width: side)
        case .both(let both): size = both
        case .shortestEdge: throw config.failure("size", .size)
        }
        let resize: Resize
        switch try config.string("resize_mode") ?? "shortest" {
        case "shortest": resize = size.height == size.width ? .shorterSide(size.height) : .covering(size)
        case "squash": resize = .exact(size)
        default: throw config.failure("resize_mode", .oneOf(["shortest", "squash"]))
        }
        return Preprocessing(
            origin: .openCLIP, channels: .rgb, resize: resize,
            resampling: try config.resampling("interpolation") ?? .bicubic, cropsCentre: true,
            cropRounding: .halfToEven, size: size, rescale: 1.0 / 255,
            mean: try config.numbers("mean", count: 3, positive: false) ?? clipMean,
            std: try config.numbers("std", count: 3, positive: true) ?? clipStd)
    }
}
