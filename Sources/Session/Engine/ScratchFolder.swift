import Checkpoints
import Foundation

/// Takes what a run writes that must leave everything as it was: a folder in which written files stand as they would
/// from the root.
///
/// What was written there is found there when the same run reads it; everything else is read where it is.
package final class ScratchFolder {
    private let root: String

    /// - Throws: `CheckpointError.unwritable` where the system gives no temporary folder.
    package init() throws {
        root = FileManager.default.temporaryDirectory.path + "/amp-verify-\(UUID().uuidString)"
        do { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) } catch {
            throw CheckpointError.unwritable(path: root, reason: Problem.systemReason(error))
        }
    }

    package func remove() { try? FileManager.default.removeItem(atPath: root) }

    deinit { remove() }

    /// Where a path is read.
    func reading(_ absolute: String) -> String {
        let own = root + Self.real(absolute)
        return FileManager.default.fileExists(atPath: own) ? own : absolute
    }

    /// Where a path is written. The folder it lies in is there if it is there in earnest.
    func writing(_ absolute: String) -> String {
        let real = Self.real(absolute)
        let folder = (real as NSString).deletingLastPathComponent
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue {
            try? FileManager.default.createDirectory(atPath: root + folder, withIntermediateDirectories: true)
        }
        return root + real
    }

    /// The path with the links in it followed as far as it exists, so that two ways to a file are one.
    private static func real(_ path: String) -> String {
        var folder = path
        var rest: [String] = []
        while folder != "/", !folder.isEmpty {
            if let found = realpath(folder, nil) {
                defer { free(found) }
                return ([String(cString: found)] + rest.reversed()).joined(separator: "/")
            }
            rest.append((folder as NSString).lastPathComponent)
            folder = (folder as NSString).deletingLastPathComponent
        }
        return path
    }
}

extension CommandContext {
    /// A path of a sentence, from the root, to be read.
    func reading(_ path: String) -> String {
        let absolute = absolutePath(path)
        return engine.scratch?.reading(absolute) ?? absolute
    }

    /// A path of a sentence, from the root, to be written.
    func writing(_ path: String) -> String {
        let absolute = absolutePath(path)
        return engine.scratch?.writing(absolute) ?? absolute
    }

    /// A path to be read, of a file that the result depends on.
    func readingFile(_ path: String) -> String {
        let place = reading(path)
        dependencies.note(.file, path: path) { try sha256(ofFile: place) }
        return place
    }
}
