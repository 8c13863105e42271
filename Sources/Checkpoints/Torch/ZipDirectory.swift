import Foundation

/// The entries of a zip archive and where their bytes lie, checked to lie inside the file.
///
/// Follows the APPNOTE of PKWARE, sections 4.3 and 4.5.3, as far as torch.save uses it: entries are stored, not
/// compressed. Checksums are not compared: PyTorch can be told to write none.
struct ZipDirectory {
    /// The bytes of each stored entry.
    private(set) var stored: [String: Range<Int>] = [:]
    /// Entries that are compressed or encrypted, whose bytes are of no use here.
    private(set) var packed: Set<String> = []

    private static let localMark: UInt32 = 0x0403_4B50
    private static let entryMark: UInt32 = 0x0201_4B50
    private static let endMark: UInt32 = 0x0605_4B50
    private static let end64Mark: UInt32 = 0x0606_4B50
    private static let locator64Mark: UInt32 = 0x0706_4B50

    /// Whether the bytes begin as a zip archive does.
    static func isZip(_ bytes: UnsafeRawBufferPointer) -> Bool { LittleEndian(bytes: bytes).has(localMark, at: 0) }

    init(_ file: MappedFile) throws(CheckpointError) {
        let reader = LittleEndian(bytes: file.bytes)
        func malformed(_ reason: String) -> CheckpointError { .malformedArchive(path: file.path, reason: reason) }
        guard let end = Self.end(reader) else {
            throw malformed("the table of contents at its end is missing, so it ends too early")
        }
        guard let table = Self.table(reader, end: end) else {
            throw malformed("its table of contents does not lie inside the file")
        }
        var place = table.lowerBound
        while place < table.upperBound {
            guard let entry = Entry(reader, at: place, before: table.upperBound) else {
                throw malformed("its table of contents is broken at byte \(place)")
            }
            place = entry.next
            guard stored[entry.name] == nil, !packed.contains(entry.name) else {
                throw malformed("it holds \(entry.name) twice")
            }
            guard entry.isStored else {
                packed.insert(entry.name)
                continue
            }
            guard let start = Self.dataStart(reader, entry), start <= table.lowerBound,
                table.lowerBound - start >= entry.size
            else { throw malformed("\(entry.name) does not lie inside the file") }
            stored[entry.name] = start..<(start + entry.size)
        }
    }

    /// One line of the table of contents.
    private struct Entry {
        let name: String
        let isStored: Bool
        let size: Int
        let header: Int
        let next: Int

        init?(_ reader: LittleEndian, at place: Int, before limit: Int) {
            guard reader.has(ZipDirectory.entryMark, at: place), limit - place >= 46,
                let flags = reader.integer(at: place + 8, as: UInt16.self),
                let method = reader.integer(at: place + 10, as: UInt16.self),
                let packedSize = reader.integer(at: place + 20, as: UInt32.self),
                let size = reader.integer(at: place + 24, as: UInt32.self),
                let nameLength = reader.integer(at: place + 28, as: UInt16.self),
                let extraLength = reader.integer(at: place + 30, as: UInt16.self),
                let commentLength = reader.integer(at: place + 32, as: UInt16.self),
                let header = reader.integer(at: place + 42, as: UInt32.self)
            else { return nil }
            let extra = place + 46 + nameLength
            next = extra + extraLength + commentLength
            guard next <= limit else { return nil }
            // Numbers that do not fit 32 bits stand in a field of their own, in this order.
            var wide = ZipDirectory.field64(reader, extra..<(extra + extraLength))?[...]
            func widened(_ value: Int) -> Int? {
                guard value == Int(UInt32.max) else { return value }
                return wide?.popFirst()
            }
            guard let fullSize = widened(size), let fullPacked = widened(packedSize), let fullHeader = widened(header)
            else { return nil }
            self.size = fullSize
            self.header = fullHeader
            isStored = method == 0 && flags & 1 == 0
            if isStored, fullSize != fullPacked { return nil }
            name = String(decoding: reader.bytes[(place + 46)..<extra], as: UTF8.self)
        }
    }

    // MARK: Finding the table

    /// Where the record stands that ends the archive; a comment may follow it.
    private static func end(_ reader: LittleEndian) -> Int? {
        let last = reader.bytes.count - 22
        guard last >= 0 else { return nil }
        for place in stride(from: last, through: max(0, last - 0xFFFF), by: -1)
        where reader.has(endMark, at: place) && reader.integer(at: place + 20, as: UInt16.self) == last - place {
            return place
        }
        return nil
    }

    /// The bytes of the table of contents.
    private static func table(_ reader: LittleEndian, end: Int) -> Range<Int>? {
        guard var size = reader.integer(at: end + 12, as: UInt32.self),
            var start = reader.integer(at: end + 16, as: UInt32.self)
        else { return nil }
        var limit = end
        if reader.has(locator64Mark, at: end - 20) {
            guard let wide = reader.integer(at: end - 12, as: UInt64.self), wide <= end - 20,
                reader.has(end64Mark, at: wide),
                let wideSize = reader.integer(at: wide + 40, as: UInt64.self),
                let wideStart = reader.integer(at: wide + 48, as: UInt64.self)
            else { return nil }
            (size, start, limit) = (wideSize, wideStart, wide)
        }
        guard start <= limit, limit - start >= size else { return nil }
        return start..<(start + size)
    }

    /// The numbers of the field with identifier 1 among an entry's extra fields.
    private static func field64(_ reader: LittleEndian, _ extra: Range<Int>) -> [Int]? {
        var place = extra.lowerBound
        while place + 4 <= extra.upperBound, let kind = reader.integer(at: place, as: UInt16.self),
            let length = reader.integer(at: place + 2, as: UInt16.self), place + 4 + length <= extra.upperBound
        {
            if kind == 1 {
                return (0..<(length / 8)).map { reader.integer(at: place + 4 + 8 * $0, as: UInt64.self) ?? .max }
            }
            place += 4 + length
        }
        return nil
    }

    /// Where an entry's bytes begin: behind its own header, whose extra fields may be longer than the table's.
    private static func dataStart(_ reader: LittleEndian, _ entry: Entry) -> Int? {
        guard reader.has(localMark, at: entry.header),
            let nameLength = reader.integer(at: entry.header + 26, as: UInt16.self),
            let extraLength = reader.integer(at: entry.header + 28, as: UInt16.self)
        else { return nil }
        return entry.header + 30 + nameLength + extraLength
    }
}
