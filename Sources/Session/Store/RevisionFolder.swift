import Checkpoints
import Foundation
import Tensor

/// The folder beside a session file in which revised tensors lie, each set in a safetensors file named by its SHA-256.
///
/// A session in memory has a temporary folder that goes with it.
final class RevisionFolder: Sendable {
    private let path: String
    private let isTemporary: Bool
    private let opened = Locked<[String: Weights]>([:])

    /// - Parameter session: the session file's path, nil for a session in memory.
    init(session: String?) {
        isTemporary = session == nil
        path =
            session.map { $0 + ".weights" }
            ?? FileManager.default.temporaryDirectory.path + "/amp-weights-\(UUID().uuidString)"
    }

    deinit {
        if isTemporary { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Writes tensors.
    ///
    /// - Parameter identity: the hash of what they were computed from and by.
    func store(_ tensors: [TensorSource], identity: String) throws -> Revision {
        try prepare()
        let file = try StagedFile(target: place("new"))
        try SafetensorsWriter.write(tensors, metadata: ["format": "pt"], to: file)
        try file.finish()
        try file.commit()
        let hash = try sha256(ofFile: file.target)
        let target = place(hash)
        guard rename(file.target, target) == 0 else {
            throw CheckpointError.unwritable(path: target, reason: String(cString: strerror(errno)))
        }
        return Revision(hash: hash, size: try FileStamp(files: [target]).size, identity: identity)
    }

    /// The tensors of a revision. Throws `SessionError.revisionLost` where their file is gone or is another one.
    func weights(_ revision: Revision, of model: String) throws -> Weights {
        if let known = opened.withLock({ $0[revision.hash] }) { return known }
        let target = place(revision.hash)
        guard let stamp = try? FileStamp(files: [target]), stamp.size == revision.size,
            try stamp.size > SourceHash.small || sha256(ofFile: target) == revision.hash
        else { throw SessionError.revisionLost(model: model, path: target) }
        let weights = try Weights(path: target)
        opened.withLock { $0[revision.hash] = weights }
        return weights
    }

    /// Throws where the disk has less room than long work will want to write, so that it is not done in vain.
    func checkRoom(for bytes: Int) throws {
        guard let facts = try? FileManager.default.attributesOfFileSystem(forPath: path),
            let free = (facts[.systemFreeSize] as? NSNumber)?.intValue, free < bytes
        else { return }
        throw SessionError.noRoom(folder: path, needed: bytes, free: free)
    }

    /// A file of the folder: `name` is a revision's hash, or something else.
    struct File {
        let path: String
        let name: String
        let bytes: Int

        var isTraining: Bool { name.hasPrefix("training-") }
    }

    /// The revisions, states of trainings, and what a killed process left behind while writing one.
    func files() throws -> [File] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: path).sorted().compactMap { entry in
            guard let dot = entry.range(of: ".safetensors") else { return nil }
            let file = "\(path)/\(entry)"
            guard entry.hasSuffix(".safetensors") || entry.hasSuffix(".tmp"), let stamp = try? FileStamp(files: [file])
            else { return nil }
            return File(path: file, name: String(entry[..<dot.lowerBound]), bytes: stamp.size)
        }
    }

    /// Removes some files, and what a killed process left behind; says which those were.
    func remove(where isUnused: (File) -> Bool) throws -> [File] {
        let unused = try files().filter { $0.path.hasSuffix(".tmp") || isUnused($0) }
        for file in unused {
            opened.withLock { $0[file.name] = nil }
            guard unlink(file.path) == 0 || errno == ENOENT else {
                throw CheckpointError.unwritable(path: file.path, reason: String(cString: strerror(errno)))
            }
        }
        return unused
    }

    func has(_ revision: Revision) -> Bool {
        (try? FileStamp(files: [place(revision.hash)]))?.size == revision.size
    }

    /// The place of a file of the folder: revisions lie under their hash, what training would go on from under its name.
    func place(_ name: String) -> String { "\(path)/\(name).safetensors" }

    /// Makes the folder, where it is not there yet.
    func prepare() throws {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
            throw CheckpointError.unwritable(
                path: path, reason: "a file is where the folder for changed weights should be")
        }
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw CheckpointError.unwritable(path: path, reason: Problem.systemReason(error))
        }
    }
}
