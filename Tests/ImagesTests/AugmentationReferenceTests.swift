import Foundation
import Images
import Testing

@Suite("Augmentation as torchvision and timm do it")
struct AugmentationReferenceTests {
    @Test("the record of the libraries is there")
    func record() {
        #expect(!AugmentationFixtures.record.colours.isEmpty && !AugmentationFixtures.record.crops.isEmpty)
    }

    @Test("colours change as torchvision changes them, bit for bit", arguments: AugmentationFixtures.record.colours)
    func colours(_ expected: AugmentationFixtures.Colours) throws {
        var picture = try AugmentationFixtures.noise(
            width: 90, height: 70, channels: expected.channels, seed: UInt32(expected.channels + 50))
        for adjustment in expected.adjustments { picture = picture.adjusted(try #require(adjustment.value)) }
        #expect(Fixtures.hash(picture) == expected.hash)
    }

    @Test("a part is cut out and resized as torchvision does it", arguments: AugmentationFixtures.record.crops)
    func crops(_ expected: AugmentationFixtures.Crop) throws {
        let picture = try AugmentationFixtures.noise(
            width: 61, height: 47, channels: expected.channels, seed: UInt32(expected.channels))
        var rules = Preprocessing.defaults(size: PixelSize(height: 20, width: 24), channels: picture.channels)
        for (name, hash) in expected.hashes {
            rules.resampling = try #require(Resampling(name: name))
            #expect(Fixtures.hash(try rules.prepare(picture, part: expected.part, path: "")) == hash, "\(name)")
        }
    }

    @Test("parts are distributed as torchvision's", arguments: AugmentationFixtures.record.drawnCrops)
    func drawnCrops(_ expected: AugmentationFixtures.DrawnCrops) throws {
        let images = try SmallPictures().augmented(
            Augmentation(crop: .resized(ResizedCrop(area: expected.area))), seed: 5)
        let picture = PixelSize(height: expected.height, width: expected.width)
        let parts: [PixelWindow] = (0..<Self.draws).compactMap { epoch in
            guard case .part(let part)? = images.draw(0, epoch: epoch, picture: picture).crop else { return nil }
            return part
        }
        #expect(parts.count == Self.draws)
        #expect(parts.allSatisfy { $0.x.lowerBound >= 0 && $0.x.upperBound <= picture.width && !$0.x.isEmpty })
        #expect(parts.allSatisfy { $0.y.lowerBound >= 0 && $0.y.upperBound <= picture.height && !$0.y.isEmpty })
        Self.compare(parts, in: picture, with: expected.moments)
    }

    @Test("erased rectangles are distributed as timm's", arguments: AugmentationFixtures.record.drawnErasures)
    func drawnErasures(_ expected: AugmentationFixtures.DrawnErasures) throws {
        let size = PixelSize(height: expected.side, width: expected.side)
        let images = try AugmentedImages(
            SmallPictures().part, preprocessing: .defaults(size: size, channels: .grey),
            augmentation: Augmentation(
                erasing: RandomErasing(probability: expected.probability, area: expected.area)),
            seed: 6)
        let erased = (0..<Self.draws).compactMap {
            images.draw(0, epoch: $0, picture: size).erasure.map(\.window)
        }
        let share = Double(erased.count) / Double(Self.draws)
        #expect(abs(share - expected.erased) < 5 * (0.25 / Double(Self.draws)).squareRoot())
        #expect(erased.allSatisfy { size.width > $0.x.count && size.height > $0.y.count })
        Self.compare(erased, in: size, with: expected.moments)
    }

    private static let draws = 20_000

    /// Area, logarithm of the shape and place of the middle: means within five standard errors, deviations within 3 %.
    private static func compare(
        _ windows: [PixelWindow], in size: PixelSize, with expected: [AugmentationFixtures.Moments]
    ) {
        let rows = windows.map { window in
            let (width, height) = (Double(window.x.count), Double(window.y.count))
            return [
                width * height / Double(size.width * size.height), log(width / height),
                (Double(window.x.lowerBound) + width / 2) / Double(size.width),
                (Double(window.y.lowerBound) + height / 2) / Double(size.height),
            ]
        }
        let count = Double(rows.count)
        for (column, moments) in expected.enumerated() {
            let mean = rows.reduce(0) { $0 + $1[column] } / count
            let deviation = (rows.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) } / count).squareRoot()
            // The libraries' own mean is of a sample that is hardly larger.
            #expect(abs(mean - moments.mean) <= 5 * moments.deviation * (2 / count).squareRoot() + 1e-6)
            #expect(abs(deviation - moments.deviation) <= 0.03 * moments.deviation + 1e-6)
        }
    }
}
