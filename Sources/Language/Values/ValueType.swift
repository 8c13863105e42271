/// What may stand where a specification asks for a value. A `$name` may stand in every such place.
package enum ValueType: Hashable, Sendable {
    /// A whole number.
    case integer(Limits = .any)
    /// A whole number that may be written with k, M or G: `512`, `10k`, `15M`.
    case count(Limits = .atLeast(1))
    case number(Limits = .any)
    /// `60%`; the limits are in percent.
    case percent(Limits = .between(0, 100))
    /// `0.01` (absolute) or `1%` (relative); read it as `Tolerance`.
    case tolerance(Limits = .atLeast(0))
    /// `512MB`, `2GB`.
    case bytes(Limits = .atLeast(1))
    /// `yes` or `no`.
    case boolean
    /// One word out of a closed set.
    case word([Choice])
    /// The name of something that exists.
    case name(NameKind)
    /// A name to be given.
    case newName
    /// A quoted string; the noun phrase says what it is ("a title").
    case string(String)
    /// A quoted string that is a path; the noun phrase says to what ("a model file").
    case path(String)
    /// A bare word out of a closed set, or a path: `photo`, `"templates.txt"`.
    case wordOrPath([Choice], String)
    /// Any literal, as `let` takes it.
    case any

    /// One word out of the cases of an enum, for sets that need no summaries.
    package static func word<Set: CaseIterable & RawRepresentable>(of set: Set.Type) -> ValueType
    where Set.RawValue == String {
        .word(set.allCases.map { Choice($0.rawValue) })
    }

    package static func words(_ words: String...) -> ValueType { .word(words.map { Choice($0) }) }
}

/// What a name names, so that completion offers the right ones: `NameKind("model")`.
package struct NameKind: Hashable, Sendable {
    /// With no article: "model", "data set".
    package let noun: String

    package init(_ noun: String) { self.noun = noun }

    /// What `let`, `param` and `for` define.
    package static let variable = NameKind("variable")
    /// The verbs of the vocabulary, as `help` takes them.
    package static let command = NameKind("command")
}
