/// Reads the tokens of one text into sentences, and goes on behind each sentence it cannot read.
struct Parser {
    /// Deeper nesting of loops and explanations than anyone writes, and less than a stack holds.
    static let depthLimit = 32

    let vocabulary: Vocabulary
    let source: Source
    let mode: ParseMode
    let tokens: [Token]
    /// Whether values are only passed over on the way to a cursor.
    let isCompleting: Bool
    var index = 0
    var depth = 0
    var failures: [SyntaxFailure] = []
    /// What could stand at the cursor, when the text is read to complete it.
    var expectations: [Expectation] = []

    init(_ source: Source, vocabulary: Vocabulary, mode: ParseMode) {
        self.source = source
        self.vocabulary = vocabulary
        self.mode = mode
        tokens = Lexer.tokens(of: source)
        isCompleting = false
    }

    /// Reads tokens that end in a cursor, to learn what is expected there.
    init(_ source: Source, completing tokens: [Token], vocabulary: Vocabulary) {
        self.source = source
        self.vocabulary = vocabulary
        self.tokens = tokens
        mode = .interactive
        isCompleting = true
    }

    /// Notes what could stand here, if the cursor does.
    mutating func expect(_ expectation: Expectation) {
        if case .cursor = peek.kind { expectations.append(expectation) }
    }

    mutating func script() -> Script {
        var sentences: [Sentence] = []
        var version: Int?
        var isFirst = true
        while true {
            while peek.kind == .end { advance() }
            if peek.kind == .endOfText { break }
            do {
                if peek.word == "amp", vocabulary["amp"] == nil {
                    version = try versionLine(isFirst: isFirst)
                } else {
                    sentences.append(try completeSentence())
                }
            } catch {
                failures.append(error)
                recover()
            }
            isFirst = false
        }
        return Script(
            source: source, version: version, sentences: sentences, diagnostics: failures.map(\.diagnostic))
    }

    private mutating func versionLine(isFirst: Bool) throws(SyntaxFailure) -> Int {
        let word = advance()
        guard isFirst else { throw SyntaxFailure(.versionNotFirst, at: word.span) }
        guard case .literal(let value) = peek.kind else { throw SyntaxFailure(.versionMissing, at: peek.span) }
        guard value == .integer(Script.languageVersion) else {
            throw SyntaxFailure(.unsupportedVersion(value.description), at: peek.span)
        }
        advance()
        try expectEnd()
        return Script.languageVersion
    }

    /// A sentence up to its end; what cannot be read throws the first failure in it.
    mutating func completeSentence() throws(SyntaxFailure) -> Sentence {
        do {
            let sentence = try sentence()
            try expectEnd()
            return sentence
        } catch {
            // A token that is wrong in itself says more than what was expected in its place.
            if case .invalid(let invalid) = peek.kind, peek.span.start <= error.span.end {
                throw SyntaxFailure(invalid, at: peek.span)
            }
            throw error
        }
    }

    mutating func sentence() throws(SyntaxFailure) -> Sentence {
        guard depth < Parser.depthLimit else {
            throw SyntaxFailure(.nestedTooDeep(limit: Parser.depthLimit), at: peek.span)
        }
        depth += 1
        defer { depth -= 1 }
        let verb = peek
        let command = try command()
        let verbSpan = verb.span
        var draft = Draft(command: command, verbSpan: verbSpan)
        try parseObject(command.object, into: &draft)
        try parseClauses(into: &draft)
        let end = index > 0 ? tokens[index - 1].span.end : verbSpan.end
        return draft.sentence(span: SourceSpan(verbSpan.start, max(end, verbSpan.end)))
    }

    private mutating func command() throws(SyntaxFailure) -> CommandSpec {
        let token = peek
        expect(.verb)
        guard let word = token.word else {
            if token.kind == .rightBrace { throw SyntaxFailure(.strayBrace, at: token.span) }
            throw SyntaxFailure(.notASentence(found: describe(token)), at: token.span)
        }
        if let command = vocabulary[word] {
            advance()
            return command
        }
        let candidates = vocabulary.commands.filter { $0.verb.hasPrefix(word) }
        let abbreviable = candidates.filter(\.abbreviable)
        if candidates.count == 1, let candidate = candidates.first {
            guard candidate.abbreviable else {
                throw SyntaxFailure(.neverByPrefix(word, verb: candidate.verb), at: token.span)
            }
            guard mode == .interactive else {
                throw SyntaxFailure(.prefixInScript(word, verb: candidate.verb), at: token.span)
            }
            advance()
            return candidate
        }
        if candidates.count > 1, mode == .interactive || !abbreviable.isEmpty {
            throw SyntaxFailure(.ambiguousPrefix(word, candidates: candidates.map(\.verb)), at: token.span)
        }
        let near = Suggestion.near(word, among: vocabulary.commands.map(\.verb))
        let isAssignment = near.isEmpty && tokens[min(index + 1, tokens.count - 1)].kind == .equals
        let assignment = isAssignment ? vocabulary.assignmentVerb : nil
        throw SyntaxFailure(.unknownCommand(word, near: near, assignment: assignment), at: token.span)
    }

    func expectEnd() throws(SyntaxFailure) {
        guard !peek.endsSentence || (peek.kind == .rightBrace && depth == 0) else { return }
        if peek.kind == .rightBrace { throw SyntaxFailure(.strayBrace, at: peek.span) }
        throw SyntaxFailure(.sentenceGoesOn(describe(peek)), at: peek.span)
    }

    // MARK: Tokens

    var peek: Token { tokens[min(index, tokens.count - 1)] }

    @discardableResult
    mutating func advance() -> Token {
        let token = peek
        if index < tokens.count - 1 { index += 1 }
        return token
    }

    func token(after count: Int) -> Token { tokens[min(index + count, tokens.count - 1)] }

    /// Where something is missing: right behind what was read last.
    var gap: SourceSpan {
        let end = index > 0 ? tokens[index - 1].span.end : 0
        return peek.endsSentence ? SourceSpan(end, end) : peek.span
    }

    /// Skips to the end of a sentence that failed, over the braces it opened.
    mutating func recover() {
        var braces = 0
        while true {
            switch peek.kind {
            case .endOfText: return
            case .end where braces == 0: return
            case .leftBrace: braces += 1
            case .rightBrace:
                if braces == 0, depth > 0 { return }
                braces = max(0, braces - 1)
            default: break
            }
            advance()
        }
    }

    /// A token as a message names it.
    func describe(_ token: Token) -> String {
        switch token.kind {
        case .end, .endOfText: "the end of the sentence"
        case .literal(.string): "a string"
        default: "'\(source[token.span])'"
        }
    }
}

extension Vocabulary {
    var assignmentVerb: String? {
        commands.first { if case .assignment(overridable: false) = $0.object { true } else { false } }?.verb
    }
}
