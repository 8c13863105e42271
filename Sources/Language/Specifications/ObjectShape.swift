/// What stands right after the verb.
package indirect enum ObjectShape: Sendable {
    case none
    /// One value: `load "x"` is `.value(.path("a model file"))`, `use m` is `.value(.name(.model))`.
    case value(ValueType)
    /// One bare word or several, read as one name: `help class token`.
    case words(ValueType)
    /// Values with commas between them: `compare m, slim`.
    case list(ValueType)
    /// One word out of a closed set; the noun phrase completes "'score' needs to know …" ("what to score").
    case choice(String, [Choice])
    /// A choice and its value: `set threads 4`; each choice has a `value` type.
    case setting(String, [Choice])
    /// `all` or layers; the verb completes "'search' needs to know what to …".
    /// Other words may stand in their place, each with clauses of its own.
    case allOrLayers(String, also: [Choice] = [])
    /// `NAME = value`; a `param` may be overridden by the caller, a `let` may not.
    case assignment(overridable: Bool)
    /// A measure, a comparison and a value: `knn >= 70%`; each choice has a `value` type.
    case comparison([Choice])
    /// `NAME in value, value { … }`.
    case loop
    /// Another sentence: `explain search all within 1%`.
    case sentence
    /// The shape, or nothing: `undo`, `undo 2`.
    case optional(ObjectShape)
}

/// One word of a closed set, with what it alone allows.
package struct Choice: Hashable, Sendable {
    package let word: String
    /// One line, lower case, no full stop.
    package let summary: String
    /// What follows the word in a setting or comparison.
    package let value: ValueType?
    package let clauses: [ClauseSpec]
    package let options: [OptionSpec]

    package init(
        _ word: String, _ summary: String = "", value: ValueType? = nil, clauses: [ClauseSpec] = [],
        options: [OptionSpec] = []
    ) {
        self.word = word
        self.summary = summary
        self.value = value
        self.clauses = clauses
        self.options = options
    }
}
