import Checkpoints
import Foundation

extension JSON {
    /// Reads JSON to the last bit of its numbers, which Foundation's faster reader misses.
    init(exactly data: Data) throws { self = try JSONDecoder().decode(JSON.self, from: data) }
}

/// JSON as it is read by people: sorted keys, a member a line, what fits a line in one.
enum ReadableJSON {
    private static let width = 120

    static func text(_ json: JSON) -> String {
        var text = ""
        write(json, indent: 0, to: &text)
        return text + "\n"
    }

    private static func write(_ json: JSON, indent: Int, to text: inout String) {
        let flat = String(decoding: json.encoded(), as: UTF8.self)
        let room = width - indent
        switch json {
        case .object(let members) where !members.isEmpty && (flat.utf8.count > room || indent == 0):
            let lines = members.sorted { $0.key < $1.key }.map { key, value in
                (start: String(decoding: JSON.string(key).encoded(), as: UTF8.self) + ": ", value: value)
            }
            write(lines, "{", "}", indent: indent, to: &text)
        case .array(let elements) where !elements.isEmpty && flat.utf8.count > room:
            write(elements.map { ("", $0) }, "[", "]", indent: indent, to: &text)
        default: text += flat
        }
    }

    private static func write(
        _ lines: [(start: String, value: JSON)], _ open: String, _ close: String, indent: Int, to text: inout String
    ) {
        text += open + "\n"
        let margin = String(repeating: " ", count: indent + 2)
        for (index, line) in lines.enumerated() {
            text += margin + line.start
            write(line.value, indent: indent + 2, to: &text)
            text += index < lines.count - 1 ? ",\n" : "\n"
        }
        text += String(repeating: " ", count: indent) + close
    }
}
