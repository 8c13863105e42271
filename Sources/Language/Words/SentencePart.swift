/// What a stretch of a text is, for whoever shows it in colours.
package enum SentencePart: Hashable, Sendable {
    case verb
    /// Any other word: of a clause, an option, a choice, a name.
    case word
    case number
    case string
    case variable
    case comment
    /// Blanks, punctuation, and what can't be read.
    case other
}

extension Vocabulary {
    /// A text cut into its parts; joined they are the text again.
    package func parts(of text: String) -> [(text: String, part: SentencePart)] {
        let source = Source(text)
        var parts: [(text: String, part: SentencePart)] = []
        func add(_ start: Int, _ end: Int, _ part: SentencePart) {
            if start < end { parts.append((source[SourceSpan(start, end)], part)) }
        }
        var end = 0
        var beginsSentence = true
        for token in Lexer.tokens(of: source) {
            // Between tokens there are blanks and comments.
            var start = end
            while start < token.span.start {
                let isComment = source.scalars[start] == "#"
                var next = start
                while next < token.span.start,
                    isComment ? !source.scalars[next].endsLine : source.scalars[next] != "#"
                { next += 1 }
                add(start, max(next, start + 1), isComment ? .comment : .other)
                start = max(next, start + 1)
            }
            add(max(end, token.span.start), token.span.end, part(token, beginsSentence: beginsSentence))
            end = max(end, token.span.end)
            beginsSentence = token.kind == .end || token.kind == .leftBrace
        }
        return parts
    }

    private func part(_ token: Token, beginsSentence: Bool) -> SentencePart {
        switch token.kind {
        case .word(let word):
            beginsSentence && commands.contains { $0.verb.hasPrefix(word) } ? .verb : .word
        case .literal(.string), .invalid(.unterminatedString), .invalid(.unknownEscape): .string
        case .literal: .number
        case .variable: .variable
        default: .other
        }
    }
}
