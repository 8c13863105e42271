extension Value: CustomStringConvertible {
    /// The value as a sentence would say it; reading it back gives the same value.
    package var description: String {
        switch self {
        case .integer(let number): Value.text(of: number)
        case .number(let number): Value.text(of: number)
        case .percent(let percent): Value.text(of: percent) + "%"
        case .bytes(let bytes): Value.text(ofBytes: bytes)
        case .string(let text): Value.quoted(text)
        case .word(let word): word
        case .layers(let span): span.description
        case .variable(let name): "$" + name
        }
    }

    private static func text(of number: Int) -> String {
        number != 0 && number % 1_000_000 == 0 ? "\(number / 1_000_000)M" : "\(number)"
    }

    private static func text(ofBytes bytes: Int) -> String {
        for (unit, factor) in [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)]
        where bytes != 0 && bytes % factor == 0 {
            return "\(bytes / factor)\(unit)"
        }
        return "\(bytes)B"
    }

    /// The shortest digits that read back as the same number: `0.01`, `1e-5`, `3`.
    package static func text(of number: Double) -> String {
        let text = "\(number)"
        guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) else {
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        let mantissa = text[..<mark]
        return (mantissa.hasSuffix(".0") ? mantissa.dropLast(2) : mantissa) + "e\(exponent)"
    }

    /// A text in double quotes, with escapes for what could not stand in one line.
    package static func quoted(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        result.append("\"")
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                result.append("\\")
                result.append(scalar)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\t": result.append(contentsOf: "\\t".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case _ where scalar.properties.generalCategory == .control || scalar == "\u{FFFD}" || scalar == "\u{FEFF}":
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            default: result.append(scalar)
            }
        }
        result.append("\"")
        return String(result)
    }

    /// What stands between quotes, its escapes resolved; as it stands where that can't be read.
    package static func unquoted(_ text: String) -> String {
        let tokens = Lexer.tokens(of: Source("\"\(text)\""))
        guard tokens.count == 2, case .literal(.string(let content)) = tokens[0].kind else { return text }
        return content
    }
}

extension LayerList: CustomStringConvertible {
    /// `layer 12`, `layers 1..6,9`.
    package var description: String {
        let isOne = spans.count == 1 && spans[0].content.to == nil
        return (isOne ? "layer " : "layers ") + spans.map(\.content.description).joined(separator: ",")
    }
}

extension LayerSpan: CustomStringConvertible {
    package var description: String { to.map { "\(from)..\($0)" } ?? "\(from)" }
}

extension LayerBound: CustomStringConvertible {
    package var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .first: "first"
        case .last: "last"
        case .variable(let name): "$" + name
        }
    }
}
