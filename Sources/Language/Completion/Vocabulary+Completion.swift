extension Vocabulary {
    /// What could stand at the cursor, in the order of the specification: only what is legal there and not yet used.
    ///
    /// `cursor` counts Unicode scalars of the line; what stands behind it is not read.
    package func completions(for line: String, cursor: Int, names: CompletionNames) -> [Completion] {
        let scalars = Array(line.unicodeScalars)
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[..<min(max(cursor, 0), scalars.count)])
        let source = Source(String(view))
        guard let cut = CompletionCut(source) else { return [] }
        var parser = Parser(source, completing: cut.tokens, vocabulary: self)
        _ = parser.script()
        var seen: Set<String> = []
        return parser.expectations.flatMap { offers($0, cut: cut, names: names) }
            .filter { seen.insert($0.text).inserted }
    }

    private func offers(_ expectation: Expectation, cut: CompletionCut, names: CompletionNames) -> [Completion] {
        if let prefix = cut.openString {
            guard case .value(let type) = expectation, let noun = type.pathNoun else { return [] }
            return [
                Completion(
                    text: prefix, summary: noun, kind: .path(prefix: prefix, opens: false), replaced: cut.replaced)
            ]
        }
        func offer(_ text: String, _ summary: String, _ kind: Completion.Kind) -> Completion {
            Completion(text: text, summary: summary, kind: kind, replaced: cut.replaced)
        }
        if !cut.partial.isEmpty, case .value(let type) = expectation, case .path(let noun) = type {
            // A path that was begun without its quote.
            return [offer(cut.partial, noun, .path(prefix: cut.partial, opens: true))]
        }
        let variables = names[.variable].map { offer("$" + $0, "", .name(.variable)) }
        let offers: [Completion] =
            switch expectation {
            case .verb: commands.map { offer($0.verb, $0.summary, .verb) }
            case .choice(let choices): choices.map { offer($0.word, $0.summary, .choice) } + variables
            case .layer: [offer("first", "layer 1", .value), offer("last", "the last layer", .value)] + variables
            case .words(let words): words.map { offer($0, "", .punctuation) }
            case .value(let type): values(type, names: names, offer) + variables
            case .clauses(let draft):
                (draft.awaitsLayers
                    ? [offer("all", "every layer", .choice)] + layers("these layers", offer)
                        + (draft.command.object.choices?.choices ?? []).map { offer($0.word, $0.summary, .choice) }
                    : [])
                    + draft.openClauses.flatMap { spec in
                        switch spec.shape {
                        case .layers: layers(spec.summary, offer)
                        case .values: [offer(spec.keyword.text, spec.summary, .clause)]
                        }
                    } + draft.openOptions.map { offer("\($0.key)=", $0.summary, .option) }
            }
        return offers.filter { $0.text.hasPrefix(cut.partial) }
    }

    private func layers(
        _ summary: String, _ offer: (String, String, Completion.Kind) -> Completion
    ) -> [Completion] {
        [offer("layer", summary, .clause), offer("layers", summary, .clause)]
    }

    private func values(
        _ type: ValueType, names: CompletionNames, _ offer: (String, String, Completion.Kind) -> Completion
    ) -> [Completion] {
        switch type {
        case .word(let choices): choices.map { offer($0.word, $0.summary, .value) }
        case .boolean: [offer("yes", "", .value), offer("no", "", .value)]
        case .name(.command):
            commands.map { offer($0.verb, $0.summary, .verb) }
                + names[.command].map { offer($0, "", .name(.command)) }
        case .name(let kind): names[kind].map { offer($0, "", .name(kind)) }
        case .path(let noun): [offer("\"", noun, .punctuation)]
        case .wordOrPath(let choices, let noun):
            choices.map { offer($0.word, $0.summary, .value) } + [offer("\"", noun, .punctuation)]
        case .string(let noun): [offer("\"", noun, .punctuation)]
        case .integer, .count, .number, .percent, .tolerance, .bytes, .newName, .any: []
        }
    }
}

extension ValueType {
    /// What a path here leads to.
    fileprivate var pathNoun: String? {
        switch self {
        case .path(let noun), .wordOrPath(_, let noun): noun
        default: nil
        }
    }
}

/// A text cut at the cursor: what is whole before it, and the beginning of the word it stands in.
struct CompletionCut {
    /// The whole tokens, a cursor, the end of the text.
    let tokens: [Token]
    let partial: String
    let openString: String?
    let replaced: SourceSpan

    /// Nil inside a comment.
    init?(_ source: Source) {
        var tokens = Array(Lexer.tokens(of: source).dropLast())
        let end = source.scalars.count
        let lastEnd = tokens.last?.span.end ?? 0
        guard !source.scalars[min(lastEnd, end)...].contains("#") else { return nil }
        var partial = ""
        var openString: String?
        var replaced = SourceSpan(end, end)
        if let last = tokens.last, last.span.end == end {
            switch last.kind {
            case .word, .variable, .unreadable:
                partial = source[last.span]
                replaced = last.span
                tokens.removeLast()
            case .invalid(.unterminatedString):
                let inside = SourceSpan(last.span.start + 1, end)
                openString = source[inside]
                replaced = inside
                tokens.removeLast()
            default: break
            }
        }
        tokens.append(Token(kind: .cursor(openString: openString), span: replaced))
        tokens.append(Token(kind: .endOfText, span: SourceSpan(end, end)))
        self.tokens = tokens
        self.partial = partial
        self.openString = openString
        self.replaced = replaced
    }
}
