import Foundation
import Images
import Tensor
import Testing

/// The suite takes a second or two. `AMP_FUZZ_CASES=100000 scripts/test --filter Mutation` runs so many cases of each
/// test, split among its files; the cases are the same in every run.
@Suite("Damage by chance")
struct MutationTests {
    private static let names = [
        "rgb-420.jpg", "rgb-progressive.jpg", "rgb-restart.jpg", "grey.jpg", "cmyk.jpg", "ycck.jpg", "rgb-8.png",
        "grey-16-interlaced.png", "palette-4-alpha.png", "rgb-alpha-16-interlaced.png",
    ]

    /// As many cases as are asked for, or the suite's own number.
    private static func cases(_ usual: Int, files: Int = 1) -> Int {
        let asked = ProcessInfo.processInfo.environment["AMP_FUZZ_CASES"].flatMap(Int.init)
        return asked.map { max(1, $0 / files) } ?? usual
    }

    /// `count` damaged copies of `bytes`, one at a time: flipped bits, other bytes, pieces cut out or doubled.
    static func damaged(_ bytes: [UInt8], count: Int, seed: UInt64) -> some Sequence<[UInt8]> {
        var generator = SplitMix64(seed: seed)
        return (0..<count).lazy.map { _ in
            var copy = bytes
            for _ in 0...generator.next(below: 4) where !copy.isEmpty {
                let place = generator.next(below: copy.count)
                switch generator.next(below: 5) {
                case 0: copy[place] ^= 1 << UInt8(generator.next(below: 8))
                case 1: copy[place] = UInt8(generator.next(below: 256))
                case 2: copy.removeSubrange(place..<min(copy.count, place + 1 + generator.next(below: 16)))
                case 3: copy.insert(contentsOf: copy[place..<min(copy.count, place + 8)], at: place)
                default: copy.removeSubrange(place...)
                }
            }
            return copy
        }
    }

    @Test(
        "a damaged picture ends in pixels or in an error about it",
        arguments: names)
    func pictures(_ name: String) throws {
        let bytes = try Fixtures.bytes(name)
        for copy in Self.damaged(bytes, count: Self.cases(300, files: Self.names.count), seed: 1) {
            do {
                let picture = try ImageDecoder.decode(copy, path: name, channels: .rgb)
                #expect(picture.width * picture.height <= PixelBuffer.limit)
            } catch {
                #expect(error is ImageError)
            }
        }
    }

    @Test("a damaged IDX file ends in images or in an error about it")
    func idx() throws {
        let folder = try TemporaryFolder()
        for copy in Self.damaged(IDXTests.images(5), count: Self.cases(1000), seed: 2) {
            let path = try folder.write("images-idx3-ubyte", copy)
            do {
                #expect(try DataSet.open(.idx(path: path)).parts.reduce(0) { $0 + $1.count } > 0)
            } catch {
                #expect(error is ImageError)
            }
        }
    }

    @Test("a damaged compressed IDX file does as well", .enabled(if: IDXTests.Gzip.isThere, "gzip is not installed"))
    func gzip() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("images-idx3-ubyte", IDXTests.images(40))
        try IDXTests.Gzip.compress(path)
        let packed = Array(try Data(contentsOf: URL(filePath: path + ".gz")))
        for copy in Self.damaged(packed, count: Self.cases(500), seed: 3) {
            try Data(copy).write(to: URL(filePath: path + ".gz"))
            let error = imageError { _ = try DataSet.open(.idx(path: path + ".gz")) }
            #expect(copy != packed || error == nil)
        }
    }
}
