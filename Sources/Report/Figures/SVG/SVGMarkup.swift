import Foundation

/// SVG text as it grows: elements in order, every text escaped, every number short and the same everywhere.
struct SVGMarkup: Sendable {
    private(set) var text = ""
    private var open: [String] = []

    typealias Attributes = [(String, String)]

    mutating func begin(_ name: String, _ attributes: Attributes = []) {
        tag(name, attributes, end: ">")
        open.append(name)
    }

    mutating func end() {
        guard let name = open.popLast() else { return }
        text += "</\(name)>\n"
    }

    mutating func element(_ name: String, _ attributes: Attributes, content: String? = nil) {
        guard let content else { return tag(name, attributes, end: "/>") }
        tag(name, attributes, end: ">", newline: false)
        text += Self.escaped(content) + "</\(name)>\n"
    }

    /// Content that is markup already.
    mutating func element(_ name: String, _ attributes: Attributes, markup: String) {
        tag(name, attributes, end: ">", newline: false)
        text += markup + "</\(name)>\n"
    }

    mutating func append(_ other: SVGMarkup) { text += other.text }

    private mutating func tag(_ name: String, _ attributes: Attributes, end: String, newline: Bool = true) {
        text += "<" + name
        for (key, value) in attributes { text += " \(key)=\"\(Self.escaped(value))\"" }
        text += end + (newline ? "\n" : "")
    }

    /// Two decimals at most: a hundredth of a pixel is not seen.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        var text = NumberFormat.fixed(min(max(value, -1e7), 1e7), digits: 2)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// Without what XML can't hold, nor what turns the direction of the text around it.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t", "\r": result += " "
            default:
                switch scalar.value {
                case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF: result += "\u{FFFD}"
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
