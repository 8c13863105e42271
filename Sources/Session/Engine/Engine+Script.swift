import Foundation
import Language

extension Engine {
    /// The text of a script. Throws a diagnostic that says why it can't be read.
    ///
    /// - Parameter place: where it is, if not at its path.
    package static func script(_ path: String, at place: String? = nil) throws(Diagnostic) -> Source {
        func refuse(_ code: Int32) -> Diagnostic {
            Problem.words(SessionError.scriptMissing(path: path, reason: String(cString: strerror(code))))
        }
        let descriptor = Glibc.open(place ?? absolutePath(path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refuse(errno) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw refuse(errno) }
        guard facts.st_mode & S_IFMT != S_IFDIR else { throw refuse(EISDIR) }
        let bytes: Data
        do { bytes = try file.readToEnd() ?? Data() } catch {
            throw Problem.words(SessionError.scriptMissing(path: path, reason: Problem.systemReason(error)))
        }
        // No text has one; a file of weights given by mistake would be a thousand errors.
        guard !bytes.prefix(1 << 16).contains(0) else {
            throw Problem.words(SessionError.scriptMissing(path: path, reason: "it is no text"))
        }
        return Source(bytes: bytes, name: path)
    }
}
