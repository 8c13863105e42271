import Language
import Session

/// Sentences in colours, their parts told apart.
///
/// Only what can be read on light and on dark ground: no yellow, blue or grey.
enum SentenceColours {
    static func paint(_ text: String, hasColour: Bool) -> String {
        guard hasColour else { return text }
        return Engine.vocabulary.highlighted(Source(text)).map { part in
            code(part.role).map { "\u{1B}[\($0)m\(part.text)\u{1B}[0m" } ?? part.text
        }.joined()
    }

    private static func code(_ role: HighlightedText.Role) -> String? {
        switch role {
        case .verb: "1;36"
        case .keyword: "36"
        case .number: "35"
        case .string: "32"
        case .variable: "1"
        case .comment: "2"
        case .plain: nil
        }
    }
}
