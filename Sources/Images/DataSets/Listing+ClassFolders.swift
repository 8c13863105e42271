extension Listing {
    /// Pictures in folders.
    ///
    /// - `train` beside `val`, `valid`, `validation` or `test` (the first of these): split by the source.
    /// - One of these names alone, with no other folder beside it: that folder is the source.
    /// - Folders with pictures somewhere below them are classes; pictures beside them are ignored.
    /// - Pictures without such folders have no labels.
    ///
    /// Classes are numbered in the order of their names' bytes, over both sides together.
    static func classFolders(path: String) throws -> Listing {
        let folders = try FolderEntry.list(path).filter(\.isFolder).map(\.name)
        let validation = ["val", "valid", "validation", "test"].first { folders.contains($0) }
        if folders.contains("train"), let validation {
            return try split(path: path, calibration: "train", validation: validation)
        }
        if folders.count == 1, let only = folders.first, only == "train" || only == validation {
            var walk = FolderWalk()
            return try listing([walk.side(path + "/" + only, name: only + "/")], path: path, walk: walk)
        }
        var walk = FolderWalk()
        return try listing([walk.side(path, name: "")], path: path, walk: walk)
    }

    /// Calibration is walked first: a file both sides lead to stays there.
    private static func split(path: String, calibration: String, validation: String) throws -> Listing {
        var walk = FolderWalk()
        let sides = try [
            walk.side(path + "/" + calibration, name: calibration + "/"),
            walk.side(path + "/" + validation, name: validation + "/"),
        ]
        for (side, name) in zip(sides, [calibration, validation]) where side.files.isEmpty {
            throw ImageError.noImages(path: path + "/" + name, ignored: walk.ignored)
        }
        return try listing(sides, path: path, walk: walk)
    }

    private static func listing(_ sides: [FolderWalk.Side], path: String, walk: FolderWalk) throws -> Listing {
        guard sides.contains(where: { !$0.files.isEmpty }) else {
            throw ImageError.noImages(path: path, ignored: walk.ignored)
        }
        let names = Set(sides.flatMap(\.classNames)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let labels = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let items = sides.map { side in
            side.files.map { file in
                DataItem(
                    label: file.className.flatMap { labels[$0] }, content: .file(path: file.path, name: file.name))
            }
        }
        return Listing(
            sides: items.count == 2 ? .two(calibration: items[0], validation: items[1]) : .one(items[0]),
            classNames: names.isEmpty ? nil : names, ignored: walk.ignored, duplicates: walk.duplicates)
    }
}

/// A walk through folders that meets every file once, whatever links lead to it.
private struct FolderWalk {
    struct File {
        let path: String
        /// Relative to the source.
        let name: String
        var className: String?
    }

    struct Side {
        var files: [File] = []
        var classNames: [String] = []
    }

    private(set) var ignored = 0
    private(set) var duplicates = 0
    private var met: Set<FileIdentity> = []

    /// The pictures of the class folders in `path`; without any, the pictures of `path` itself.
    /// - Parameter name: what comes before the names of its files
    mutating func side(_ path: String, name: String) throws -> Side {
        var side = Side()
        let entries = try FolderEntry.list(path)
        for entry in entries where entry.isFolder {
            let known = duplicates
            var files: [File] = []
            var chain: Set<FileIdentity> = []
            try collect(path + "/" + entry.name, name: name + entry.name + "/", above: &chain, into: &files)
            // A class all of whose pictures were met before is a class all the same.
            if !files.isEmpty || duplicates > known { side.classNames.append(entry.name) }
            side.files += files.map { File(path: $0.path, name: $0.name, className: entry.name) }
        }
        for entry in entries where !entry.isFolder {
            if side.classNames.isEmpty && entry.isImage {
                take(entry, path: path, name: name, into: &side.files)
            } else {
                ignored += 1
            }
        }
        return side
    }

    /// - Parameter above: the folders on the way here, to notice a link that leads back
    private mutating func collect(
        _ path: String, name: String, above: inout Set<FileIdentity>, into files: inout [File]
    ) throws {
        guard let identity = FolderEntry.facts(path).map(FileIdentity.init), above.insert(identity).inserted else {
            return
        }
        defer { above.remove(identity) }
        for entry in try FolderEntry.list(path) {
            if entry.isFolder {
                try collect(path + "/" + entry.name, name: name + entry.name + "/", above: &above, into: &files)
            } else if entry.isImage {
                take(entry, path: path, name: name, into: &files)
            } else {
                ignored += 1
            }
        }
    }

    private mutating func take(_ entry: FolderEntry, path: String, name: String, into files: inout [File]) {
        if let identity = entry.identity, !met.insert(identity).inserted {
            duplicates += 1
        } else {
            files.append(File(path: path + "/" + entry.name, name: name + entry.name))
        }
    }
}
