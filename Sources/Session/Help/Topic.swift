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

    static let all: [Topic] = notions + criteria

    static func named(_ word: String) -> Topic? {
        let word = word.lowercased()
        return all.first { $0.name == word || $0.aliases.contains(word) }
    }

    func tell(_ context: inout CommandContext) {
        context.say("\(strong: name)")
        context.say(StyledText(text))
        for line in formula.split(separator: "\n") { context.say("\u{A0}\u{A0}\u{A0}\u{A0}\(key: line)") }
        context.say("\(faint: "from") \(source)")
        context.say("\(faint: "try")  \(example)")
    }
}
