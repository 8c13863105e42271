extension Vocabulary {
    /// Parses a whole script and finds undefined variables and values of a wrong type before anything runs.
    ///
    /// `known` are the variables defined before the script, `overrides` the caller's values for its `param`s. The
    /// diagnostics are one a sentence, in order.
    package func check(
        _ source: Source, known: [String: Value] = [:], overrides: [String: Value] = [:], mode: ParseMode = .script
    ) -> Script {
        var parser = Parser(source, vocabulary: self, mode: mode)
        let script = parser.script()
        var environment = known
        if !script.diagnostics.isEmpty {
            // What a broken sentence would have defined must not be reported as undefined behind it.
            for name in definitions(in: parser.tokens) where environment[name] == nil {
                environment[name] = .variable(name)
            }
        }
        var rehearsal = Rehearsal(environment: environment, overrides: overrides)
        rehearsal.walk(script.sentences)
        let diagnostics = parser.failures + rehearsal.failures
        return Script(
            source: source, version: script.version, sentences: script.sentences,
            diagnostics: diagnostics.sorted { $0.span.start < $1.span.start }.map(\.diagnostic))
    }

    /// The names behind the verbs that define variables.
    private func definitions(in tokens: [Token]) -> [String] {
        zip(tokens, tokens.dropFirst()).compactMap { verb, name in
            switch verb.word.flatMap({ self[$0] })?.object {
            case .assignment, .loop: name.word
            default: nil
            }
        }
    }
}

/// Walks sentences in the order they would run, with the values their variables would have.
private struct Rehearsal {
    var environment: [String: Value]
    let overrides: [String: Value]
    var failures: [SyntaxFailure] = []
    private var failed: Set<SourceSpan> = []
    /// Nested loops multiply; past this many sentences each loop is walked with its first value only.
    private var budget = 10_000

    init(environment: [String: Value], overrides: [String: Value]) {
        self.environment = environment
        self.overrides = overrides
    }

    mutating func walk(_ sentences: [Sentence]) {
        for sentence in sentences { walk(sentence) }
    }

    private mutating func walk(_ sentence: Sentence) {
        budget -= 1
        do {
            let sentence = try sentence.replacing(environment)
            switch sentence.object {
            case .assignment(let assignment):
                let override = assignment.overridable ? overrides[assignment.name.content] : nil
                environment[assignment.name.content] = override ?? assignment.argument.value
            case .loop(let loop): walk(loop)
            default: break
            }
        } catch {
            if failed.insert(sentence.span).inserted { failures.append(error) }
            switch sentence.object {
            case .assignment(let assignment):
                environment[assignment.name.content] = .variable(assignment.name.content)
            case .loop(let loop):
                environment[loop.variable.content] = .variable(loop.variable.content)
                walk(loop.body)
            default: break
            }
        }
    }

    private mutating func walk(_ loop: Loop) {
        let outer = environment[loop.variable.content]
        for (place, value) in loop.values.enumerated() where place == 0 || budget > 0 {
            environment[loop.variable.content] = value.value
            walk(loop.body)
        }
        environment[loop.variable.content] = outer
    }
}
