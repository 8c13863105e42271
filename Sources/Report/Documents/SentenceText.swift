/// A sentence in stretches of one role each, so that its parts can be told apart.
package struct SentenceText: Sendable, Hashable {
    package enum Role: String, Sendable, Hashable {
        case plain, verb, keyword, number, string, variable, comment
    }

    package struct Part: Sendable, Hashable {
        package var text: String
        package var role: Role

        package init(_ text: String, role: Role) {
            self.text = text
            self.role = role
        }
    }

    package var parts: [Part]

    package init(_ parts: [Part]) { self.parts = parts }

    /// A sentence whose parts are not known.
    package init(_ text: String) { parts = text.isEmpty ? [] : [Part(text, role: .plain)] }

    package var text: String { parts.map(\.text).joined() }
}
