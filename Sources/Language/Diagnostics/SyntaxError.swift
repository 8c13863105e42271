/// Everything that can be wrong with a text before it runs.
///
/// What words say it is decided in one place, `SyntaxError+Diagnostic.swift`.
enum SyntaxError: Error, Hashable, Sendable {
    // Characters
    case unterminatedString
    case unknownEscape(String)
    case wrongQuotes(String)
    case notUTF8
    case numberTooLarge(String)

    // Verbs and versions
    case notASentence(found: String)
    case unknownCommand(String, near: [String], assignment: String?)
    case prefixInScript(String, verb: String)
    case ambiguousPrefix(String, candidates: [String])
    case neverByPrefix(String, verb: String)
    case versionNotFirst
    case versionMissing
    case unsupportedVersion(String)

    // Objects
    case missingObject(verb: String, need: Need)
    case unknownChoice(String, after: String, choices: [String])
    case wordNeedsNoQuotes(String)
    case wordNeedsNoDollar(String)
    case numberWithoutLayer(verb: String, layers: String)
    case unquoted(String, noun: String)
    case missingEquals(verb: String, name: String, value: String?)
    case missingComparison(String)
    case notAComparison(String)
    case remark(verb: String, message: String, label: String?, hint: String?)

    // Clauses and options
    case unexpected(String, after: String, legal: [String])
    case unknownClause(String, after: String, legal: [String])
    case clauseTwice(String, first: String)
    case optionAsWord(key: String, value: String?)
    case clauseAsOption(keyword: String, value: String?)
    case unknownOption(String, after: String, legal: [String])
    case optionTwice(String, first: String)
    case doubleEquals(key: String)
    case notOfChoice(String, title: String, variable: String)

    // Values
    case missingValue(subject: String, type: ValueType)
    case wrongType(subject: String, type: ValueType, found: Value, variable: String?)
    case unknownWord(subject: String, String, legal: [String], variable: String?)
    case outOfRange(subject: String, limits: Limits, unit: String, variable: String?)
    case undefinedVariable(String, known: [String])
    case notAName(String, subject: String)

    // Layers
    case notALayer(String)
    case layersCountFromOne
    case reversedRange(from: Int, to: Int)
    case dashRange(String)

    // Loops
    case missingLoopVariable(verb: String)
    case missingIn(verb: String)
    case missingBody(verb: String)
    case unclosedBrace
    case strayBrace
    case sentenceGoesOn(String)
    case nestedTooDeep(limit: Int)

    /// What a verb cannot do without.
    enum Need: Hashable, Sendable {
        case choice(String, [String])
        case value(ValueType)
        case allOrLayers(String)
        case assignment
        case comparison([String])
        case sentence
    }
}

/// A syntax error in its place.
struct SyntaxFailure: Error {
    let error: SyntaxError
    let span: SourceSpan

    init(_ error: SyntaxError, at span: SourceSpan) {
        self.error = error
        self.span = span
    }

    var diagnostic: Diagnostic { error.diagnostic(at: span) }
}
