/// The characters of a rendering: Unicode's or ASCII's, and never one that a terminal obeys.
struct Glyphs: Sendable, Hashable {
    var unicode: Bool

    var arrow: String { unicode ? "→" : "->" }
    var rule: String { unicode ? "─" : "-" }
    var ellipsis: String { unicode ? "…" : "..." }
    var accepted: String { unicode ? "✓" : "+" }
    var rejected: String { unicode ? "✗" : "-" }
    var fill: String { unicode ? "█" : "#" }
    var ghost: String { unicode ? "░" : "." }
    /// Of one eighth to seven eighths of a cell, where the characters have them.
    var parts: [String] { unicode ? ["▏", "▎", "▍", "▌", "▋", "▊", "▉"] : [] }

    /// The text as these characters can show it; newlines stay.
    func clean(_ text: StyledText) -> StyledText {
        var result = StyledText()
        for run in text.runs { result.append(clean(run.text), style: run.style) }
        return result
    }

    /// The same on one line.
    func oneLine(_ text: StyledText) -> StyledText {
        var result = StyledText()
        for run in text.runs {
            let flat = run.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            result.append(clean(flat.joined(separator: " ")), style: run.style)
        }
        return result
    }

    private func clean(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        var result = ""
        for character in text {
            if character.isNewline {
                result += "\n"
            } else if character == "\t" {
                result += " "
            } else if character.unicodeScalars.contains(where: Glyphs.commands) {
                result += unicode ? "\u{FFFD}" : "?"
            } else if unicode || character.isASCII {
                result.append(character)
            } else {
                result += Glyphs.ascii[character] ?? "?"
            }
        }
        return result
    }

    /// Control characters, and those that turn the direction of what follows: a file's name must not write the screen.
    private static func commands(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static let ascii: [Character: String] = [
        "→": "->", "←": "<-", "–": "-", "—": "-", "−": "-", "·": "-", "•": "*", "…": "...", "×": "x", "✓": "+",
        "✗": "-", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "±": "+/-", "‘": "'", "’": "'", "“": "\"", "”": "\"",
        "ℓ": "l", "Δ": "d", "µ": "u", "μ": "u", "°": " deg", "\u{A0}": " ", "\u{202F}": " ", "\u{2009}": " ",
        "ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e", "è": "e", "█": "#", "░": ".", "─": "-", "│": "|",
    ]
}
