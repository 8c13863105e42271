extension Parser {
    /// `NAME in value, value { sentences }`, the verb being read.
    mutating func loop(verb: String) throws(SyntaxFailure) -> Loop {
        let name = peek
        guard let variable = name.word else {
            if case .variable(let text) = name.kind { throw SyntaxFailure(.wordNeedsNoDollar(text), at: name.span) }
            throw SyntaxFailure(.missingLoopVariable(verb: verb), at: gap)
        }
        advance()
        expect(.words(["in"]))
        guard peek.word == "in" else { throw SyntaxFailure(.missingIn(verb: verb), at: gap) }
        advance()
        var values = [try argument(.any, subject: variable)]
        while peek.kind == .comma {
            advance()
            values.append(try argument(.any, subject: variable))
        }
        expect(.words(["{"]))
        guard peek.kind == .leftBrace else { throw SyntaxFailure(.missingBody(verb: verb), at: gap) }
        let body = try body(open: advance().span)
        return Loop(variable: Located(variable, name.span), values: values, body: body)
    }

    /// The sentences up to the closing brace; one that fails is noted and the next is read.
    private mutating func body(open: SourceSpan) throws(SyntaxFailure) -> [Sentence] {
        var sentences: [Sentence] = []
        while true {
            switch peek.kind {
            case .end: advance()
            case .endOfText: throw SyntaxFailure(.unclosedBrace, at: open)
            case .rightBrace:
                advance()
                return sentences
            default:
                do {
                    sentences.append(try completeSentence())
                } catch {
                    if error.error == .unclosedBrace { throw error }
                    failures.append(error)
                    recover()
                }
            }
        }
    }
}
