/// What happens to a picture before a model sees it: resize, centre crop, rescale, mean and standard deviation.
///
/// The result is planar float32: value = (pixel × rescale − mean) / std, in the order the libraries round.
package struct Preprocessing: Hashable, Codable, Sendable {
    /// The size a picture is brought to before the crop.
    package enum Resize: Hashable, Codable, Sendable {
        /// Pictures keep their size.
        case none
        /// The shorter side becomes so long, the longer one keeps the ratio (rounded down).
        case shorterSide(Int)
        /// Both sides as given; the ratio is lost.
        case exact(PixelSize)
        /// The smallest size of the same ratio that covers the given one (timm, for models that are not square).
        case covering(PixelSize)
    }

    /// Where a centre crop puts the odd pixel; the libraries disagree.
    package enum CropRounding: String, Hashable, Codable, Sendable {
        /// torchvision, timm, OpenCLIP: half the difference, ties to the even number; a border's smaller half comes first.
        case halfToEven
        /// Hugging Face: half the difference rounded down; a border's larger half comes first.
        case down
    }

    /// Whose rules these are.
    package enum Origin: Hashable, Codable, Sendable {
        /// A `preprocessor_config.json` of the processor class.
        case huggingFace(processor: String)
        case timm
        case openCLIP
        /// Nothing was given with the checkpoint.
        case defaults
    }

    package var origin: Origin
    package var channels: PixelChannels
    package var resize: Resize
    package var resampling: Resampling
    /// Whether a centre crop to `size` follows the resize. Pictures that are too small get a black border.
    package var cropsCentre: Bool
    package var cropRounding: CropRounding
    /// The size of the result. Without a crop a picture that comes out at another size is refused.
    package var size: PixelSize
    package var rescale: Double
    /// One value a channel.
    package var mean: [Double]
    package var std: [Double]

    package init(
        origin: Origin, channels: PixelChannels, resize: Resize, resampling: Resampling, cropsCentre: Bool,
        cropRounding: CropRounding, size: PixelSize, rescale: Double, mean: [Double], std: [Double]
    ) {
        self.origin = origin
        self.channels = channels
        self.resize = resize
        self.resampling = resampling
        self.cropsCentre = cropsCentre
        self.cropRounding = cropRounding
        self.size = size
        self.rescale = rescale
        self.mean = mean
        self.std = std
    }

    /// (C, H, W) of a prepared picture.
    package var shape: [Int] { [channels.rawValue, size.height, size.width] }
    package var count: Int { channels.rawValue * size.height * size.width }

    /// The largest side a configuration may ask for.
    package static let sideLimit = 1 << 14

    package static let imageNetMean = [0.485, 0.456, 0.406]
    package static let imageNetStd = [0.229, 0.224, 0.225]
    package static let clipMean = [0.48145466, 0.4578275, 0.40821073]
    package static let clipStd = [0.26862954, 0.26130258, 0.27577711]
    package static let halfMean = [0.5, 0.5, 0.5]
    package static let halfStd = [0.5, 0.5, 0.5]

    /// What is done when a checkpoint says nothing: bicubic, shorter side to the model's shorter side, centre crop, 1/255,
    /// the given mean and deviation, else ImageNet's (grey: 0.5 and 0.5).
    package static func defaults(
        size: PixelSize, channels: PixelChannels, mean: [Double] = imageNetMean, std: [Double] = imageNetStd
    ) -> Preprocessing {
        let square = size.height == size.width
        return Preprocessing(
            origin: .defaults, channels: channels, resize: square ? .shorterSide(size.height) : .covering(size),
            resampling: .bicubic, cropsCentre: true, cropRounding: .halfToEven, size: size, rescale: 1.0 / 255,
            mean: channels == .rgb ? mean : [0.5], std: channels == .rgb ? std : [0.5])
    }
}

extension Preprocessing {
    /// Rules that were written earlier, checked as a configuration is: what is read may have been changed by other hands.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            origin: try values.decode(Origin.self, forKey: .origin),
            channels: try values.decode(PixelChannels.self, forKey: .channels),
            resize: try values.decode(Resize.self, forKey: .resize),
            resampling: try values.decode(Resampling.self, forKey: .resampling),
            cropsCentre: try values.decode(Bool.self, forKey: .cropsCentre),
            cropRounding: try values.decode(CropRounding.self, forKey: .cropRounding),
            size: try values.decode(PixelSize.self, forKey: .size),
            rescale: try values.decode(Double.self, forKey: .rescale),
            mean: try values.decode([Double].self, forKey: .mean), std: try values.decode([Double].self, forKey: .std))
        guard isSound else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "out of range"))
        }
    }

    private var isSound: Bool {
        let sides =
            switch resize {
            case .none: [size.height, size.width]
            case .shorterSide(let side): [size.height, size.width, side]
            case .exact(let target), .covering(let target): [size.height, size.width, target.height, target.width]
            }
        return sides.allSatisfy { 1...Self.sideLimit ~= $0 } && mean.count == channels.rawValue
            && std.count == channels.rawValue && rescale.isFinite && mean.allSatisfy { Float($0).isFinite }
            && std.allSatisfy { Float($0).isFinite && Float($0) > 0 }
    }
}
