extension Parser {
    /// One value in its place, its type and limits checked.
    mutating func argument(_ type: ValueType, subject: String) throws(SyntaxFailure) -> Argument {
        let token = peek
        let value: Value
        expect(.value(type))
        switch token.kind {
        case .literal, .variable, .word, .rangeDots:
            if let range = try rangeValue() {
                value = .layers(range.content)
                try check(value, type, subject: subject, at: range.span)
                return Argument(value: value, type: type, subject: subject, span: range.span)
            }
            switch token.kind {
            case .literal(let literal): value = literal
            case .variable(let name): value = .variable(name)
            case .word(let word): value = .word(word)
            default: throw SyntaxFailure(.missingValue(subject: subject, type: type), at: gap)
            }
        case .unreadable(let text):
            switch type {
            case .path(let noun), .string(let noun), .wordOrPath(_, let noun):
                throw SyntaxFailure(.unquoted(text, noun: noun), at: token.span)
            case .name, .newName: throw SyntaxFailure(.notAName(text, subject: subject), at: token.span)
            default: throw SyntaxFailure(.missingValue(subject: subject, type: type), at: token.span)
            }
        default: throw SyntaxFailure(.missingValue(subject: subject, type: type), at: gap)
        }
        try check(value, type, subject: subject, at: token.span)
        advance()
        return Argument(value: value, type: type, subject: subject, span: token.span)
    }

    private func check(
        _ value: Value, _ type: ValueType, subject: String, at span: SourceSpan
    ) throws(SyntaxFailure) {
        if isCompleting { return }
        do {
            try type.check(value, subject: subject)
        } catch {
            throw SyntaxFailure(error, at: span)
        }
    }

    /// `1..6`, if a range stands here.
    private mutating func rangeValue() throws(SyntaxFailure) -> Located<LayerSpan>? {
        guard peek.kind == .rangeDots || token(after: 1).kind == .rangeDots else { return nil }
        return try layerSpan()
    }

    /// `layer 12`, `layers 1..6,9`.
    mutating func layerList() throws(SyntaxFailure) -> LayerList {
        let word = advance()
        return try layerSpans(from: word.span)
    }

    /// The spans behind the word; `start` is where the whole begins.
    mutating func layerSpans(from start: SourceSpan) throws(SyntaxFailure) -> LayerList {
        var spans = [try layerSpan()]
        while peek.kind == .comma {
            advance()
            spans.append(try layerSpan())
        }
        return LayerList(spans, spans.reduce(start) { $0.union($1.span) })
    }

    private mutating func layerSpan() throws(SyntaxFailure) -> Located<LayerSpan> {
        let start = peek.span
        let from = try layerBound()
        guard peek.kind == .rangeDots else { return Located(LayerSpan(from), start) }
        advance()
        let end = peek.span
        let to = try layerBound()
        let span = start.union(end)
        if case .number(let low) = from, case .number(let high) = to {
            guard low <= high else { throw SyntaxFailure(.reversedRange(from: low, to: high), at: span) }
            if low == high { return Located(LayerSpan(from), span) }
        }
        return Located(LayerSpan(from, to: to), span)
    }

    private mutating func layerBound() throws(SyntaxFailure) -> LayerBound {
        let token = peek
        let bound: LayerBound
        expect(.layer)
        switch token.kind {
        case .literal(.integer(let number)):
            guard number >= 1 else { throw SyntaxFailure(.layersCountFromOne, at: token.span) }
            bound = .number(number)
        case .word("first"): bound = .first
        case .word("last"): bound = .last
        case .variable(let name): bound = .variable(name)
        case .unreadable(let text) where text.split(separator: "-").count == 2 && text.allSatisfy(\.isDigitOrDash):
            throw SyntaxFailure(.dashRange(text), at: token.span)
        default: throw SyntaxFailure(.notALayer(describe(token)), at: gap)
        }
        advance()
        return bound
    }
}

extension Character {
    fileprivate var isDigitOrDash: Bool { self == "-" || ("0"..."9").contains(self) }
}
