/// Text of rows and separated fields, as RFC 4180 quotes them.
///
/// A field whose first character is a quote ends at the next single one; in it, separators and line ends are text and
/// two quotes are one. Quotes elsewhere are text. Blank lines are no rows.
enum DelimitedText {
    struct Row: Equatable {
        /// The line it begins in, from 1.
        let line: Int
        let fields: [String]
    }

    static func rows(_ file: TextFile, separator: UInt8) throws -> [Row] {
        let (bytes, path) = (file.bytes, file.path)
        let (quote, newline, carriage) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        var rows: [Row] = []
        var fields: [String] = []
        var (index, line) = (0, 1)
        while index < bytes.count {
            let rowLine = line
            var isQuoted = false
            row: while true {
                var field: [UInt8] = []
                let fieldLine = line
                if index < bytes.count, bytes[index] == quote {
                    isQuoted = true
                    index += 1
                    while true {
                        guard index < bytes.count else { throw TextError.unclosedQuote(path: path, line: fieldLine) }
                        if bytes[index] == quote {
                            index += 1
                            guard index < bytes.count, bytes[index] == quote else { break }
                        }
                        if bytes[index] == newline { line += 1 }
                        field.append(bytes[index])
                        index += 1
                    }
                    if index + 1 < bytes.count, bytes[index] == carriage, bytes[index + 1] == newline { index += 1 }
                    guard index == bytes.count || bytes[index] == separator || bytes[index] == newline else {
                        throw TextError.textAfterQuote(path: path, line: line)
                    }
                } else {
                    let end = bytes[index...].firstIndex { $0 == separator || $0 == newline } ?? bytes.count
                    let isLast = end == bytes.count || bytes[end] == newline
                    field += bytes[index..<end]
                    if isLast, field.last == carriage { field.removeLast() }
                    index = end
                }
                fields.append(try TextFile.string(field, path: path, line: fieldLine))
                guard index < bytes.count, bytes[index] == separator else { break row }
                index += 1
            }
            // The end of the line.
            index += 1
            line += 1
            if isQuoted || fields != [""] { rows.append(Row(line: rowLine, fields: fields)) }
            fields = []
        }
        return rows
    }
}
