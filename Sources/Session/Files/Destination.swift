import Checkpoints
import Foundation

/// A file that a sentence writes: staged beside its place, then put there at once.
///
/// What is there already is only overwritten by `replace`. Writing the very same bytes again is no overwriting, so a
/// script can be replayed, with the same words as the first time.
struct Destination {
    /// What came of writing.
    enum Outcome { case written, unchanged }

    /// As the sentence has it.
    let path: String
    private let target: String
    private let replaces: Bool
    private let recurrence: Recurrence
    private let log: DependencyLog

    /// - Parameter recurrence: what the same sentence writes another time.
    init(path: String, replaces: Bool, recurrence: Recurrence, _ context: CommandContext) {
        self.path = path
        self.replaces = replaces
        self.recurrence = recurrence
        target = context.writing(path)
        log = context.dependencies
    }

    func write(_ body: (StagedFile) throws -> Void) throws -> Outcome {
        let outcome = try commit(body)
        log.noteWritten(path, at: target, recurrence)
        return outcome
    }

    private func commit(_ body: (StagedFile) throws -> Void) throws -> Outcome {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: target, isDirectory: &isFolder)
        if exists, isFolder.boolValue { throw SessionError.notReplaceable(path: path, reason: "it is a folder") }
        try makeFolder((target as NSString).deletingLastPathComponent, for: path)
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
    typealias File = (name: String, recurrence: Recurrence, body: (StagedFile) throws -> Void)

    private let path: String
    private let target: String
    private let replaces: Bool
    private let log: DependencyLog

    init(path: String, replaces: Bool, _ context: CommandContext) {
        self.path = path
        self.replaces = replaces
        target = context.writing(path)
        log = context.dependencies
    }

    /// - Parameter files: names with what writes them.
    func write(_ files: [File]) throws -> Destination.Outcome {
        let outcome = try commit(files)
        for file in files {
            log.noteWritten(
                (path as NSString).appendingPathComponent(file.name), at: target + "/" + file.name, file.recurrence)
        }
        return outcome
    }

    private func commit(_ files: [File]) throws -> Destination.Outcome {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        let exists = manager.fileExists(atPath: target, isDirectory: &isFolder)
        if exists, !isFolder.boolValue { throw SessionError.notReplaceable(path: path, reason: "it is a file") }
        let folder = exists ? target : target + ".amp-\(getpid()).tmp"
        if !exists { try make(folder) }
        var complete = false
        defer { if !exists, !complete { try? manager.removeItem(atPath: folder) } }
        var staged: [StagedFile] = []
        for (name, _, body) in files {
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
        try makeFolder(folder, for: path)
    }
}

/// Makes a folder with those it lies in, where it is not there yet.
private func makeFolder(_ folder: String, for path: String) throws {
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
        throw CheckpointError.unwritable(path: path, reason: Problem.systemReason(error))
    }
}

extension DependencyLog {
    fileprivate func noteWritten(_ path: String, at place: String, _ recurrence: Recurrence) {
        note(.written, path: path, recurrence: recurrence) { try sha256(ofFile: place) }
    }
}
