// The sentences of all syntax errors, in one place.
extension SyntaxError {
    func diagnostic(at span: SourceSpan) -> Diagnostic {
        switch self {
        case .unterminatedString, .unknownEscape, .wrongQuotes, .notUTF8, .numberTooLarge: ofCharacters(span)
        case .notASentence, .unknownCommand, .prefixInScript, .ambiguousPrefix, .neverByPrefix, .versionNotFirst,
            .versionMissing, .unsupportedVersion:
            ofVerbs(span)
        case .missingObject, .unknownChoice, .wordNeedsNoQuotes, .wordNeedsNoDollar, .numberWithoutLayer, .unquoted,
            .missingEquals,
            .missingComparison, .notAComparison, .remark:
            ofObjects(span)
        case .unexpected, .unknownClause, .clauseTwice, .optionAsWord, .clauseAsOption, .unknownOption, .optionTwice,
            .doubleEquals, .notOfChoice:
            ofClauses(span)
        case .missingValue, .wrongType, .unknownWord, .outOfRange, .undefinedVariable, .notAName: ofValues(span)
        case .notALayer, .layersCountFromOne, .reversedRange, .dashRange, .missingLoopVariable, .missingIn,
            .missingBody, .unclosedBrace, .strayBrace, .sentenceGoesOn, .nestedTooDeep:
            ofLayersAndLoops(span)
        }
    }

    private func ofCharacters(_ span: SourceSpan) -> Diagnostic {
        switch self {
        case .unterminatedString:
            Diagnostic("a string without its closing quote", at: span, label: "end it with \" on the same line")
        case .unknownEscape(let text):
            Diagnostic(
                "'\(text)' means nothing in a string", at: span, label: "write \\\\ for a backslash",
                hints: ["the escapes are \\\" \\\\ \\n \\t \\r \\u{…}"])
        case .wrongQuotes(let text):
            Diagnostic("strings stand in straight double quotes", at: span, label: "write \(Value.quoted(text))")
        case .notUTF8:
            Diagnostic("this is not valid UTF-8", at: span, label: "save the text as UTF-8")
        case .numberTooLarge(let text):
            Diagnostic("'\(text)' is too large a number", at: span)
        default: Diagnostic("this cannot be read", at: span)
        }
    }

    /// The clauses and options that a word is near to. An option's own letters count: a word of two letters is not near to
    /// `t=`.
    private static func near(_ word: String, among legal: [String]) -> [String] {
        let keys = Dictionary(
            legal.map { ($0.hasSuffix("=") ? String($0.dropLast()) : $0, $0) }, uniquingKeysWith: { first, _ in first })
        let words = legal.map { $0.hasSuffix("=") ? String($0.dropLast()) : $0 }
        return Suggestion.near(word, among: words).compactMap { keys[$0] }
    }

    private func ofVerbs(_ span: SourceSpan) -> Diagnostic {
        switch self {
        case .notASentence(let found):
            Diagnostic("a sentence begins with a command, not with \(found)", at: span)
        case .unknownCommand(let word, let near, let assignment):
            Diagnostic(
                "unknown command '\(word)'", at: span,
                label: didYouMean(near) ?? assignment.map { "to name a value, write: \($0) \(word) = …" },
                hints: near.isEmpty && assignment == nil ? ["help lists the commands"] : [])
        case .prefixInScript(let word, let verb):
            Diagnostic(
                "unknown command '\(word)': a script writes commands in full", at: span, label: "write: \(verb)")
        case .ambiguousPrefix(let word, let candidates):
            Diagnostic("'\(word)' could be several commands", at: span, label: "one of:", alternatives: candidates)
        case .neverByPrefix(_, let verb):
            Diagnostic("'\(verb)' is never abbreviated", at: span, label: "write: \(verb)")
        case .versionNotFirst:
            Diagnostic("the version of the language stands in the first line only", at: span)
        case .versionMissing:
            Diagnostic(
                "'amp' needs the version of the language", at: span, label: "write: amp \(Script.languageVersion)")
        case .unsupportedVersion(let version):
            Diagnostic(
                "this script is written in version \(version) of the language", at: span,
                label: "this program speaks version \(Script.languageVersion)")
        default: Diagnostic("this cannot be read", at: span)
        }
    }

