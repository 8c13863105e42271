import Foundation
import Images
import Testing

@Suite("Resizing")
struct ResizeTests {
    @Test("a picture is resized as Pillow does, bit for bit", arguments: Fixtures.record.resized)
    func likePillow(_ expected: Fixtures.Resized) throws {
        let picture = try Self.picture(expected)
        for resampling in Resampling.allCases {
            let resized = picture.resized(
                width: expected.targetWidth, height: expected.targetHeight, resampling: resampling)
            #expect(Fixtures.hash(resized) == expected.hashes[resampling.name], "\(resampling.name)")
        }
    }

    // The sum below goes across before it goes down, which very tall pictures do not.
    @Test(
        "fixed point stays within a rounding of each pass of the plain sum",
        arguments: Fixtures.record.resized.filter { $0.height <= 100 * $0.width })
    func likeReference(_ sizes: Fixtures.Resized) throws {
        let picture = try Self.picture(sizes)
        let resized = picture.resized(width: sizes.targetWidth, height: sizes.targetHeight, resampling: .bicubic)
        let reference = Self.bicubic(picture, width: sizes.targetWidth, height: sizes.targetHeight)
        let found = resized.withBytes { $0.map { Double($0) } }
        let worst = zip(found, reference).map { abs($0 - $1) }.max() ?? 0
        // Half a step each pass; weights below zero can enlarge the first one's.
        #expect(worst < 1.5)
    }

    @Test("a window of a resized picture is that part of the whole", arguments: Resampling.allCases)
    func window(_ resampling: Resampling) throws {
        let picture = try #require(
            PixelBuffer(width: 40, height: 30, channels: .rgb, bytes: Fixtures.noise(3600, seed: 5)))
        for (width, height) in [(23, 57), (40, 17), (60, 30), (40, 30)] {
            let whole = picture.resized(width: width, height: height, resampling: resampling)
            let part = picture.resized(
                width: width, height: height, resampling: resampling, window: PixelWindow(x: 4..<19, y: 3..<11))
            let bytes = whole.withBytes(Array.init)
            var expected: [UInt8] = []
            for row in 3..<11 {
                let start = 3 * (row * width + 4)
                expected += bytes[start..<(start + 45)]
            }
            #expect(part.withBytes(Array.init) == expected)
        }
    }

    static func picture(_ sizes: Fixtures.Resized) throws -> PixelBuffer {
        let bytes = Fixtures.noise(sizes.width * sizes.height * sizes.channels, seed: sizes.seed)
        return try #require(
            PixelBuffer(
                width: sizes.width, height: sizes.height, channels: sizes.channels == 1 ? .grey : .rgb, bytes: bytes))
    }

    /// The weighted mean over all pixels in double precision, clipped between the passes as bytes are.
    static func bicubic(_ picture: PixelBuffer, width: Int, height: Int) -> [Double] {
        let samples = picture.channels.rawValue
        let bytes = picture.withBytes { $0.map { Double($0) } }
        let across = weights(from: picture.width, to: width)
        let down = weights(from: picture.height, to: height)
        var middle = [Double](repeating: 0, count: picture.height * width * samples)
        for y in 0..<picture.height {
            for x in 0..<width {
                for sample in 0..<samples {
                    var sum = 0.0
                    for (source, weight) in across[x] {
                        sum += weight * bytes[(y * picture.width + source) * samples + sample]
                    }
                    middle[(y * width + x) * samples + sample] = min(max(sum, 0), 255)
                }
            }
        }
        var result = [Double](repeating: 0, count: height * width * samples)
        for y in 0..<height {
            for index in 0..<(width * samples) {
                var sum = 0.0
                for (source, weight) in down[y] { sum += weight * middle[source * width * samples + index] }
                result[y * width * samples + index] = min(max(sum, 0), 255)
            }
        }
        return result
    }

    /// The source pixels of each target pixel whose weight is not zero.
    private static func weights(from source: Int, to target: Int) -> [[(Int, Double)]] {
        let scale = Double(source) / Double(target)
        let widening = max(scale, 1)
        return (0..<target).map { pixel in
            let centre = (Double(pixel) + 0.5) * scale
            let row = (0..<source).map { keys(abs(Double($0) + 0.5 - centre) / widening) }
            let total = row.reduce(0, +)
            return row.enumerated().filter { $0.element != 0 }.map { ($0.offset, $0.element / total) }
        }
    }

    /// Keys' cubic convolution kernel with a = −1/2.
    private static func keys(_ x: Double) -> Double {
        if x < 1 { return 1.5 * x * x * x - 2.5 * x * x + 1 }
        return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0
    }
}
