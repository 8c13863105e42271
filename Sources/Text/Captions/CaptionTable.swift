/// Captions as a table of text.
enum CaptionTable {
    static func entries(_ file: TextFile) throws -> [Captions.Entry] {
        let first = try file.bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1).first.map {
            try TextFile.string($0, path: file.path, line: 1)
        }
        guard let first else { throw TextError.nothing(path: file.path) }
        if numbered(first) != nil { return try numberedEntries(file) }
        let header = try separator(ofHeader: first, path: file.path)
        return try entries(file, separator: header)
    }

    /// Lines of Flickr8k: the image, `#`, a number, a tab, the caption.
    private static func numberedEntries(_ file: TextFile) throws -> [Captions.Entry] {
        try file.lines().enumerated().compactMap { index, line in
            guard !line.trimmed.isEmpty else { return nil }
            guard let (image, text) = numbered(line) else {
                throw TextError.fieldCount(
                    path: file.path, line: index + 1, expected: 2, found: line.split(separator: "\t").count)
            }
            guard !image.isEmpty, !text.isEmpty else { throw TextError.blank(path: file.path, line: index + 1) }
            return Captions.Entry(image: image, text: text)
        }
    }

    private static func numbered(_ line: String) -> (image: String, text: String)? {
        guard let tab = line.firstIndex(of: "\t"), let sign = line[..<tab].lastIndex(of: "#") else { return nil }
        let number = line[line.index(after: sign)..<tab]
        guard !number.isEmpty, number.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return (String(line[..<sign].trimmed), String(line[line.index(after: tab)...].trimmed))
    }

    /// The separator under which the first line names both columns.
    private static func separator(ofHeader line: String, path: String) throws -> UInt8 {
        let candidates = ["\t", "|", ","].map { separator in
            (separator, line.split(separator: separator).map { unquoted($0.trimmed) })
        }
        for (separator, fields) in candidates
        where column(.image, in: fields) != nil && column(.caption, in: fields) != nil {
            return separator.utf8.first ?? 0
        }
        let found = candidates.map(\.1).max { $0.count < $1.count } ?? []
        throw TextError.noColumn(path: path, of: column(.image, in: found) == nil ? .image : .caption, found: found)
    }

    private static func entries(_ file: TextFile, separator: UInt8) throws -> [Captions.Entry] {
        var rows = try DelimitedText.rows(file, separator: separator)[...]
        guard let header = rows.popFirst() else { throw TextError.nothing(path: file.path) }
        let names = header.fields.map { String($0.trimmed) }
        guard let image = column(.image, in: names) else {
            throw TextError.noColumn(path: file.path, of: .image, found: names)
        }
        guard let caption = column(.caption, in: names) else {
            throw TextError.noColumn(path: file.path, of: .caption, found: names)
        }
        return try rows.map { row in
            guard row.fields.count == names.count else {
                throw TextError.fieldCount(
                    path: file.path, line: row.line, expected: names.count, found: row.fields.count)
            }
            let entry = Captions.Entry(
                image: String(row.fields[image].trimmed), text: String(row.fields[caption].trimmed))
            guard !entry.image.isEmpty, !entry.text.isEmpty else {
                throw TextError.blank(path: file.path, line: row.line)
            }
            return entry
        }
    }

    private static func column(_ column: CaptionColumn, in names: [String]) -> Int? {
        names.firstIndex { column.names.contains($0.lowercased()) }
    }

    private static func unquoted(_ field: Substring) -> String {
        field.count >= 2 && field.first == "\"" && field.last == "\""
            ? String(field.dropFirst().dropLast()) : String(field)
    }
}
