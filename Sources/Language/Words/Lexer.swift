/// Cuts a source into tokens. It never fails: what it cannot read becomes a token that says so.
struct Lexer {
    private let scalars: [Unicode.Scalar]
    private var index = 0

    private init(_ source: Source) { scalars = source.scalars }

    /// The tokens of a source; the last is always `endOfText`.
    static func tokens(of source: Source) -> [Token] {
        var lexer = Lexer(source)
        if lexer.scalars.first == "\u{FEFF}" { lexer.index = 1 }
        var tokens: [Token] = []
        while let token = lexer.next() { tokens.append(contentsOf: token) }
        tokens.append(Token(kind: .endOfText, span: SourceSpan(lexer.scalars.count, lexer.scalars.count)))
        return tokens
    }

    private func scalar(at index: Int) -> Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func next() -> [Token]? {
        skipBlanksAndComments()
        guard let scalar = scalar(at: index) else { return nil }
        switch scalar {
        case "\n", ";": return symbol(.end, 1)
        case "\r": return symbol(.end, self.scalar(at: index + 1) == "\n" ? 2 : 1)
        case "{": return symbol(.leftBrace, 1)
        case "}": return symbol(.rightBrace, 1)
        case ",": return symbol(.comma, 1)
        case "=" where self.scalar(at: index + 1) == "=": return symbol(.comparison(.equal), 2)
        case "=": return symbol(.equals, 1)
        case "<" where self.scalar(at: index + 1) == "=": return symbol(.comparison(.atMost), 2)
        case "<": return symbol(.comparison(.less), 1)
        case ">" where self.scalar(at: index + 1) == "=": return symbol(.comparison(.atLeast), 2)
        case ">": return symbol(.comparison(.greater), 1)
        case "\"": return [string()]
        case "'", "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{201E}", "\u{AB}", "`": return wrongQuotes()
        default: return run()
        }
    }

    private mutating func skipBlanksAndComments() {
        while let scalar = scalar(at: index) {
            if scalar == "#" {
                while let next = self.scalar(at: index), !next.endsLine { index += 1 }
            } else if scalar.properties.isWhitespace, !scalar.endsLine {
                index += 1
            } else {
                return
            }
        }
    }

    private mutating func symbol(_ kind: Token.Kind, _ length: Int) -> [Token] {
        index += length
        return [Token(kind: kind, span: SourceSpan(index - length, index))]
    }

    // MARK: Strings

    private mutating func string() -> Token {
        let start = index
        var text = String.UnicodeScalarView()
        var failure: (error: SyntaxError, span: SourceSpan)?
        index += 1
        while let scalar = scalar(at: index), !scalar.endsLine {
            if scalar == "\"" {
                index += 1
                if let failure { return Token(kind: .invalid(failure.error), span: failure.span) }
                return Token(kind: .literal(.string(String(text))), span: SourceSpan(start, index))
            }
            let from = index
            if scalar == "\\" {
                if let escaped = escape() {
                    text.append(escaped)
                } else if failure == nil {
                    failure = (.unknownEscape(slice(from, index)), SourceSpan(from, index))
                }
            } else {
                if scalar == "\u{FFFD}", failure == nil { failure = (.notUTF8, SourceSpan(from, from + 1)) }
                text.append(scalar)
                index += 1
            }
        }
        return Token(kind: .invalid(.unterminatedString), span: SourceSpan(start, index))
    }

    /// Reads one escape; nil for one that is unknown, of which it takes the backslash and one scalar.
    private mutating func escape() -> Unicode.Scalar? {
        index += 1
        guard let scalar = scalar(at: index), !scalar.endsLine else { return nil }
        index += 1
        switch scalar {
        case "\"", "\\": return scalar
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "u":
            guard self.scalar(at: index) == "{" else { return nil }
            var end = index + 1
            while let digit = self.scalar(at: end), digit.properties.isASCIIHexDigit, end - index <= 8 { end += 1 }
            guard self.scalar(at: end) == "}", let code = UInt32(slice(index + 1, end), radix: 16) else { return nil }
            index = end + 1
            return Unicode.Scalar(code)
        default: return nil
        }
    }

    /// A string in quotes of another sort, up to their closing or the end of the word.
    private mutating func wrongQuotes() -> [Token] {
        let start = index
        let closing: Set<Unicode.Scalar> =
            switch scalars[start] {
            case "'", "`": [scalars[start]]
            case "\u{AB}": ["\u{BB}"]
            default: ["\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}"]
            }
        var end = start + 1
        while let scalar = scalar(at: end), !scalar.endsLine {
            end += 1
            if closing.contains(scalar) {
                index = end
                return [
                    Token(kind: .invalid(.wrongQuotes(slice(start + 1, end - 1))), span: SourceSpan(start, end))
                ]
            }
        }
        return run()
    }

    // MARK: Words and numbers

    private static let delimiters: Set<Unicode.Scalar> = ["{", "}", ",", ";", "=", "<", ">", "\"", "#"]

    /// A stretch without blanks or delimiters: a word, a number, a variable, or a range of two of these.
    private mutating func run() -> [Token] {
        let start = index
        index += 1
        while let scalar = scalar(at: index), !scalar.properties.isWhitespace, !Lexer.delimiters.contains(scalar) {
            index += 1
        }
        let span = SourceSpan(start, index)
        for dots in start..<max(start, index - 1) where scalars[dots] == "." && scalars[dots + 1] == "." {
            let left = dots > start ? piece(start, dots) : nil
            let right = dots + 2 < index ? piece(dots + 2, index) : nil
            guard (dots == start || left != nil) && (dots + 2 == index || right != nil) else { break }
            return [left, Token(kind: .rangeDots, span: SourceSpan(dots, dots + 2)), right].compactMap { $0 }
        }
        if let token = piece(start, index) { return [token] }
        let text = slice(start, index)
        return [
            Token(kind: text.unicodeScalars.contains("\u{FFFD}") ? .invalid(.notUTF8) : .unreadable(text), span: span)
        ]
    }

    private func piece(_ start: Int, _ end: Int) -> Token? {
        let span = SourceSpan(start, end)
        let text = slice(start, end)
        if Lexer.isName(scalars[start..<end]) { return Token(kind: .word(text), span: span) }
        if scalars[start] == "$", Lexer.isName(scalars[(start + 1)..<end]) {
            return Token(kind: .variable(slice(start + 1, end)), span: span)
        }
        switch NumberReader.read(text) {
        case .value(let value): return Token(kind: .literal(value), span: span)
        case .tooLarge: return Token(kind: .invalid(.numberTooLarge(text)), span: span)
        case .noNumber: return nil
        }
    }

    private func slice(_ start: Int, _ end: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<max(start, end)])
        return String(view)
    }

    /// Whether scalars make a bare word: `[A-Za-z_][A-Za-z0-9_-]*`.
    static func isName(_ scalars: some Collection<Unicode.Scalar>) -> Bool {
        guard let first = scalars.first, first == "_" || isLetter(first) else { return false }
        return scalars.allSatisfy { $0 == "_" || $0 == "-" || isLetter($0) || ("0"..."9").contains($0) }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }
}