    private func ofObjects(_ span: SourceSpan) -> Diagnostic {
        switch self {
        case .missingObject(let verb, let need): missing(need, verb: verb, span)
        case .unknownChoice(let word, let after, let choices):
            unknown("'\(after)' does not know '\(word)'", word, legal: choices, span)
        case .wordNeedsNoQuotes(let text):
            Diagnostic("a word of the language stands without quotes", at: span, label: "write: \(text)")
        case .wordNeedsNoDollar(let name):
            Diagnostic("a name stands without '$' where it gets its value", at: span, label: "write: \(name)")
        case .numberWithoutLayer(let verb, let layers):
            Diagnostic("'\(verb)' needs the word 'layer' before a number", at: span, label: "write: \(verb) \(layers)")
        case .unquoted(let text, let noun):
            Diagnostic("\(noun) must be in double quotes", at: span, label: "write \(Value.quoted(text))")
        case .missingEquals(let verb, let name, let value):
            Diagnostic(
                "'\(verb)' needs '=' between name and value", at: span,
                label: "write: \(verb) \(name) = \(value ?? "…")")
        case .missingComparison(let measure):
            Diagnostic(
                "'\(measure)' needs a comparison", at: span, label: "one of:",
                alternatives: Comparison.allCases.map(\.rawValue))
        case .notAComparison(let text):
            Diagnostic(
                "'\(text)' is no comparison", at: span, label: text == "=" ? "write: ==" : "one of:",
                alternatives: text == "=" ? [] : Comparison.allCases.map(\.rawValue))
        case .remark(_, let message, let label, let hint):
            Diagnostic(message, at: span, label: label, hints: hint.map { [$0] } ?? [])
        default: Diagnostic("this cannot be read", at: span)
        }
    }

    private func missing(_ need: Need, verb: String, _ span: SourceSpan) -> Diagnostic {
        switch need {
        case .choice(let noun, let words):
            Diagnostic("'\(verb)' needs to know \(noun)", at: span, label: "one of:", alternatives: words)
        case .value(let type):
            Diagnostic("'\(verb)' needs \(type.phrase)", at: span, label: "write: \(verb) \(type.sample)")
        case .allOrLayers(let noun):
            Diagnostic("'\(verb)' needs to know \(noun)", at: span, label: "write: \(verb) all, or: \(verb) layer 12")
        case .assignment:
            Diagnostic("'\(verb)' needs a name and a value", at: span, label: "write: \(verb) x = 0.01")
        case .comparison(let words):
            Diagnostic("'\(verb)' needs something to measure", at: span, label: "one of:", alternatives: words)
        case .sentence:
            Diagnostic("'\(verb)' needs a sentence", at: span)
        }
    }

    private func ofClauses(_ span: SourceSpan) -> Diagnostic {
        switch self {
        case .unexpected(let found, let after, let legal):
            Diagnostic(
                "\(found) means nothing here", at: span,
                label: legal.isEmpty ? "nothing can follow '\(after)' here" : "what can follow:", alternatives: legal)
        case .unknownClause(let word, let after, let legal):
            if legal.isEmpty {
                Diagnostic("nothing can follow '\(after)' here", at: span)
            } else if let label = didYouMean(Self.near(word, among: legal)) {
                Diagnostic("'\(after)' has no clause '\(word)'", at: span, label: label)
            } else {
                Diagnostic(
                    "'\(after)' has no clause '\(word)'", at: span, label: "what can follow:", alternatives: legal)
            }
        case .clauseTwice(let keyword, let first):
            Diagnostic("'\(keyword)' is there twice", at: span, label: "once is enough: '\(first)' stands before")
        case .optionAsWord(let key, let value):
            Diagnostic("'\(key)' is an option here, not a word", at: span, label: "write: \(key)=\(value ?? "…")")
        case .clauseAsOption(let keyword, let value):
            Diagnostic(
                "'\(keyword)' is a word here, not an option", at: span,
                label: "write: \(keyword)" + (value.map { " " + $0 } ?? ""))
        case .unknownOption(let key, let after, let legal):
            unknown("'\(after)' has no option '\(key)'", key, legal: legal.map { $0 + "=" }, span)
        case .optionTwice(let key, let first):
            Diagnostic(
                "the option '\(key)' is there twice", at: span, label: "once is enough: '\(first)' stands before")
        case .notOfChoice(let what, let title, let variable):
            Diagnostic("'\(title)' has no \(what)", at: span, label: "the choice is $\(variable)")
        case .doubleEquals(let key):
            Diagnostic("an option is set with one '='", at: span, label: "write: \(key)=…")
        default: Diagnostic("this cannot be read", at: span)
        }
    }

