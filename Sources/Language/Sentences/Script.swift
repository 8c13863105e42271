/// What came out of parsing a text: its sentences, and what is wrong with it, one diagnostic a sentence, in order.
package struct Script: Sendable {
    package let source: Source
    /// The language version of a first line `amp 1`.
    package let version: Int?
    /// The sentences that could be read; run them only if `diagnostics` is empty.
    package let sentences: [Sentence]
    package let diagnostics: [Diagnostic]

    /// The version of the language this program speaks.
    package static let languageVersion = 1
}

/// Who wrote the text.
package enum ParseMode: Hashable, Sendable {
    /// A unique prefix of a verb will do.
    case interactive
    /// Full verbs only.
    case script
}

extension Script {
    /// The names of its `param`s, which a caller may give values, in order.
    package var parameters: [String] {
        func names(_ sentences: [Sentence]) -> [String] {
            sentences.flatMap { sentence -> [String] in
                switch sentence.object {
                case .assignment(let assignment) where assignment.overridable: [assignment.name.content]
                case .loop(let loop): names(loop.body)
                default: []
                }
            }
        }
        return names(sentences)
    }
}
