import Language
import Testing

@Suite("Properties")
struct PropertyTests {
    @Test("the canonical form of a sentence says the same sentence", arguments: [1, 2, 3] as [UInt64])
    func roundTrip(_ seed: UInt64) throws {
        var generator = SentenceGenerator(random: SeededGenerator(seed: seed))
        for _ in 0..<1000 {
            let text = generator.sentence()
            let original = try #require(try? sentence(text), "\(text)\n\(complaint(text, mode: .script))")
            let canonical = original.canonical
            let again = try #require(try? sentence(canonical), "\(canonical)")
            guard again == original, again.canonical == canonical else {
                Issue.record("\(text)\n\(canonical)\n\(again.canonical)")
                return
            }
            #expect(!canonical.contains { $0.isNewline && $0 != "\u{2028}" && $0 != "\u{2029}" })
        }
    }

    /// Reads, checks, completes and renders a text; a trap would end the test run.
    private func exercise(_ source: Source, cursor: Int) {
        let names = CompletionNames([.variable: ["e"], .model: ["m"]])
        let script = vocabulary.check(source, known: ["e": .number(0.5)], mode: .interactive)
        for sentence in script.sentences { _ = sentence.canonical }
        // One expectation a text: thousands of them would take longer than what they check.
        var isSound = true
        for diagnostic in script.diagnostics {
            isSound = isSound && diagnostic.span != nil && !diagnostic.message.isEmpty
            isSound = isSound && !diagnostic.rendered(source: source, width: cursor).isEmpty
        }
        _ = Vocabulary.isIncomplete(source.text)
        for completion in vocabulary.completions(for: source.text, cursor: cursor, names: names) {
            isSound = isSound && completion.replaced.start <= completion.replaced.end
        }
        if !isSound { Issue.record("\(source.text)") }
    }

    @Test("no bytes are too strange to read")
    func bytes() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<4000 {
            let count = Int.random(in: 0...40, using: &random)
            let source = Source(bytes: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
            exercise(source, cursor: Int.random(in: -1...41, using: &random))
        }
    }

    @Test("no heap of words is too strange to read")
    func words() {
        var random = SeededGenerator(seed: 12)
        let words =
            vocabulary.commands.map(\.verb) + [
                "all", "layer", "layers", "entropy", "within", "to", "on", "as", "in", "amp", "{", "}", "{", "}", ";",
                "\n",
                "\r\n", ",", "=", "==", "<", "..", "1", "0", "-3", "0.5", "1e999", "60%", "2GB", "1..6", "6..1", "$e",
                "$", "\"",
                "\"a\"", "\"\\", "#", "t=", "t=15", "k", "first", "last", "é", "日本", "“", "'", "\t", "\u{FEFF}",
                "\u{0}", "1-2",
                "99999999999999999999", "\\u{110000}", "..", "$e..$e",
            ]
        for _ in 0..<4000 {
            let count = Int.random(in: 0...25, using: &random)
            let glue = Bool.random(using: &random) ? " " : ""
            let text = (0..<count).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: glue)
            exercise(Source(text, name: "soup"), cursor: Int.random(in: 0...200, using: &random))
        }
    }

    @Test("no damage to a right sentence is too strange to read")
    func mutations() {
        var random = SeededGenerator(seed: 13)
        var generator = SentenceGenerator(random: SeededGenerator(seed: 14))
        for _ in 0..<3000 {
            var bytes = Array(generator.sentence().utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(UInt8.random(in: 32...126, using: &random), at: place)
                default: bytes.removeSubrange(place...)
                }
            }
            exercise(Source(bytes: bytes), cursor: Int.random(in: 0...80, using: &random))
        }
    }

    @Test(
        "nesting without end is an error, not a full stack",
        arguments: ["for a in 1 { ", "explain ", "{", "$a..", "\"\\"])
    func nesting(_ piece: String) {
        let text = String(repeating: piece, count: 2000)
        exercise(Source(text), cursor: text.unicodeScalars.count)
        #expect(!vocabulary.parse(Source(text)).diagnostics.isEmpty)
    }
}
