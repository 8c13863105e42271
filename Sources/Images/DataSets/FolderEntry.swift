import Glibc

/// An entry of a folder, symbolic links followed.
struct FolderEntry {
    let name: String
    let isFolder: Bool
    /// Nil for a link that leads nowhere.
    let identity: FileIdentity?

    /// The visible entries, in the order of their names' bytes.
    /// - Throws: `ImageError.missing`, `.unreadable`.
    static func list(_ path: String) throws -> [FolderEntry] {
        guard let folder = opendir(path) else {
            throw errno == ENOENT ? ImageError.missing(path: path) : ImageError.unreadable(path: path, code: errno)
        }
        defer { closedir(folder) }
        var entries: [FolderEntry] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                guard errno == 0 else { throw ImageError.unreadable(path: path, code: errno) }
                break
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            let facts = facts(path + "/" + name)
            entries.append(
                FolderEntry(
                    name: name, isFolder: facts.map { $0.st_mode & S_IFMT == S_IFDIR } ?? false,
                    identity: facts.map(FileIdentity.init)))
        }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// - Throws: `ImageError.missing`, `.unreadable`.
    static func isFolder(_ path: String) throws -> Bool {
        guard let facts = facts(path) else {
            throw errno == ENOENT ? ImageError.missing(path: path) : ImageError.unreadable(path: path, code: errno)
        }
        return facts.st_mode & S_IFMT == S_IFDIR
    }

    static func facts(_ path: String) -> stat? {
        var facts = stat()
        return stat(path, &facts) == 0 ? facts : nil
    }

    var isImage: Bool {
        guard !isFolder, let dot = name.lastIndex(of: ".") else { return false }
        return ImageFormat.extensions.contains(name[name.index(after: dot)...].lowercased())
    }
}

/// What makes two paths one file.
struct FileIdentity: Hashable {
    let device: UInt64
    let node: UInt64

    init(_ facts: stat) {
        device = UInt64(facts.st_dev)
        node = UInt64(facts.st_ino)
    }
}
