extension Parser {
    mutating func parseClauses(into draft: inout Draft) throws(SyntaxFailure) {
        while !peek.endsSentence {
            expect(.clauses(draft))
            guard let word = peek.word else {
                if let remark = remark(draft) { throw remark }
                if case .literal(.integer) = peek.kind, draft.openClauses.contains(where: { $0.shape == .layers }) {
                    let layers = try layerSpans(from: peek.span)
                    throw SyntaxFailure(
                        .numberWithoutLayer(verb: draft.title, layers: layers.description), at: layers.span)
                }
                throw unexpected(draft)
            }
            switch token(after: 1).kind {
            case .equals: try parseOption(word, into: &draft)
            case .comparison(.equal) where draft.optionSpec(word) != nil:
                throw SyntaxFailure(.doubleEquals(key: word), at: peek.span.union(token(after: 1).span))
            default: try parseClause(word, into: &draft)
            }
        }
        if draft.awaitsLayers, case .allOrLayers(let noun, _) = draft.command.object {
            throw missingLayers(noun, draft)
        }
    }

    private mutating func parseClause(_ word: String, into draft: inout Draft) throws(SyntaxFailure) {
        if ["all", "layer", "layers"].contains(word), case .allOrLayers = draft.command.object {
            if draft.object == nil { return try parseLayerObject(into: &draft) }
            throw SyntaxFailure(.clauseTwice(word, first: draft.objectText), at: peek.span)
        }
        guard let spec = draft.clauseSpec(word) else { throw notAClause(word, draft) }
        if let first = draft.clauses.first(where: { $0.keyword.content == spec.keyword }) {
            throw SyntaxFailure(.clauseTwice(word, first: first.canonical), at: peek.span)
        }
        let keywordSpan = peek.span
        let content: Sentence.Clause.Content
        switch spec.shape {
        case .layers: content = .layers(try layerList())
        case .values(let types):
            advance()
            var arguments: [Argument] = []
            for (place, type) in types.enumerated() {
                arguments.append(try argument(type, subject: place == 0 ? word : "\(word) \(arguments[0].value)"))
            }
            content = .values(arguments)
        }
        draft.clauses.append(Sentence.Clause(keyword: Located(spec.keyword, keywordSpan), content: content))
    }

    private func notAClause(_ word: String, _ draft: Draft) -> SyntaxFailure {
        if let remark = remark(draft) { return remark }
        if draft.optionSpec(word) != nil {
            let value = token(after: 1)
            guard value.beginsValue, value.word.map({ draft.clauseSpec($0) == nil }) ?? true else {
                return SyntaxFailure(.optionAsWord(key: word, value: nil), at: peek.span)
            }
            return SyntaxFailure(
                .optionAsWord(key: word, value: source[value.span]), at: peek.span.union(value.span))
        }
        if vocabulary[word] != nil, Suggestion.near(word, among: draft.legal).isEmpty {
            return SyntaxFailure(.sentenceGoesOn(describe(peek)), at: peek.span)
        }
        return SyntaxFailure(.unknownClause(word, after: draft.title, legal: draft.legal), at: peek.span)
    }

    private mutating func parseOption(_ key: String, into draft: inout Draft) throws(SyntaxFailure) {
        let keySpan = peek.span
        let type: ValueType
        if let spec = draft.optionSpec(key) {
            type = spec.type
        } else if let open = draft.command.openOptions {
            type = open
        } else if draft.clauseSpec(key) != nil {
            let value = token(after: 2)
            let span = value.beginsValue ? keySpan.union(value.span) : keySpan.union(token(after: 1).span)
            throw SyntaxFailure(
                .clauseAsOption(keyword: key, value: value.beginsValue ? source[value.span] : nil), at: span)
        } else {
            if let remark = remark(draft) { throw remark }
            let legal = draft.openOptions.map(\.key.text)
            throw SyntaxFailure(.unknownOption(key, after: draft.title, legal: legal), at: keySpan)
        }
        if let first = draft.options.first(where: { $0.key.content.text == key }) {
            throw SyntaxFailure(.optionTwice(key, first: first.canonical), at: keySpan)
        }
        advance()
        advance()
        draft.options.append(
            Sentence.Option(key: Located(Keyword(key), keySpan), argument: try argument(type, subject: key)))
    }

    // MARK: What does not belong

    /// The command's own message about what stands here, if it has one.
    func remark(_ draft: Draft) -> SyntaxFailure? {
        let remark = draft.command.remarks.first {
            switch ($0.trigger, peek.kind) {
            case (.string, .literal(.string)): true
            case (.number, .literal(let value)):
                if case .string = value { false } else { true }
            case (.word(let wanted), .word(let word)): wanted == word
            case (.anyWord, .word): true
            default: false
            }
        }
        guard let remark else { return nil }
        return SyntaxFailure(
            .remark(
                verb: draft.command.verb, message: remark.message, label: remark.label, hint: remark.hint),
            at: peek.span)
    }

    func unexpected(_ draft: Draft) -> SyntaxFailure {
        SyntaxFailure(.unexpected(describe(peek), after: draft.title, legal: draft.legal), at: peek.span)
    }
}

extension Draft {
    /// The object as it would be written, for messages.
    var objectText: String {
        switch object {
        case .all: "all"
        case .layers(let list): list.description
        default: ""
        }
    }
}
