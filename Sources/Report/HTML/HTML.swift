/// A piece of a page.
///
/// Text becomes markup only through interpolation, which escapes it, so that no label or file name is ever read as
/// markup: `"<td>\(text: name)</td>"`.
struct HTML: Sendable, Hashable {
    private(set) var markup: String

    /// Text as it is to be read.
    init(text: String) { markup = HTML.escaped(text) }

    /// What is markup already.
    init(markup: String) { self.markup = markup }

    static func + (left: HTML, right: HTML) -> HTML { HTML(markup: left.markup + right.markup) }

    static func += (left: inout HTML, right: HTML) { left.markup += right.markup }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            // Control characters are no part of a page, and a label must not turn the direction of what follows it.
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{FFFE}",
                "\u{FFFF}":
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension HTML: ExpressibleByStringInterpolation {
    init(stringLiteral value: String) { markup = value }

    init(stringInterpolation: Interpolation) { markup = stringInterpolation.markup }

    struct Interpolation: StringInterpolationProtocol {
        var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { markup += literal }

        /// A name of its own, so that no literal inside an interpolation is taken for text.
        mutating func appendInterpolation(text: String) { markup += HTML(text: text).markup }
        mutating func appendInterpolation(_ number: Int) { markup += String(number) }
        mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
        mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { markup += piece.markup } }
    }
}

extension StyledText {
    var html: HTML { runs.reduce(into: "") { $0 += $1.html } }

    /// On one line, as a cell of a table has it.
    var oneLine: StyledText {
        runs.reduce(into: StyledText()) { text, run in
            let parts = run.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            text.append(parts.joined(separator: " "), style: run.style)
        }
    }
}

extension StyledText.Run {
    fileprivate var html: HTML {
        switch style {
        case .plain, .number: HTML(text: text)
        case .strong: "<strong>\(text: text)</strong>"
        case .name: "<strong class=\"amp-name\">\(text: text)</strong>"
        case .key: "<code>\(text: text)</code>"
        case .good: "<span class=\"amp-good\">\(text: text)</span>"
        case .bad: "<span class=\"amp-bad\">\(text: text)</span>"
        case .faint: "<span class=\"amp-faint\">\(text: text)</span>"
        }
    }
}
