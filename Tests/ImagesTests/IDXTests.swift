import Foundation
import Images
import Testing

@Suite("IDX files")
struct IDXTests {
    /// A file of `count` images of 5 × 4 pixels, or of `count` labels.
    static func images(_ count: Int, seed: UInt32 = 1) -> [UInt8] {
        header([count, 5, 4]) + Fixtures.noise(count * 20, seed: seed)
    }

    static func labels(_ count: Int) -> [UInt8] { header([count]) + (0..<count).map { UInt8($0 % 10) } }

    static func header(_ dimensions: [Int]) -> [UInt8] {
        [0, 0, 8, UInt8(dimensions.count)]
            + dimensions.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
    }

    /// The numbers the images stand at in their file.
    static func indices(_ part: DataPart?) -> [Int] { part?.names.compactMap { Int($0) } ?? [] }

    @Test("train and t10k files are the two parts")
    func split() throws {
        let folder = try TemporaryFolder()
        try folder.write("train-images-idx3-ubyte", Self.images(30))
        try folder.write("train-labels-idx1-ubyte", Self.labels(30))
        try folder.write("t10k-images-idx3-ubyte", Self.images(10, seed: 2))
        try folder.write("t10k-labels-idx1-ubyte", Self.labels(10))
        #expect(try DataSource.detect(path: folder.path) == .idx(path: folder.path))
        let set = try DataSet.open(.idx(path: folder.path), selection: DataSelection(limit: 12))
        #expect(set.isSplitBySource)
        #expect(set.parts.map(\.count) == [12, 10])
        let part = try #require(set.part(.calibration))
        #expect(part.labels == Self.indices(part).map { $0 % 10 })
        #expect(Self.indices(part) != Self.indices(part).sorted())
    }

