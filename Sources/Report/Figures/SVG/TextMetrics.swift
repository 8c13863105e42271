/// About how wide text is in a sans-serif face: the reader's own fonts are not known when a picture is made.
enum TextMetrics {
    /// In units of the type size; rather too wide than too narrow.
    static func width(_ text: String) -> Double {
        text.reduce(0) { sum, character in sum + width(character) } * 1.06
    }

    static func width(_ label: TickLabel) -> Double {
        switch label {
        case .text(let text): width(text)
        case .power(let mantissa, let exponent):
            width(TickLabel.factor(mantissa) + "10") + 0.72 * width(String(exponent))
        }
    }

    private static func width(_ character: Character) -> Double {
        switch character {
        case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!": 0.28
        case "f", "t", "r", "(", ")", "[", "]", "/", "-", " ": 0.34
        case "m", "w", "M", "W", "%", "@", "−", "×", "→", "✓", "✗", "…": 0.86
        case "a"..."z", "0"..."9": 0.56
        case "A"..."Z": 0.69
        default: character.isASCII ? 0.6 : DisplayWidth.of(character) == 2 ? 1.05 : 0.65
        }
    }

    /// The text in lines of at most `width` type sizes, broken at spaces.
    static func lines(_ text: String, width limit: Double) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            let longer = line.isEmpty ? String(word) : line + " " + word
            if width(longer) <= limit {
                line = longer
            } else {
                if !line.isEmpty { lines.append(line) }
                line = cut(String(word), to: limit)
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// Cut to a width, with an ellipsis if something went.
    static func cut(_ text: String, to limit: Double) -> String {
        guard width(text) > limit else { return text }
        var sum = width("…")
        var result = ""
        for character in text {
            sum += width(character) * 1.06
            guard sum <= limit else { break }
            result.append(character)
        }
        return result + "…"
    }
}
