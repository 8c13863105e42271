import Foundation
import Language

extension Engine {
    /// The text of a script. Throws a diagnostic that says why it can't be read.
    package static func script(_ path: String) throws(Diagnostic) -> Source {
        func refuse(_ code: Int32) -> Diagnostic {
            Problem.words(SessionError.scriptMissing(path: path, reason: String(cString: strerror(code))))
        }
        let descriptor = Glibc.open(absolutePath(path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refuse(errno) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw refuse(errno) }
        guard facts.st_mode & S_IFMT != S_IFDIR else { throw refuse(EISDIR) }
        do { return Source(bytes: try file.readToEnd() ?? Data(), name: path) } catch {
            throw Problem.words(SessionError.scriptMissing(path: path, reason: Problem.systemReason(error)))
        }
    }
}
