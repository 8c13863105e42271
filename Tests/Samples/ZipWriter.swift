/// A zip archive of stored entries, as torch.save or somebody else might have written it.
package struct ZipWriter: Sendable {
    package struct Entry: Sendable {
        package var name: String
        package var bytes: [UInt8]
        /// 0: stored; 8: said to be deflated.
        package var method = 0
    }

    package var entries: [Entry] = []
    /// Whether sizes and places stand in fields of 64 bits.
    package var isWide = false
    package var comment: [UInt8] = []

    package init() {}

    /// What torch.save writes: a pickle and its storages by their keys.
    package static func torch(
        _ item: PickleItem, storages: [(key: String, bytes: [UInt8])], version: UInt8 = 2, root: String = "archive"
    ) -> ZipWriter {
        torch(pickle: PickleWriter.pickle(item, version: version), storages: storages, root: root)
    }

    package static func torch(
        pickle: [UInt8], storages: [(key: String, bytes: [UInt8])], root: String = "archive"
    ) -> ZipWriter {
        var zip = ZipWriter()
        zip.add(root + "/data.pkl", pickle)
        zip.add(root + "/byteorder", Array("little".utf8))
        for storage in storages { zip.add("\(root)/data/\(storage.key)", storage.bytes) }
        zip.add(root + "/version", Array("3\n".utf8))
        return zip
    }

    package mutating func add(_ name: String, _ bytes: [UInt8], method: Int = 0) {
        entries.append(Entry(name: name, bytes: bytes, method: method))
    }

    package var bytes: [UInt8] {
        var file: [UInt8] = []
        var table: [UInt8] = []
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        func signature(_ last: UInt8, _ next: UInt8) -> [UInt8] { [0x50, 0x4B, last, next] }
        for entry in entries {
            let start = file.count
            let name = Array(entry.name.utf8)
            let size = entry.bytes.count
            let sizes = isWide ? little(0xFFFF_FFFF, 4) + little(0xFFFF_FFFF, 4) : little(size, 4) + little(size, 4)
            let wide = isWide ? little(1, 2) + little(24, 2) + little(size, 8) + little(size, 8) + little(start, 8) : []
            let common = little(0, 2) + little(entry.method, 2) + little(0, 4) + little(0, 4) + sizes
            // Three bytes of an extra field put the values at any address.
            let gap = little(0xFFFF, 2) + little(3, 2) + [0, 0, 0]
            file += signature(3, 4) + little(20, 2) + common + little(name.count, 2) + little(gap.count, 2)
            file += name + gap + entry.bytes
            table += signature(1, 2) + little(20, 2) + little(20, 2) + common
            table += little(name.count, 2) + little(wide.count, 2) + little(0, 2) + little(0, 8)
            table += little(isWide ? 0xFFFF_FFFF : start, 4) + name + wide
        }
        let start = file.count
        file += table
        if isWide {
            let end = file.count
            file += signature(6, 6) + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8)
            file += little(entries.count, 8) + little(entries.count, 8) + little(table.count, 8) + little(start, 8)
            file += signature(6, 7) + little(0, 4) + little(end, 8) + little(1, 4)
        }
        let count = isWide ? 0xFFFF : entries.count
        file += signature(5, 6) + little(0, 4) + little(count, 2) + little(count, 2)
        file += isWide ? little(0xFFFF_FFFF, 4) + little(0xFFFF_FFFF, 4) : little(table.count, 4) + little(start, 4)
        return file + little(comment.count, 2) + comment
    }
}
