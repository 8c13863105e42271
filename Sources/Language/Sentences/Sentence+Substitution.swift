extension Sentence {
    /// The sentence with every variable replaced by its value, types and limits checked again.
    ///
    /// Of a loop only the values are replaced: its body may define variables of its own, so its sentences are
    /// substituted one by one as they run. Throws a diagnostic for an undefined variable or a value of a wrong type.
    package func substituting(_ environment: [String: Value]) throws(Diagnostic) -> Sentence {
        do {
            return try replacing(environment)
        } catch {
            throw error.diagnostic
        }
    }

    func replacing(_ environment: [String: Value]) throws(SyntaxFailure) -> Sentence {
        var clauses: [Clause] = []
        let object = try object.replacing(environment)
        for clause in self.clauses {
            switch clause.content {
            case .values(let arguments):
                var replaced: [Argument] = []
                for argument in arguments { replaced.append(try argument.replacing(environment)) }
                clauses.append(Clause(keyword: clause.keyword, content: .values(replaced)))
            case .layers(let list):
                clauses.append(Clause(keyword: clause.keyword, content: .layers(try list.replacing(environment))))
            }
        }
        var options: [Option] = []
        for option in self.options {
            options.append(Option(key: option.key, argument: try option.argument.replacing(environment)))
        }
        let replaced = Sentence(
            verb: verb, object: object, clauses: clauses, options: options, span: span, verbSpan: verbSpan)
        guard case .variableChoice(let argument) = self.object, case .variable(let name) = argument.value,
            case .word(let choices) = argument.type, case .choice(let word) = object
        else { return replaced }
        return try replaced.settled(on: word, among: choices, variable: name)
    }
}

extension Sentence.Object {
    fileprivate func replacing(_ environment: [String: Value]) throws(SyntaxFailure) -> Sentence.Object {
        switch self {
        case .none, .choice, .all: return self
        case .value(let argument): return .value(try argument.replacing(environment))
        case .list(let arguments):
            var replaced: [Argument] = []
            for argument in arguments { replaced.append(try argument.replacing(environment)) }
            return .list(replaced)
        case .variableChoice(let argument):
            let known = try argument.replacing(environment)
            guard case .word(let word) = known.value else { return .variableChoice(known) }
            return .choice(Located(word, known.span))
        case .setting(let word, let argument): return .setting(word, try argument.replacing(environment))
        case .layers(let list): return .layers(try list.replacing(environment))
        case .assignment(let assignment):
            return .assignment(
                Assignment(
                    name: assignment.name, argument: try assignment.argument.replacing(environment),
                    overridable: assignment.overridable))
        case .comparison(let measure, let comparison, let argument):
            return .comparison(measure: measure, comparison, try argument.replacing(environment))
        case .loop(let loop):
            var values: [Argument] = []
            for value in loop.values { values.append(try value.replacing(environment)) }
            return .loop(Loop(variable: loop.variable, values: values, body: loop.body))
        case .sentence(let sentence): return .sentence(try sentence.replacing(environment))
        }
    }
}

extension Argument {
    fileprivate func replacing(_ environment: [String: Value]) throws(SyntaxFailure) -> Argument {
        switch value {
        case .variable(let name):
            let found = try environment.value(of: name, at: span)
            do {
                try type.check(found, subject: subject, variable: name)
            } catch {
                throw SyntaxFailure(error, at: span)
            }
            return Argument(value: found, type: type, subject: subject, span: span)
        case .layers(let range):
            let replaced = try range.replacing(environment, at: span)
            return Argument(value: .layers(replaced), type: type, subject: subject, span: span)
        default: return self
        }
    }
}

extension LayerList {
    fileprivate func replacing(_ environment: [String: Value]) throws(SyntaxFailure) -> LayerList {
        var replaced: [Located<LayerSpan>] = []
        for located in spans {
            replaced.append(Located(try located.content.replacing(environment, at: located.span), located.span))
        }
        return LayerList(replaced, span)
    }
}

extension LayerSpan {
    fileprivate func replacing(
        _ environment: [String: Value], at span: SourceSpan
    ) throws(SyntaxFailure) -> LayerSpan {
        if to == nil, case .variable(let name) = from,
            case .layers(let range) = try environment.value(of: name, at: span)
        {
            return range
        }
        let from = try from.replacing(environment, at: span)
        guard let to = try to?.replacing(environment, at: span) else { return LayerSpan(from) }
        if case .number(let low) = from, case .number(let high) = to {
            guard low <= high else { throw SyntaxFailure(.reversedRange(from: low, to: high), at: span) }
            if low == high { return LayerSpan(from) }
        }
        return LayerSpan(from, to: to)
    }
}

extension LayerBound {
    fileprivate func replacing(
        _ environment: [String: Value], at span: SourceSpan
    ) throws(SyntaxFailure) -> LayerBound {
        guard case .variable(let name) = self else { return self }
        let value = try environment.value(of: name, at: span)
        switch value {
        case .integer(let number) where number >= 1: return .number(number)
        case .integer: throw SyntaxFailure(.layersCountFromOne, at: span)
        case .word("first"): return .first
        case .word("last"): return .last
        case .variable(let other): return .variable(other)
        default: throw SyntaxFailure(.notALayer("\(value), the value of $\(name)"), at: span)
        }
    }
}

extension [String: Value] {
    fileprivate func value(of name: String, at span: SourceSpan) throws(SyntaxFailure) -> Value {
        guard let value = self[name] else {
            throw SyntaxFailure(.undefinedVariable(name, known: keys.sorted()), at: span)
        }
        return value
    }
}
