/// A stretch of a text and what it is in its sentence, so that it can be set apart.
package struct HighlightedText: Hashable, Sendable {
    package enum Role: Hashable, Sendable {
        /// Blanks, punctuation, names, and whatever is none of the others.
        case plain
        case verb
        /// A word that begins a clause, or the key of an option.
        case keyword
        case number, string, variable, comment
    }

    package let text: String
    package let role: Role

    package init(_ text: String, role: Role) {
        self.text = text
        self.role = role
    }
}

extension Vocabulary {
    /// The whole text in stretches of one role each. It need not be whole sentences, nor right ones.
    package func highlighted(_ source: Source) -> [HighlightedText] {
        let tokens = Lexer.tokens(of: source)
        var pieces: [HighlightedText] = []
        func add(_ span: SourceSpan, _ role: HighlightedText.Role) {
            guard !span.isEmpty else { return }
            let text = source[span]
            if let last = pieces.last, last.role == role {
                pieces[pieces.count - 1] = HighlightedText(last.text + text, role: role)
            } else {
                pieces.append(HighlightedText(text, role: role))
            }
        }
        var end = 0
        var command: CommandSpec?
        var beginsSentence = true
        for (index, token) in tokens.enumerated() {
            for gap in source.gaps(SourceSpan(end, token.span.start)) { add(gap.span, gap.role) }
            end = max(end, token.span.end)
            switch token.kind {
            case .end, .leftBrace, .rightBrace: beginsSentence = true
            case .word(let word) where beginsSentence:
                command = self[word] ?? onlyCommand(beginningWith: word)
                beginsSentence = command?.object.isSentence ?? false
                add(token.span, commands.contains { $0.verb.hasPrefix(word) } ? .verb : .plain)
                continue
            case .endOfText: break
            default: beginsSentence = false
            }
            let isKey = index + 1 < tokens.count && tokens[index + 1].kind == .equals
            add(token.span, role(of: token, isKey: isKey, in: command))
        }
        return pieces
    }

    private func role(of token: Token, isKey: Bool, in command: CommandSpec?) -> HighlightedText.Role {
        switch token.kind {
        case .word(let word):
            isKey && command?.takesOption(word) ?? false || command?.hasClause(word) ?? false
                ? .keyword : .plain
        case .literal(.string), .invalid(.unterminatedString), .invalid(.unknownEscape): .string
        case .literal, .rangeDots: .number
        case .variable: .variable
        default: .plain
        }
    }

    private func onlyCommand(beginningWith prefix: String) -> CommandSpec? {
        let found = commands.filter { $0.abbreviable && $0.verb.hasPrefix(prefix) }
        return found.count == 1 ? found.first : nil
    }
}

extension CommandSpec {
    fileprivate func hasClause(_ word: String) -> Bool {
        if word == "layer" || word == "layers" { return true }
        if case .loop = object { return word == "in" }
        let choices = object.choices?.choices ?? []
        return (clauses + choices.flatMap(\.clauses)).contains { $0.word == word }
    }

    fileprivate func takesOption(_ key: String) -> Bool {
        let choices = object.choices?.choices ?? []
        return openOptions != nil || (options + choices.flatMap(\.options)).contains { $0.key.text == key }
    }
}

extension ObjectShape {
    /// One sentence may stand in another: 'explain search layer 12'.
    fileprivate var isSentence: Bool {
        switch self {
        case .sentence: true
        case .optional(let shape): shape.isSentence
        default: false
        }
    }
}

extension Source {
    /// What stands between tokens: blanks, and comments to the end of their lines.
    fileprivate func gaps(_ span: SourceSpan) -> [(span: SourceSpan, role: HighlightedText.Role)] {
        var gaps: [(span: SourceSpan, role: HighlightedText.Role)] = []
        var start = span.start
        while start < span.end {
            let isComment = scalars[start] == "#"
            let next =
                (start..<span.end).first { isComment ? scalars[$0].endsLine : scalars[$0] == "#" } ?? span.end
            gaps.append((SourceSpan(start, next), isComment ? .comment : .plain))
            start = next
        }
        return gaps
    }
}
