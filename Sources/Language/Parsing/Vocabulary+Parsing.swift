extension Vocabulary {
    /// Parses a text: every sentence that can be read, and one diagnostic for each that cannot.
    package func parse(_ source: Source, mode: ParseMode = .script) -> Script {
        var parser = Parser(source, vocabulary: self, mode: mode)
        return parser.script()
    }

    /// Whether more lines are needed: only while a `{` is open.
    package static func isIncomplete(_ text: String) -> Bool {
        var open = 0
        for token in Lexer.tokens(of: Source(text)) {
            if token.kind == .leftBrace { open += 1 }
            if token.kind == .rightBrace { open = max(0, open - 1) }
        }
        return open > 0
    }
}
