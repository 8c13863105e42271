import Foundation

/// A model on disk: its weights and the configuration files beside them.
///
/// Given as a directory or as the path of a file of weights, whose directory's `config.json` is used where there is one.
package struct Checkpoint: Sendable {
    /// The path as it was given.
    package let path: String
    package let weights: Weights
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
        let file = try Self.weightsFile(at: path)
        let directory = (file as NSString).deletingLastPathComponent
        weights = try Weights(path: file)
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
