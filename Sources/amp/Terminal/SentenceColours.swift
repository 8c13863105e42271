import Language
import Session

/// Sentences in colours, their parts told apart.
///
/// Only what can be read on light and on dark ground: no yellow, blue or grey.
enum SentenceColours {
    static func paint(_ text: String, hasColour: Bool) -> String {
        guard hasColour else { return text }
        return Engine.vocabulary.parts(of: text).map { text, part in
            code(part).map { "\u{1B}[\($0)m\(text)\u{1B}[0m" } ?? text
        }.joined()
    }

    private static func code(_ part: SentencePart) -> String? {
        switch part {
        case .verb: "1;36"
        case .word: "36"
        case .number: "35"
        case .string: "32"
        case .variable: "1"
        case .comment: "2"
        case .other: nil
        }
    }
}
