import Foundation

/// A file that is written beside its target and renamed onto it when it is complete.
///
/// Until `commit` nothing is seen at the target; without `commit` the staged file is removed.
package final class StagedFile {
    package let target: String
    private let staged: String
    private var descriptor: Int32
    private var committed = false

    package init(target: String) throws(CheckpointError) {
        self.target = target
        staged = target + ".amp-\(getpid()).tmp"
        descriptor = open(staged, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw Self.failure(path: target) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if !committed { unlink(staged) }
    }

    package func write(_ data: Data) throws(CheckpointError) {
        let result = data.withUnsafeBytes { buffer in
            Result { () throws(CheckpointError) in try write(buffer) }
        }
        try result.get()
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        var rest = bytes
        while let base = rest.baseAddress, rest.count > 0 {
            let written = Glibc.write(descriptor, base, min(rest.count, 1 << 30))
            if written < 0 {
                if errno == EINTR { continue }
                throw Self.failure(path: target)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Flushes to the disk. Afterwards only a rename is left to do.
    package func finish() throws(CheckpointError) {
        guard fsync(descriptor) == 0 else { throw Self.failure(path: target) }
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0 else { throw Self.failure(path: target) }
    }

    /// Whether the finished file holds the same bytes as another one.
    package func hasSameContent(as path: String) throws(CheckpointError) -> Bool {
        guard access(path, F_OK) == 0 else { return false }
        let own = try MappedFile(path: staged)
        let other = try MappedFile(path: path)
        guard own.bytes.count == other.bytes.count else { return false }
        guard let left = own.bytes.baseAddress, let right = other.bytes.baseAddress else { return true }
        return memcmp(left, right, own.bytes.count) == 0
    }

    /// Puts the finished file at its target, in place of what was there.
    package func commit() throws(CheckpointError) {
        if descriptor >= 0 { try finish() }
        guard rename(staged, target) == 0 else { throw Self.failure(path: target) }
        committed = true
    }

    private static func failure(path: String) -> CheckpointError {
        let code = errno
        return code == ENOSPC || code == EDQUOT
            ? .diskFull(path: path) : .unwritable(path: path, reason: String(cString: strerror(code)))
    }
}
