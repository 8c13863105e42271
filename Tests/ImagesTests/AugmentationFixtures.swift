import Foundation
import Images
import Testing

/// What torchvision and timm make of pictures, and how what they draw is distributed (`make_augmentation.py`).
enum AugmentationFixtures {
    struct Colours: Codable, Sendable, CustomTestStringConvertible {
        /// Names and factors, in the order they are done.
        var adjustments: [Adjustment]
        var channels: Int
        var hash: String
        var testDescription: String { "\(adjustments.map(\.testDescription)), \(channels)" }
    }

    struct Adjustment: Codable, Sendable, CustomTestStringConvertible {
        var name: String
        var factor: Double
        var testDescription: String { "\(name) \(factor)" }

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            name = try values.decode(String.self)
            factor = try values.decode(Double.self)
        }

        var value: ColourAdjustment? {
            switch name {
            case "brightness": .brightness(factor)
            case "contrast": .contrast(factor)
            case "saturation": .saturation(factor)
            case "hue": .hue(factor)
            default: nil
            }
        }
    }

    struct Crop: Codable, Sendable, CustomTestStringConvertible {
        var left: Int
        var top: Int
        var width: Int
        var height: Int
        var channels: Int
        var hashes: [String: String]
        var testDescription: String { "\(width)×\(height)×\(channels) at \(left), \(top)" }
        var part: PixelWindow { PixelWindow(x: left..<(left + width), y: top..<(top + height)) }
    }

    struct Moments: Codable, Sendable {
        var mean: Double
        var deviation: Double
    }

    struct DrawnCrops: Codable, Sendable {
        var width: Int
        var height: Int
        var area: ClosedRange<Double>
        var moments: [Moments]
    }

    struct DrawnErasures: Codable, Sendable {
        var side: Int
        var probability: Double
        var area: ClosedRange<Double>
        var erased: Double
        var moments: [Moments]
    }

    struct Record: Codable, Sendable {
        var colours: [Colours]
        var crops: [Crop]
        var drawnCrops: [DrawnCrops]
        var drawnErasures: [DrawnErasures]
    }

    static let record: Record = {
        guard let data = try? Data(contentsOf: URL(filePath: Fixtures.path("augmentation.json"))),
            let record = try? JSONDecoder().decode(Record.self, from: data)
        else { return Record(colours: [], crops: [], drawnCrops: [], drawnErasures: []) }
        return record
    }()

    static func noise(width: Int, height: Int, channels: Int, seed: UInt32) throws -> PixelBuffer {
        try #require(
            PixelBuffer(
                width: width, height: height, channels: channels == 1 ? .grey : .rgb,
                bytes: Fixtures.noise(width * height * channels, seed: seed)))
    }
}

/// A part of `count` grey images of noise, 28 × 28, with its rules.
struct SmallPictures {
    static let rules = Preprocessing(
        origin: .timm, channels: .grey, resize: .shorterSide(28), resampling: .bicubic, cropsCentre: true,
        cropRounding: .halfToEven, size: PixelSize(height: 28, width: 28), rescale: 1.0 / 255, mean: [0.286],
        std: [0.353])

    let part: DataPart
    private let folder: TemporaryFolder

    init(_ count: Int = 12) throws {
        folder = try TemporaryFolder()
        let path = try folder.write(
            "images-idx3-ubyte", IDXTests.header([count, 28, 28]) + Fixtures.noise(count * 784, seed: 9))
        let selection = DataSelection(calibrationPercent: 99)
        part = try #require(try DataSet.open(.idx(path: path), selection: selection).part(.calibration))
    }

    func augmented(_ augmentation: Augmentation, seed: UInt64 = 1) throws -> AugmentedImages {
        try AugmentedImages(part, preprocessing: Self.rules, augmentation: augmentation, seed: seed)
    }
}
