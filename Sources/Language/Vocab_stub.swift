extension Vocabulary {
    package func completions(for line: String, cursor: Int, names: CompletionNames) -> [Completion] { [] }
    /// The command list of `help`.
    package func overview(width: Int = 80) -> String { "" }
}
extension CommandSpec {
    package func usage(width: Int = 80) -> String { "" }
    package func page(width: Int = 80) -> String { "" }
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