    @Test("one file of images is split, with the labels found beside it")
    func single() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("digits-images.idx3-ubyte", Self.images(10))
        try folder.write("digits-labels.idx1-ubyte", Self.labels(10))
        #expect(try DataSource.detect(path: path) == .idx(path: path))
        let set = try DataSet.open(.idx(path: path), selection: DataSelection(calibrationPercent: 30))
        #expect(set.parts.map(\.count) == [3, 7])
        #expect(set.parts.flatMap(Self.indices).sorted() == Array(0..<10))
        #expect(set.parts.allSatisfy { $0.labels == Self.indices($0) })
    }

    @Test("images without labels have none")
    func unlabelled() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("images-idx3-ubyte", Self.images(4))
        #expect(try DataSet.open(.idx(path: path)).parts.allSatisfy { $0.labels == nil })
    }

    @Test(
        "pixels arrive as they are, grey in as many channels as the model has", arguments: [PixelChannels.grey, .rgb])
    func pixels(_ channels: PixelChannels) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("images-idx3-ubyte", Self.images(6, seed: 3))
        let rules = Preprocessing(
            origin: .defaults, channels: channels, resize: .none, resampling: .bicubic, cropsCentre: false,
            cropRounding: .down, size: PixelSize(height: 5, width: 4), rescale: 1,
            mean: Array(repeating: 0, count: channels.rawValue), std: Array(repeating: 1, count: channels.rawValue))
        let noise = Fixtures.noise(120, seed: 3).map(Float.init)
        for part in try DataSet.open(.idx(path: path)).parts {
            let batch = try part.read(0..<part.count, preprocessing: rules)
            #expect(batch.shape == [part.count, channels.rawValue, 5, 4])
            for (row, index) in Self.indices(part).enumerated() {
                for channel in 0..<channels.rawValue {
                    let found = (0..<20).map { batch.row(row)[channel * 20 + $0] }
                    #expect(found == Array(noise[(index * 20)..<(index * 20 + 20)]))
                }
            }
        }
    }

    @Test(
        "a header that lies about the file is refused",
        arguments: [
            (Array(images(3).dropLast()), 76, 75), (images(3) + [0], 76, 77), (header([1000, 5, 4]), 20016, 16),
            (Array(header([3, 5, 4]).prefix(12)), 16, 12),
        ])
    func lying(_ bytes: [UInt8], _ expected: Int, _ found: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("images-idx3-ubyte", bytes)
        #expect(
            imageError { _ = try DataSet.open(.idx(path: path)) }
                == .wrongIDXSize(path: path, expected: expected, found: found))
    }

    @Test(
        "absurd dimensions are refused",
        arguments: [[0, 5, 4], [4, 0, 4], [0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF]])
    func absurd(_ dimensions: [Int]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("images-idx3-ubyte", Self.header(dimensions) + [1, 2, 3])
        #expect(
            imageError { _ = try DataSet.open(.idx(path: path)) }
                == .wrongIDXDimensions(path: path, dimensions: dimensions))
    }

    @Test("a file of another kind is no IDX file")
    func otherKind() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("images-idx3-ubyte", Self.labels(3))
        #expect(
            imageError { _ = try DataSet.open(.idx(path: path)) }
                == .notIDX(path: path, expectedDimensions: 3, leading: [0, 0, 8, 1, 0, 0, 0, 3]))
    }

    @Test("labels and images must be as many")
    func labelCount() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("images-idx3-ubyte", Self.images(4))
        let labels = try folder.write("labels-idx1-ubyte", Self.labels(5))
        #expect(
            imageError { _ = try DataSet.open(.idx(path: path)) }
                == .labelCount(path: labels, images: 4, labels: 5))
    }

    @Test("a compressed file holds what the plain one holds", .enabled(if: Gzip.isThere, "gzip is not installed"))
    func compressed() throws {
        let folder = try TemporaryFolder()
        let plain = try folder.write("plain/images-idx3-ubyte", Self.images(40))
        let packed = try folder.write("packed/images-idx3-ubyte", Self.images(40))
        try Gzip.compress(packed)
        let (one, other) = (try DataSet.open(.idx(path: plain)), try DataSet.open(.idx(path: packed + ".gz")))
        #expect(try one.fingerprint() == other.fingerprint())
        #expect(one.stamp != other.stamp)
    }

    @Test(
        "a compressed file that is cut is truncated, one with a flipped bit damaged",
        .enabled(if: Gzip.isThere, "gzip is not installed"))
    func damagedGzip() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("images-idx3-ubyte", Self.images(40))
        try Gzip.compress(path)
        let packed = Array(try Data(contentsOf: URL(filePath: path + ".gz")))
        for cut in [8, 30, packed.count / 2, packed.count - 4] {
            try Data(packed[..<cut]).write(to: URL(filePath: path + ".gz"))
            #expect(
                imageError { _ = try DataSet.open(.idx(path: path + ".gz")) }
                    == .damagedGzip(path: path + ".gz", truncated: true))
        }
        var flipped = packed
        flipped[packed.count - 6] ^= 1
        try Data(flipped).write(to: URL(filePath: path + ".gz"))
        #expect(
            imageError { _ = try DataSet.open(.idx(path: path + ".gz")) }
                == .damagedGzip(path: path + ".gz", truncated: false))
    }

    @Test(
        "a compressed file that promises more than it holds is refused without making room",
        .enabled(if: Gzip.isThere, "gzip is not installed"))
    func lyingGzip() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("images-idx3-ubyte", Self.header([0x7FFF_FFFF, 500, 500]) + [1, 2, 3])
        try Gzip.compress(path)
        #expect(
            imageError { _ = try DataSet.open(.idx(path: path + ".gz")) }
                == .wrongIDXSize(path: path + ".gz", expected: 0x7FFF_FFFF * 250_000 + 16, found: 19))
    }

    @Test(
        "Fashion-MNIST is 60,000 and 10,000 images of ten classes",
        .enabled(if: Fixtures.hasFashion, "dataset-fashion-mnist is not installed"))
    func fashion() throws {
        let set = try DataSet.open(.idx(path: Fixtures.fashion))
        #expect(set.parts.map(\.count) == [60_000, 10_000])
        #expect(Set(set.part(.validation)?.labels ?? []) == Set(0..<10))
    }

    /// The system's gzip, so that files come from another hand than the reader.
    enum Gzip {
        static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/gzip")

        static func compress(_ path: String) throws {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/gzip")
            process.arguments = ["-f", path]
            try process.run()
            process.waitUntilExit()
        }
    }
}
