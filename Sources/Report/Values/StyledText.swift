/// What a run of text means; a rendering decides how that looks.
package enum TextStyle: String, Codable, Sendable, Hashable, CaseIterable {
    case plain, strong, name, number, good, bad, faint, key
}

/// Text as runs of one style each, written by string interpolation.
///
///     "layer 12 (\(key: "blocks.11"))  384 → \(strong: 96)"
///
/// A newline in the text is a line break in a paragraph and a space in a table's cell.
package struct StyledText: Sendable, Hashable {
    package struct Run: Codable, Sendable, Hashable {
        package var text: String
        package var style: TextStyle

        package init(_ text: String, style: TextStyle = .plain) {
            self.text = text
            self.style = style
        }
    }

    package private(set) var runs: [Run] = []

    package init() {}

    package init(_ text: String, style: TextStyle = .plain) {
        append(text, style: style)
    }

    /// The text without its styles.
    package var plain: String { runs.map(\.text).joined() }

    package var isEmpty: Bool { runs.isEmpty }

    /// Adds text, joining it to the last run if the style is the same, so equal texts are equal values.
    package mutating func append(_ text: String, style: TextStyle = .plain) {
        guard !text.isEmpty else { return }
        if let last = runs.indices.last, runs[last].style == style {
            runs[last].text += text
        } else {
            runs.append(Run(text, style: style))
        }
    }

    package mutating func append(_ other: StyledText) {
        for run in other.runs { append(run.text, style: run.style) }
    }

    package static func + (left: StyledText, right: StyledText) -> StyledText {
        var sum = left
        sum.append(right)
        return sum
    }

    package static func += (left: inout StyledText, right: StyledText) { left.append(right) }
}

extension Sequence where Element == StyledText {
    package func joined(separator: StyledText = StyledText()) -> StyledText {
        var whole = StyledText()
        for (index, text) in self.enumerated() {
            if index > 0 { whole.append(separator) }
            whole.append(text)
        }
        return whole
    }
}

extension StyledText: Codable {
    package init(from decoder: any Decoder) throws {
        for run in try [Run](from: decoder) { append(run.text, style: run.style) }
    }

    package func encode(to encoder: any Encoder) throws { try runs.encode(to: encoder) }
}
