import Language
import Report

/// A notion of the method that `help` explains: in words, as a formula, with where it comes from and a sentence to try.
struct Topic: Sendable {
    let name: String
    /// Other words for it.
    var aliases: [String] = []
    let text: String
    let formula: String
    /// A paper, or the place in the documents.
    let source: String
    /// Sentences that run once a model and data are there.
    let example: String

    static let all: [Topic] = notions + recovery + criteria + budgets

    static func named(_ word: String) -> Topic? {
        let word = word.lowercased()
        return all.first { $0.name == word || $0.aliases.contains(word) }
    }

    /// What `help` answers.
    var page: [Output] {
        [.line("\(strong: name)"), .line(StyledText(text))]
            + formula.split(separator: "\n").map { .line("\u{A0}\u{A0}\u{A0}\u{A0}\(key: $0)") }
            + [.line("\(faint: "from") \(source)"), .line("\(faint: "try")  \(example)")]
    }
}
