import Crypto
import Tensor

extension DataSet {
    /// SHA-256 of what the images are: for every image of every part, in order, its content and label. Names, places and
    /// times do not count; a compressed IDX file counts as what it holds.
    ///
    /// Reads every file. An unreadable one counts as its error.
    package func fingerprint(
        checkCancelled: () throws -> Void = {}, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> String {
        var whole = SHA256()
        let total = parts.reduce(0) { $0 + $1.count }
        var done = 0
        for part in parts {
            whole.update(part.role.rawValue, count: part.count)
            for start in stride(from: 0, to: part.count, by: 256) {
                try checkCancelled()
                let range = start..<min(start + 256, part.count)
                for (index, digest) in zip(range, try part.digests(range)) {
                    digest.withUnsafeBytes { whole.update(bufferPointer: $0) }
                    whole.update("label", count: part.items[index].label ?? -1)
                }
                done += range.count
                progress(done, total)
            }
        }
        return hexadecimal(whole.finalize())
    }

    /// SHA-256 of what a look at the files' entries tells: paths, sizes, times of change, labels and order. Cheap; the same
    /// stamp means the same fingerprint unless somebody set a file's time back.
    package var stamp: String {
        var whole = SHA256()
        for part in parts {
            whole.update(part.role.rawValue, count: part.count)
            var previous: String?
            for item in part.items {
                let path = item.path
                // The images of one file follow each other: one look at it will do.
                if path != previous { whole.update(stampOf: path) }
                previous = path
                whole.update(item.name, count: item.label ?? -1)
            }
        }
        return hexadecimal(whole.finalize())
    }
}

extension DataPart {
    fileprivate func digests(_ range: Range<Int>) throws -> [SHA256.Digest] {
        let digests = Locked<[Int: SHA256.Digest]>([:])
        try Parallel.forEach(range.count) { offset in
            let digest = items[range.lowerBound + offset].digest()
            digests.withLock { $0[offset] = digest }
        }
        return digests.withLock { found in range.indices.compactMap { found[$0 - range.lowerBound] } }
    }
}

extension DataItem {
    /// The file that holds the image.
    fileprivate var path: String {
        switch content {
        case .file(let path, _): path
        case .idx(let images, _): images.path
        case .prepared(let images, _): images.path
        case .text(let texts, _): texts.path
        }
    }

    fileprivate func digest() -> SHA256.Digest {
        var hash = SHA256()
        switch content {
        case .file(let path, _):
            do {
                let file = try OpenFile(path: path)
                while true {
                    let piece = try file.read(upTo: 1 << 18)
                    hash.update(data: piece)
                    if piece.count < 1 << 18 { break }
                }
            } catch {
                hash.update("unreadable", count: 0)
            }
        case .idx(let images, let index):
            hash.update("height", count: images.size.height)
            hash.update("width", count: images.size.width)
            images.withBytes(of: index) { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        case .prepared(let images, let index):
            for size in images.shape { hash.update("size", count: size) }
            let image = images.values.rows(index..<(index + 1))
            let bytes = UnsafeBufferPointer(start: image.base, count: image.count)
            hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        case .text(let texts, let index):
            let row = texts.row(index)
            for (place, id) in row.ids.enumerated() {
                hash.update("token", count: Int(id))
                if let segments = row.segments { hash.update("segment", count: Int(segments[place])) }
                if let mask = row.mask { hash.update("mask", count: mask[place] ? 1 : 0) }
            }
        }
        return hash.finalize()
    }
}

extension SHA256 {
    /// A word and a number, so written that no two sequences of them run into each other.
    fileprivate mutating func update(_ word: String, count: Int) {
        update(data: Array(word.utf8) + [0])
        withUnsafeBytes(of: Int64(count).littleEndian) { update(bufferPointer: $0) }
    }

    fileprivate mutating func update(stampOf path: String) {
        let facts = FolderEntry.facts(path)
        update(path, count: facts.map { Int($0.st_size) } ?? -1)
        update("seconds", count: facts.map { $0.st_mtim.tv_sec } ?? -1)
        update("nanoseconds", count: facts.map { $0.st_mtim.tv_nsec } ?? -1)
    }
}

private func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}
