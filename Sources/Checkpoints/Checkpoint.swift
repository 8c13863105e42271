import Crypto
import Foundation

/// A model on disk: weights in a safetensors file and the configuration files beside it.
///
/// Given as a directory (`model.safetensors`, `config.json`, `preprocessor_config.json`, `amp.json`) or as a bare
/// `.safetensors` file, whose directory's `config.json` is used where there is one.
package struct Checkpoint: Sendable {
    /// The path as it was given.
    package let path: String
    package let weights: SafetensorsFile
    /// `config.json`, if there is one.
    package let config: JSON?
    /// `open_clip_config.json`, if there is one.
    package let openCLIP: JSON?
    /// `preprocessor_config.json`, if there is one.
    package let preprocessor: JSON?
    /// `amp.json`, which `save` writes beside a pruned model.
    package let pruningRecord: JSON?

    package static let weightsName = "model.safetensors"
    package static let configName = "config.json"
    package static let openCLIPName = "open_clip_config.json"
    package static let preprocessorName = "preprocessor_config.json"
    package static let pruningRecordName = "amp.json"

    package init(path: String) throws(CheckpointError) {
        self.path = path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw .notFound(path: path)
        }
        let file = isDirectory.boolValue ? try Self.weightsFile(in: path) : path
        let directory = isDirectory.boolValue ? path : (path as NSString).deletingLastPathComponent
        try Self.refuseOtherFormats(file)
        weights = try SafetensorsFile(path: file)
        config = try Self.json(Self.configName, in: directory)
        openCLIP = try Self.json(Self.openCLIPName, in: directory)
        preprocessor = try Self.json(Self.preprocessorName, in: directory)
        pruningRecord = try Self.json(Self.pruningRecordName, in: directory)
    }

    /// The directory of the configuration files.
    package var directory: String { (weights.path as NSString).deletingLastPathComponent }

    /// The bytes of a configuration file, exactly as they are on disk.
    package func rawFile(_ name: String) -> Data? {
        FileManager.default.contents(atPath: (directory as NSString).appendingPathComponent(name))
    }

    private static func weightsFile(in directory: String) throws(CheckpointError) -> String {
        let preferred = (directory as NSString).appendingPathComponent(weightsName)
        if FileManager.default.fileExists(atPath: preferred) { return preferred }
        let found: [String]
        do { found = try FileManager.default.contentsOfDirectory(atPath: directory).sorted() } catch {
            throw .unreadable(path: directory, reason: error.localizedDescription)
        }
        let candidates = found.filter { $0.hasSuffix(".safetensors") }
        if candidates.count == 1, !found.contains(where: { $0.hasSuffix(".index.json") }) {
            return (directory as NSString).appendingPathComponent(candidates[0])
        }
        throw .noWeights(directory: directory, found: found)
    }

    /// Other formats are named rather than read as broken safetensors.
    private static func refuseOtherFormats(_ path: String) throws(CheckpointError) {
        guard let handle = FileHandle(forReadingAtPath: path) else { return }
        let magic = [UInt8]((try? handle.read(upToCount: 9)) ?? Data())
        // A safetensors file begins with a length, whose bytes can be those of any magic; but then its header follows.
        if magic.count == 9, magic[8] == UInt8(ascii: "{") { return }
        if magic.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            throw .unsupportedFormat(path: path, format: "a zip archive, as torch.save writes it")
        }
        if magic.count > 1, magic[0] == 0x80, (2...5).contains(magic[1]) {
            throw .unsupportedFormat(path: path, format: "a Python pickle, as torch.save wrote it before 1.6")
        }
        if magic.starts(with: Array("GGUF".utf8)) { throw .unsupportedFormat(path: path, format: "GGUF") }
    }

    private static func json(_ name: String, in directory: String) throws(CheckpointError) -> JSON? {
        let path = (directory as NSString).appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path, reason: String(cString: strerror(EACCES)))
        }
        let json: JSON
        do { json = try JSON(parsing: data) } catch {
            throw .malformedJSON(path: path, reason: "it is not valid JSON")
        }
        guard json.object != nil else { throw .malformedJSON(path: path, reason: "it is not a JSON object") }
        return json
    }
}

/// SHA-256 of a whole file, as 64 hexadecimal digits.
package func sha256(ofFile path: String) throws(CheckpointError) -> String {
    let file = try MappedFile(path: path)
    var hash = SHA256()
    var rest = file.bytes[...]
    while !rest.isEmpty {
        let piece = rest.prefix(1 << 22)
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: piece))
        rest = rest.dropFirst(piece.count)
    }
    return hash.finalize().hexadecimal
}

/// SHA-256 of some bytes, as 64 hexadecimal digits.
package func sha256(of data: Data) -> String { SHA256.hash(data: data).hexadecimal }

extension SHA256Digest {
    fileprivate var hexadecimal: String {
        let digits = Array("0123456789abcdef")
        return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
