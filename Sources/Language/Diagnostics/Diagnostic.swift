/// Something to tell the user: what is wrong, where, what to write instead, what to do next.
///
/// The language and the session use the same value; only what the language finds always has a span.
package struct Diagnostic: Error, Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case error
        case warning
        case interrupted
    }

    package let kind: Kind
    /// One sentence, lower case, no full stop.
    package let message: String
    package let span: SourceSpan?
    /// What stands after the carets.
    package let label: String?
    /// What could stand there instead; listed after the label as far as the width allows.
    package let alternatives: [String]
    package let notes: [String]
    package let hints: [String]

    package init(
        _ message: String, kind: Kind = .error, at span: SourceSpan? = nil, label: String? = nil,
        alternatives: [String] = [], notes: [String] = [], hints: [String] = []
    ) {
        self.kind = kind
        self.message = message
        self.span = span
        self.label = label
        self.alternatives = alternatives
        self.notes = notes
        self.hints = hints
    }
}

extension Diagnostic {
    /// The same, pointing at a place where it had none.
    package func placed(at fallback: SourceSpan) -> Diagnostic {
        Diagnostic(
            message, kind: kind, at: span ?? fallback, label: label, alternatives: alternatives, notes: notes,
            hints: hints)
    }

    /// The same with more notes.
    package func noting(_ more: [String]) -> Diagnostic {
        Diagnostic(
            message, kind: kind, at: span, label: label, alternatives: alternatives, notes: notes + more, hints: hints)
    }
}
