import Checkpoints
import Foundation
import Language

/// The file that a run is going to be recorded in, opened before the run begins: work that can't be kept is not begun.
package final class RecordFile {
    private let file: StagedFile

    /// Throws a diagnostic that says why the file can't be written.
    ///
    /// - Parameter replaces: whether a file that is there may be overwritten.
    package init(path: String, replaces: Bool) throws(Diagnostic) {
        let target = absolutePath(path)
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: target, isDirectory: &isFolder)
        if exists, isFolder.boolValue {
            throw Problem.words(SessionError.notReplaceable(path: path, reason: "it is a folder"))
        }
        if exists, !replaces {
            throw Diagnostic(
                "\"\(path)\" exists", notes: ["nothing ran, and it was left as it is"],
                hints: [
                    "amp verify FILE --against \(path) compares with it; --replace overwrites it"
                ])
        }
        do { file = try StagedFile(target: target) } catch { throw Problem.words(error) }
    }

    /// Puts the record in its place.
    package func write(_ record: RunRecord) throws(Diagnostic) {
        do {
            try file.write(record.encoded)
            try file.finish()
            try file.commit()
        } catch { throw Problem.words(error) }
    }
}
