import Checkpoints

/// The names of a data set's classes, in the order of their labels.
package struct ClassNames: Sendable, Hashable {
    package let names: [String]
    package var count: Int { names.count }

    package init(_ names: [String]) { self.names = names }

    /// From the names of class folders, whose underscores stand for spaces.
    package init(folders: [String]) {
        names = folders.map { folder in
            folder.split(separator: "_").joined(separator: " ")
        }
    }

    /// Reads a JSON array of names, a JSON object of names by label, or a text file with one name in each line.
    /// - Throws: `TextError`; `.blank` for a line without a name, which would shift the labels of those after it.
    package init(path: String) throws {
        let file = try TextFile(path: path, limit: TextFile.captionsLimit)
        let isJSON = file.bytes.first { !" \t\r\n".utf8.contains($0) }.map { "[{".utf8.contains($0) } ?? false
        names = isJSON ? try Self.names(file.json(), path: path) : try Self.names(file.lines(), path: path)
        guard !names.isEmpty else { throw TextError.nothing(path: path) }
    }

    private static func names(_ lines: [String], path: String) throws -> [String] {
        var names = lines.map { String($0.trimmed) }
        while names.last?.isEmpty == true { names.removeLast() }
        if let blank = names.firstIndex(of: "") { throw TextError.blank(path: path, line: blank + 1) }
        return names
    }

    private static func names(_ json: JSON, path: String) throws -> [String] {
        let members: [(key: String, value: JSON)]
        if let array = json.array {
            members = array.enumerated().map { ("[\($0)]", $1) }
        } else {
            let object = json.object ?? [:]
            members = try (0..<object.count).map { label in
                let key = String(label)
                guard let value = object[key] else {
                    throw TextError.value(path: path, line: nil, key: key, expected: .string, found: "nothing")
                }
                return (key, value)
            }
        }
        return try members.map { key, value in
            guard let name = value.string, !name.trimmed.isEmpty else {
                throw TextError.value(path: path, line: nil, key: key, expected: .string, found: value.described)
            }
            return String(name.trimmed)
        }
    }
}

extension StringProtocol {
    /// Without white space at its ends.
    var trimmed: Substring {
        let scalars = Substring(self).unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return Substring(scalars[first...last])
    }
}
