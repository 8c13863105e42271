import Glibc

/// A regular file opened for reading; its errors name the path and the system's reason.
final class OpenFile {
    let path: String
    /// In bytes, when it was opened.
    let size: Int
    private let descriptor: Int32

    init(path: String) throws {
        self.path = path
        // Without O_NONBLOCK the opening of a pipe would wait for a writer.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? ImageError.missing(path: path) : ImageError.unreadable(path: path, code: errno)
        }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else {
            let code = errno
            close(descriptor)
            throw ImageError.unreadable(path: path, code: code)
        }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ImageError.notAFile(path: path)
        }
        size = Int(facts.st_size)
    }

    deinit { close(descriptor) }

    /// The next bytes, at most `limit`; fewer only at the end of the file.
    func read(upTo limit: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            while count < limit, let base = buffer.baseAddress {
                let got = Glibc.read(descriptor, base + count, limit - count)
                if got < 0 && errno == EINTR { continue }
                guard got >= 0 else { throw ImageError.unreadable(path: path, code: errno) }
                if got == 0 { break }
                count += got
            }
        }
    }

    /// All bytes that are left of the file as it was when opened, after `read(upTo:)` took `taken` of them.
    func readRest() throws -> [UInt8] {
        let position = lseek(descriptor, 0, SEEK_CUR)
        return try read(upTo: max(0, size - Int(position)))
    }
}
