/// Cuts a clean text into words: contractions, runs of letters, single digits, runs of anything else but spaces.
///
/// CLIP's pattern: `'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`.
struct WordCutter {
    enum Word: Equatable {
        /// The scalars at these places.
        case text(Range<Int>)
        /// A special token by its id.
        case special(Int32)
    }

    /// Names of special tokens that count as such wherever a word could begin.
    var specials: [(name: [Unicode.Scalar], id: Int32)] = []
    /// Whether the pattern ignores case: ſ after an apostrophe counts as an s, and a lone iota below is no word at all,
    /// because it is neither a letter nor, since its capital is one, anything else.
    var ignoresCase = false

    func cut(_ text: [Unicode.Scalar], _ body: (Word) throws -> Void) rethrows {
        var start = 0
        while start < text.count {
            let end: Int
            if let special = specials.first(where: { text[start...].starts(with: $0.name) }) {
                try body(.special(special.id))
                start += special.name.count
                continue
            } else if let length = contraction(text, at: start) {
                end = start + length
            } else {
                let kind = kind(text[start])
                switch kind {
                case .space:
                    start += 1
                    continue
                case .number: end = start + 1
                case .letter, .other:
                    end = text[(start + 1)...].firstIndex { self.kind($0) != kind } ?? text.count
                }
            }
            try body(.text(start..<end))
            start = end
        }
    }

    /// The length of the contraction that begins at a place, if one does.
    private func contraction(_ text: [Unicode.Scalar], at start: Int) -> Int? {
        guard text[start] == "'", start + 1 < text.count else { return nil }
        let first = text[start + 1]
        switch first {
        case "s", "t", "m", "d": return 2
        case "ſ" where ignoresCase: return 2
        case "r", "v": return start + 2 < text.count && text[start + 2] == "e" ? 3 : nil
        case "l": return start + 2 < text.count && text[start + 2] == "l" ? 3 : nil
        default: return nil
        }
    }

    private func kind(_ scalar: Unicode.Scalar) -> Kind {
        ignoresCase && scalar == "\u{345}" ? .space : Kind(scalar)
    }

    private enum Kind {
        case space, letter, number, other

        init(_ scalar: Unicode.Scalar) {
            switch scalar {
            case "a"..."z": self = .letter
            case " ": self = .space
            case "0"..."9": self = .number
            case "!"..."~": self = .other
            default:
                switch scalar.properties.generalCategory {
                case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
                case .decimalNumber, .letterNumber, .otherNumber: self = .number
                default: self = scalar.properties.isWhitespace ? .space : .other
                }
            }
        }
    }
}
