import Checkpoints
import Crypto
import Foundation
import Images
import Testing

/// The pictures of `Fixtures` and what Pillow, transformers and timm make of them (`make_fixtures.py`).
enum Fixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures").path
    static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// Photos outside the project; tests of them are skipped where they are not.
    static let stamps = project.deletingLastPathComponent().appending(path: "shared/data/stamps").path
    static let hasStamps = FileManager.default.fileExists(atPath: stamps)
    /// Debian's package dataset-fashion-mnist.
    static let fashion = "/usr/share/datasets/fashion-mnist"
    static let hasFashion = FileManager.default.fileExists(atPath: fashion)

    static func path(_ name: String) -> String { folder + "/" + name }

    static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path(name)))) }

    struct Decoded: Codable, Sendable, CustomTestStringConvertible {
        var file: String
        var width: Int
        var height: Int
        var rgb: String
        var grey: String
        var testDescription: String { file }
    }

    struct Resized: Codable, Sendable, CustomTestStringConvertible {
        var width: Int
        var height: Int
        var targetWidth: Int
        var targetHeight: Int
        var channels: Int
        var seed: UInt32
        var hashes: [String: String]
        var testDescription: String { "\(width)×\(height)×\(channels) to \(targetWidth)×\(targetHeight)" }
    }

    struct Prepared: Codable, Sendable, CustomTestStringConvertible {
        var kind: String
        var config: JSON
        var file: String
        var channels: Int
        var shape: [Int]
        var values: [Float]
        var testDescription: String {
            "\(kind) \(String(decoding: config.encoded(), as: UTF8.self)) of \(file)"
        }
    }

    struct Stamps: Codable, Sendable {
        var count: Int
        var decoded: String
        var cropped: String
        var config: JSON
    }

    struct Record: Codable, Sendable {
        var decoded: [Decoded]
        var resized: [Resized]
        var prepared: [Prepared]
        var stamps: Stamps?
    }

    /// Empty when the file can't be read, which `FixturesTests` notices.
    static let record: Record = {
        guard let data = try? Data(contentsOf: URL(filePath: path("fixtures.json"))),
            let record = try? JSONDecoder().decode(Record.self, from: data)
        else { return Record(decoded: [], resized: [], prepared: [], stamps: nil) }
        return record
    }()

    static func hash(_ picture: PixelBuffer) -> String {
        picture.withBytes { bytes in
            var hash = SHA256()
            hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
            return hex(hash.finalize())
        }
    }

    static func hex(_ digest: some Sequence<UInt8>) -> String {
        digest.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }

    /// Bytes of the generator `make_fixtures.py` uses.
    static func noise(_ count: Int, seed: UInt32) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
    }
}

/// A folder that goes away with its owner.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "amp-images-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, with the folders above it.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }

    func link(_ name: String, to target: String) throws {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: path + "/" + target)
    }
}

/// The `ImageError` a piece of work ends with, if it does.
func imageError(_ work: () throws -> Void) -> ImageError? {
    do {
        try work()
        return nil
    } catch {
        return error as? ImageError
    }
}
