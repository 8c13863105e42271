import Checkpoints
import Foundation

/// A file that a sentence writes: staged beside its place, then put there at once.
///
/// What is there already is only overwritten by `replace`. Writing the very same bytes again is no overwriting, so a
/// script can be replayed, with the same words as the first time.
struct Destination {
    /// What came of writing.
    enum Outcome { case written, unchanged }

    let path: String
    let replaces: Bool

    func write(_ body: (StagedFile) throws -> Void) throws -> Outcome {
        let target = absolutePath(path)
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: target, isDirectory: &isFolder)
        if exists, isFolder.boolValue { throw SessionError.notReplaceable(path: path, reason: "it is a folder") }
        let file = try StagedFile(target: target)
        try body(file)
        try file.finish()
        if exists {
            if try file.hasSameContent(as: target) { return .unchanged }
            guard replaces else { throw SessionError.exists(path: path, verb: "file") }
        }
        try file.commit()
        return .written
    }
}

/// A folder that a sentence writes, file by file.
struct FolderDestination {
    let path: String
    let replaces: Bool

    /// - Parameter files: names with what writes them.
    func write(_ files: [(name: String, body: (StagedFile) throws -> Void)]) throws -> Destination.Outcome {
        let target = absolutePath(path)
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        let exists = manager.fileExists(atPath: target, isDirectory: &isFolder)
        if exists, !isFolder.boolValue { throw SessionError.notReplaceable(path: path, reason: "it is a file") }
        let folder = exists ? target : target + ".amp-\(getpid()).tmp"
        if !exists { try make(folder) }
        var complete = false
        defer { if !exists, !complete { try? manager.removeItem(atPath: folder) } }
        var staged: [StagedFile] = []
        for (name, body) in files {
            let file = try StagedFile(target: folder + "/" + name)
            try body(file)
            try file.finish()
            staged.append(file)
        }
        if exists {
            let same = try staged.allSatisfy { try $0.hasSameContent(as: $0.target) }
            if same { return .unchanged }
            let inTheWay = staged.contains { manager.fileExists(atPath: $0.target) }
            guard replaces || !inTheWay else { throw SessionError.exists(path: path, verb: "folder") }
        }
        for file in staged { try file.commit() }
        if !exists {
            guard rename(folder, target) == 0 else {
                throw CheckpointError.unwritable(path: path, reason: String(cString: strerror(errno)))
            }
        }
        complete = true
        return .written
    }

    private func make(_ folder: String) throws {
        try? FileManager.default.removeItem(atPath: folder)
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw CheckpointError.unwritable(path: path, reason: Problem.systemReason(error))
        }
    }
}