    private func ofValues(_ span: SourceSpan) -> Diagnostic {
        switch self {
        case .missingValue(let subject, let type):
            Diagnostic(
                "'\(subject)' needs \(type.phrase)", at: span, label: type.exampleLabel, alternatives: type.words)
        case .wrongType(let subject, let type, let found, let variable):
            Diagnostic(
                "'\(subject)' needs \(type.phrase)", at: span,
                label: variable.map { "$\($0) is \(found), \(found.kind)" }
                    ?? type.correction(of: found).map { "write \($0)" } ?? "this is \(found.kind)",
                alternatives: [])
        case .unknownWord(let subject, let word, let legal, let variable):
            if let variable {
                Diagnostic(
                    "'\(subject)' does not know '\(word)'", at: span, label: "$\(variable) is \(word); one of:",
                    alternatives: legal)
            } else {
                unknown("'\(subject)' does not know '\(word)'", word, legal: legal, span)
            }
        case .outOfRange(let subject, let limits, let unit, let variable):
            Diagnostic(
                "\(subject) must be \(limits.phrase(unit: unit))", at: span,
                label: variable.map { "this is the value of $\($0)" })
        case .undefinedVariable(let name, let known):
            Diagnostic(
                "there is no variable $\(name)", at: span,
                label: didYouMean(Suggestion.near(name, among: known).map { "$" + $0 }),
                hints: Suggestion.near(name, among: known).isEmpty ? ["let \(name) = … gives it a value"] : [])
        case .notAName(let text, let subject):
            Diagnostic(
                "'\(text)' cannot be a name for '\(subject)'", at: span,
                label: "names are made of A-Z a-z 0-9 _ and -, a letter first")
        default: Diagnostic("this cannot be read", at: span)
        }
    }

    private func ofLayersAndLoops(_ span: SourceSpan) -> Diagnostic {
        switch self {
        case .notALayer(let found):
            Diagnostic("a layer is a number, first or last, not \(found)", at: span, label: "such as: layers 1..6,9")
        case .layersCountFromOne:
            Diagnostic("layers count from 1", at: span, label: "the first is layer 1")
        case .reversedRange(let from, let to):
            Diagnostic(
                "a range of layers goes from the lower number to the higher", at: span, label: "write: \(to)..\(from)")
        case .dashRange(let text):
            Diagnostic(
                "a range of layers is written with two dots", at: span,
                label: "write: \(text.replacing("-", with: ".."))")
        case .missingLoopVariable(let verb):
            Diagnostic("'\(verb)' needs a name", at: span, label: "write: \(verb) x in 0.003, 0.01 { … }")
        case .missingIn(let verb):
            Diagnostic("'\(verb)' needs 'in' after the name", at: span, label: "write: \(verb) x in 0.003, 0.01 { … }")
        case .missingBody(let verb):
            Diagnostic("'\(verb)' needs its sentences in braces", at: span, label: "write: { … }")
        case .unclosedBrace:
            Diagnostic("this '{' is never closed", at: span, label: "its '}' is missing")
        case .strayBrace:
            Diagnostic("there is no '{' for this '}'", at: span)
        case .sentenceGoesOn(let found):
            Diagnostic(
                "\(found) after the end of a sentence", at: span, label: "begin a new line, or write ; before it")
        case .nestedTooDeep(let limit):
            Diagnostic("sentences are nested more than \(limit) deep", at: span)
        default: Diagnostic("this cannot be read", at: span)
        }
    }

    private func unknown(_ message: String, _ word: String, legal: [String], _ span: SourceSpan) -> Diagnostic {
        if let label = didYouMean(Suggestion.near(word, among: legal)) {
            return Diagnostic(message, at: span, label: label)
        }
        return Diagnostic(message, at: span, label: legal.isEmpty ? "it has none" : "one of:", alternatives: legal)
    }

    private func didYouMean(_ near: [String]) -> String? {
        let quoted = near.prefix(3).map { "'\($0)'" }
        guard let last = quoted.last else { return nil }
        return "did you mean " + (quoted.count == 1 ? last : quoted.dropLast().joined(separator: ", ") + " or \(last)")
            + "?"
    }
}
