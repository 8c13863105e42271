extension Parser {
    mutating func parseObject(_ shape: ObjectShape, into draft: inout Draft) throws(SyntaxFailure) {
        let verb = draft.command.verb
        switch shape {
        case .none: draft.object = Sentence.Object.none
        case .optional(let shape):
            expect(.clauses(draft))
            if peek.endsSentence || beginsClauseOrOption(draft) {
                draft.object = Sentence.Object.none
            } else {
                try parseObject(shape, into: &draft)
            }
        case .value(let type): draft.object = .value(try objectValue(type, draft))
        case .words(let type):
            var argument = try objectValue(type, draft)
            while case .word(let first) = argument.value, case .word(let next) = peek.kind {
                let span = argument.span.union(advance().span)
                argument = Argument(value: .word("\(first) \(next)"), type: type, subject: verb, span: span)
            }
            draft.object = .value(argument)
        case .list(let type):
            var arguments = [try objectValue(type, draft)]
            while peek.kind == .comma {
                advance()
                arguments.append(try argument(type, subject: verb))
            }
            draft.object = .list(arguments)
        case .choice(_, let choices) where peek.isVariable:
            draft.openChoices = choices
            draft.object = .variableChoice(try argument(.word(choices), subject: verb))
        case .choice(let noun, let choices):
            let choice = try choice(choices, need: .choice(noun, choices.map(\.word)), draft)
            draft.choice = choice.content
            draft.object = .choice(Located(choice.content.word, choice.span))
        case .setting(let noun, let choices):
            let choice = try choice(choices, need: .choice(noun, choices.map(\.word)), draft)
            let word = choice.content.word
            if peek.kind == .equals {
                let value = token(after: 1).beginsValue ? source[token(after: 1).span] : nil
                throw SyntaxFailure(
                    .clauseAsOption(keyword: "\(verb) \(word)", value: value), at: choice.span.union(peek.span))
            }
            draft.choice = choice.content
            let argument = try argument(choice.content.value ?? .any, subject: word)
            draft.object = .setting(Located(word, choice.span), argument)
        case .allOrLayers(let noun, let also): try parseAllOrLayers(noun, also, into: &draft)
        case .assignment(let overridable):
            draft.object = .assignment(try assignment(verb: verb, overridable: overridable))
        case .comparison(let choices):
            let measure = try choice(choices, need: .comparison(choices.map(\.word)), draft)
            draft.choice = measure.content
            let comparison = try comparison(after: measure.content.word)
            let argument = try argument(measure.content.value ?? .any, subject: measure.content.word)
            draft.object = .comparison(
                measure: Located(measure.content.word, measure.span), comparison, argument)
        case .loop: draft.object = .loop(try loop(verb: verb))
        case .sentence:
            if peek.endsSentence { throw SyntaxFailure(.missingObject(verb: verb, need: .sentence), at: gap) }
            draft.object = .sentence(try sentence())
        }
    }

    /// Whether a word stands here that is no object but a clause or an option of the command.
    private func beginsClauseOrOption(_ draft: Draft) -> Bool {
        guard let word = peek.word else { return false }
        return draft.clauseSpec(word) != nil || draft.optionSpec(word) != nil || token(after: 1).kind == .equals
    }

    private mutating func objectValue(_ type: ValueType, _ draft: Draft) throws(SyntaxFailure) -> Argument {
        let verb = draft.command.verb
        expect(.value(type))
        switch (type, peek.kind) {
        case _ where beginsClauseOrOption(draft): break
        case (.path(let noun), .unreadable(let text)), (.string(let noun), .unreadable(let text)),
            (.path(let noun), .word(let text)), (.string(let noun), .word(let text)):
            throw remark(draft) ?? SyntaxFailure(.unquoted(text, noun: noun), at: peek.span)
        case (_, .unreadable): throw remark(draft) ?? unexpected(draft)
        default: break
        }
        guard peek.beginsValue, !beginsClauseOrOption(draft) else {
            throw remark(draft) ?? SyntaxFailure(.missingObject(verb: verb, need: .value(type)), at: gap)
        }
        if let remark = remark(draft), !accepts(type) { throw remark }
        return try argument(type, subject: verb)
    }

    private func accepts(_ type: ValueType) -> Bool {
        switch peek.kind {
        case .literal(let value): (try? type.check(value, subject: "")) != nil
        case .word(let word): (try? type.check(.word(word), subject: "")) != nil
        default: true
        }
    }

    private mutating func choice(
        _ choices: [Choice], need: SyntaxError.Need, _ draft: Draft
    ) throws(SyntaxFailure) -> Located<Choice> {
        let token = peek
        let verb = draft.command.verb
        expect(.choice(choices))
        switch token.kind {
        case .word(let word):
            if let choice = choices.first(where: { $0.word == word }) {
                advance()
                return Located(choice, token.span)
            }
            if let remark = remark(draft) { throw remark }
            if beginsClauseOrOption(draft) {
                throw SyntaxFailure(.missingObject(verb: verb, need: need), at: token.span)
            }
            throw SyntaxFailure(.unknownChoice(word, after: verb, choices: choices.map(\.word)), at: token.span)
        case .literal(.string(let text)) where choices.contains { $0.word == text }:
            throw SyntaxFailure(.wordNeedsNoQuotes(text), at: token.span)
        default:
            throw remark(draft) ?? SyntaxFailure(.missingObject(verb: verb, need: need), at: gap)
        }
    }

    /// `all` or layers right behind the verb; they may also follow the clauses, so nothing yet is no error.
    private mutating func parseAllOrLayers(
        _ noun: String, _ also: [Choice], into draft: inout Draft
    ) throws(SyntaxFailure) {
        expect(.clauses(draft))
        switch peek.kind {
        case .word(let word) where also.contains { $0.word == word }:
            draft.choice = also.first { $0.word == word }
            draft.object = .choice(Located(word, advance().span))
        case .literal(.integer), .rangeDots, .variable:
            let layers = try layerSpans(from: peek.span)
            throw SyntaxFailure(
                .numberWithoutLayer(verb: draft.command.verb, layers: layers.description), at: layers.span)
        case .word("first"), .word("last"):
            let layers = try layerSpans(from: peek.span)
            throw SyntaxFailure(
                .numberWithoutLayer(verb: draft.command.verb, layers: layers.description), at: layers.span)
        case .word("all"), .word("layer"), .word("layers"): try parseLayerObject(into: &draft)
        case .word where beginsClauseOrOption(draft): break
        default: throw remark(draft) ?? missingLayers(noun, draft)
        }
    }

    mutating func parseLayerObject(into draft: inout Draft) throws(SyntaxFailure) {
        if peek.word == "all" {
            draft.object = .all(Located("all", advance().span))
        } else {
            draft.object = .layers(try layerList())
        }
    }

    func missingLayers(_ noun: String, _ draft: Draft) -> SyntaxFailure {
        if let word = peek.word, !Suggestion.near(word, among: ["all", "layer", "layers"]).isEmpty {
            return SyntaxFailure(
                .unknownChoice(word, after: draft.command.verb, choices: ["all", "layer", "layers"]), at: peek.span)
        }
        return SyntaxFailure(.missingObject(verb: draft.command.verb, need: .allOrLayers(noun)), at: gap)
    }

    private mutating func assignment(verb: String, overridable: Bool) throws(SyntaxFailure) -> Assignment {
        let token = peek
        let name: String
        switch token.kind {
        case .word(let word): name = word
        case .variable(let variable): throw SyntaxFailure(.wordNeedsNoDollar(variable), at: token.span)
        default: throw SyntaxFailure(.missingObject(verb: verb, need: .assignment), at: gap)
        }
        advance()
        expect(.words(["="]))
        guard peek.kind == .equals else {
            let value = peek.beginsValue ? source[peek.span] : nil
            let span = peek.endsSentence ? gap : token.span.union(peek.span)
            throw SyntaxFailure(.missingEquals(verb: verb, name: name, value: value), at: span)
        }
        advance()
        return Assignment(
            name: Located(name, token.span), argument: try argument(.any, subject: name), overridable: overridable)
    }

    private mutating func comparison(after measure: String) throws(SyntaxFailure) -> Comparison {
        expect(.words(Comparison.allCases.map(\.rawValue)))
        if case .comparison(let comparison) = peek.kind {
            advance()
            return comparison
        }
        if peek.endsSentence || peek.beginsValue { throw SyntaxFailure(.missingComparison(measure), at: gap) }
        let isDouble = token(after: 1).kind == .equals && token(after: 1).span.start == peek.span.end
        let span = isDouble ? peek.span.union(token(after: 1).span) : peek.span
        throw SyntaxFailure(.notAComparison(source[span]), at: span)
    }
}
