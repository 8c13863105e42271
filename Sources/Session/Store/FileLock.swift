import Foundation
import Synchronization

/// The right to be the only one who has a session file open; it vanishes with the process.
///
/// It is a `flock`, which SQLite's own locks do not meet. Closing any descriptor of a file drops all of the process's
/// POSIX locks on it, SQLite's among them: the descriptor here is closed after the database, and a file that this
/// process has open already is refused before it is opened a second time.
final class FileLock: Sendable {
    /// What names a file whatever its path is.
    struct Identity: Hashable, Sendable {
        var device: UInt64
        var inode: UInt64
    }

    private static let held = Mutex<Set<Identity>>([])

    private let descriptor: Mutex<Int32?>
    private let identity: Identity
    /// Whether the file was not there before.
    let isNewFile: Bool

    private init(descriptor: Int32, identity: Identity, isNewFile: Bool) {
        self.descriptor = Mutex(descriptor)
        self.identity = identity
        self.isNewFile = isNewFile
    }

    /// Opens or creates the file and locks it.
    ///
    /// Throws `inUse` without the other's process id: only the database tells it.
    static func take(path: String) throws(StoreError) -> FileLock {
        if let identity = identity(path: path), held.withLock({ $0.contains(identity) }) {
            throw .inUse(path: path, processID: Int(getpid()))
        }
        var isNewFile = false
        var descriptor = open(path, O_RDWR | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT {
            descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            isNewFile = descriptor >= 0
            if !isNewFile, errno == EEXIST { descriptor = open(path, O_RDWR | O_CLOEXEC) }
        }
        guard descriptor >= 0 else { throw failure(path: path, code: errno) }

        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK { throw .inUse(path: path, processID: nil) }
            throw failure(path: path, code: code)
        }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else {
            let code = errno
            close(descriptor)
            throw failure(path: path, code: code)
        }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .notADatabase(path: path)
        }
        let identity = Identity(device: UInt64(facts.st_dev), inode: UInt64(facts.st_ino))
        held.withLock { _ = $0.insert(identity) }
        return FileLock(descriptor: descriptor, identity: identity, isNewFile: isNewFile)
    }

    /// The first bytes of the file, as many as there are up to `count`.
    func head(count: Int) -> [UInt8] {
        descriptor.withLock { descriptor in
            guard let descriptor else { return [] }
            var bytes = [UInt8](repeating: 0, count: count)
            let read = pread(descriptor, &bytes, count, 0)
            return Array(bytes.prefix(max(read, 0)))
        }
    }

    /// Of the file, in bytes.
    var size: Int {
        descriptor.withLock { descriptor in
            var facts = stat()
            guard let descriptor, fstat(descriptor, &facts) == 0 else { return 0 }
            return Int(facts.st_size)
        }
    }

    /// Gives the file back; the database must be closed by then.
    func release() {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            close(open)
            descriptor = nil
            _ = FileLock.held.withLock { $0.remove(identity) }
        }
    }

    deinit { release() }

    private static func identity(path: String) -> Identity? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        return Identity(device: UInt64(facts.st_dev), inode: UInt64(facts.st_ino))
    }

    private static func failure(path: String, code: Int32) -> StoreError {
        let detail = String(cString: strerror(code))
        return switch code {
        case EISDIR: .isDirectory(path: path)
        case ENOENT, ENOTDIR: .noSuchFolder(path: path)
        case EACCES, EPERM, EROFS, ETXTBSY: .notWritable(path: path, detail: detail)
        case ENOSPC, EDQUOT: .diskFull(path: path)
        default: .database(path: path, code: Int(code), detail: detail)
        }
    }
}
