import Checkpoints

extension Preprocessing {
    /// timm's evaluation transform for a `config.json`: its `pretrained_cfg`, or its own keys when it has none.
    ///
    /// Missing keys take timm's defaults: bicubic, `crop_pct` 0.875, `crop_mode` center, ImageNet's mean and deviation.
    ///
    /// - Parameters:
    ///   - json: the file's content
    ///   - modelSize, channels: the model's input, taken when `input_size` is missing
    /// - Throws: `ImageError.configurationNotAnObject`, `.configurationValue`.
    package static func timm(json: JSON, modelSize: PixelSize, channels: PixelChannels) throws -> Preprocessing {
        let file = try Configuration(json)
        let config = try file.object("pretrained_cfg") ?? file
        let input = try config.inputSize("input_size") ?? (channels, modelSize)
        let share = try config.positiveNumber("crop_pct") ?? 0.875
        let scaled = PixelSize(
            height: try scaledSide(input.size.height, share, config),
            width: try scaledSide(input.size.width, share, config))
        let resize: Resize
        switch try config.string("crop_mode") ?? "center" {
        case "center": resize = scaled.height == scaled.width ? .shorterSide(scaled.height) : .covering(scaled)
        case "squash": resize = .exact(scaled)
        default: throw config.failure("crop_mode", .oneOf(["center", "squash"]))
        }
        let count = input.channels.rawValue
        return Preprocessing(
            origin: .timm, channels: input.channels, resize: resize,
            resampling: try config.resampling("interpolation") ?? .bicubic, cropsCentre: true,
            cropRounding: .halfToEven, size: input.size, rescale: 1.0 / 255,
            mean: try config.numbers("mean", count: count, positive: false) ?? Array(imageNetMean.prefix(count)),
            std: try config.numbers("std", count: count, positive: true) ?? Array(imageNetStd.prefix(count)))
    }

    private static func scaledSide(_ side: Int, _ share: Double, _ config: Configuration) throws -> Int {
        let scaled = (Double(side) / share).rounded(.down)
        guard scaled >= 1, scaled <= Double(sideLimit) else { throw config.failure("crop_pct", .positiveNumber) }
        return Int(scaled)
    }
}
