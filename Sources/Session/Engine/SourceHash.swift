import Checkpoints
import Foundation
import Tensor

/// The SHA-256 of a model's weights: known from `load` for small files, otherwise computed when it is first needed.
///
/// What was computed is kept in the session's cache under size, time and inode of the files, so that a file of many
/// gigabytes is read once, and not again in the next session or when it is moved.
struct SourceHash {
    /// Files up to this size are hashed when they are loaded: that takes less than a tenth of a second.
    static let small = 64_000_000

    let files: [String]
    let stamp: FileStamp
    /// What the session knows without looking.
    var given: String?
    let store: SessionStore
    let monitor: Monitor

    var value: String {
        get throws {
            if let known = try given ?? Self.remembered(stamp, in: store) { return known }
            let hash = try sha256(ofFiles: files, monitor: monitor)
            guard try FileStamp(files: files) == stamp else {
                throw CheckpointError.unreadable(path: files.first ?? "", reason: "it changes while it is read")
            }
            try store.cache(CacheEntry(key: try Self.key(stamp), kind: "sha256", data: Data(hash.utf8)))
            return hash
        }
    }

    /// The hash of files as they once were, if it was ever computed and is still in the cache.
    static func remembered(_ stamp: FileStamp, in store: SessionStore) throws -> String? {
        try store.cached(key(stamp)).map { String(decoding: $0, as: UTF8.self) }
    }

    private struct Key: Encodable {
        let kind = "sha256"
        let stamp: FileStamp
    }

    private static func key(_ stamp: FileStamp) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return sha256(of: try encoder.encode(Key(stamp: stamp)))
    }
}

/// Size, modification time and identity of the files of a checkpoint: what tells cheaply whether they are as they were.
struct FileStamp: Hashable, Encodable {
    /// Of all files together.
    let size: Int
    /// Nanoseconds since 1970; of several files a mix of their times.
    let modified: Int
    /// Changes when a file is replaced by another of the same size and time; of several files a mix.
    let inode: Int

    init(files: [String]) throws(CheckpointError) {
        var (size, modified, inode) = (0, 0, 0)
        for path in files {
            var facts = stat()
            guard stat(path, &facts) == 0 else {
                if errno == ENOENT { throw .notFound(path: path) }
                throw .unreadable(path: path, reason: String(cString: strerror(errno)))
            }
            size += Int(facts.st_size)
            // Mixed so that no change of one is undone by another's; a single file's own numbers stay as they are.
            modified = modified &* 31 &+ (facts.st_mtim.tv_sec * 1_000_000_000 + facts.st_mtim.tv_nsec)
            inode = inode &* 31 &+ Int(truncatingIfNeeded: facts.st_ino)
        }
        (self.size, self.modified, self.inode) = (size, modified, inode)
    }

    /// As it was noted in a session. Sessions of old did not note which file it was.
    init(_ source: SourceStamp) {
        (size, modified, inode) = (source.size, source.modified, source.inode ?? 0)
    }
}
