extension Vocabulary {
    /// Parses a text: every sentence that can be read, and one diagnostic for each that cannot.
    package func parse(_ source: Source, mode: ParseMode = .script) -> Script {
        Script(source: source, version: nil, sentences: [], diagnostics: [])
    }
    /// Parses a whole script and finds undefined variables and wrong types of known values before anything runs.
    package func check(
        _ source: Source, known: [String: Value] = [:], overrides: [String: Value] = [:], mode: ParseMode = .script
    ) -> Script { parse(source, mode: mode) }
    /// Whether more lines are needed: only while a `{` is open.
    package static func isIncomplete(_ text: String) -> Bool { false }
    package func completions(for line: String, cursor: Int, names: CompletionNames) -> [Completion] { [] }
    /// The command list of `help`.
    package func overview(width: Int = 80) -> String { "" }
}
extension CommandSpec {
    package func usage(width: Int = 80) -> String { "" }
    package func page(width: Int = 80) -> String { "" }
}
extension Sentence {
    /// The full sentence: full verb, clauses and options in the order of the specification, numbers in shortest form.
    package var canonical: String { "" }
    /// The sentence with every variable replaced, its types checked again.
    package func substituting(_ environment: [String: Value]) throws(Diagnostic) -> Sentence { self }
}
extension Diagnostic {
    package func rendered(source: Source?, width: Int = 80) -> String { "" }
    package func runs(source: Source?, width: Int = 80) -> [Run] { [] }
    package struct Run: Hashable, Sendable {
        package enum Style: Hashable, Sendable { case plain, severity, location, message, source, caret, note, hint }
        package let text: String
        package let style: Style
    }
}
package struct CompletionNames: Sendable {
    package let names: [NameKind: [String]]
    package init(_ names: [NameKind: [String]] = [:]) { self.names = names }
}
package struct Completion: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case verb, object, clause, option, value, name(NameKind), path(prefix: String)
    }
    /// What to put in place of `replaced`, for a path nothing: the caller lists the folder.
    package let text: String
    package let summary: String
    package let kind: Kind
    /// In Unicode scalars of the line.
    package let replaced: SourceSpan
}
/// The manual page of all commands.
package enum ReferenceManual {
    package static func markdown(_ vocabulary: Vocabulary) -> String { "" }
}
