/// One way to go on at the cursor.
package struct Completion: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case verb
        case choice
        case clause
        /// The key with its `=`: no blank follows.
        case option
        case value
        case punctuation
        case name(NameKind)
        /// A path is wanted: the caller lists the folder the prefix names. Its quote is there, or has yet to be opened.
        case path(prefix: String, opens: Bool)
    }

    /// What to put in place of `replaced`; for a path the prefix as it stands.
    package let text: String
    package let summary: String
    package let kind: Kind
    /// The stretch of the line to be replaced, in Unicode scalars.
    package let replaced: SourceSpan

    package init(text: String, summary: String, kind: Kind, replaced: SourceSpan) {
        self.text = text
        self.summary = summary
        self.kind = kind
        self.replaced = replaced
    }
}

/// The names that exist, by what they name, as the session knows them.
package struct CompletionNames: Sendable {
    package let names: [NameKind: [String]]

    package init(_ names: [NameKind: [String]] = [:]) { self.names = names }

    package subscript(kind: NameKind) -> [String] { names[kind] ?? [] }
}
