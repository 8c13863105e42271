import Jupyter
import Testing

@Suite("The words at a cursor")
struct SentenceWordsTests {
    // ‸ is the cursor.
    static let cases: [(text: String, subjects: [String])] = [
        ("sco‸re entropy", ["score", "score"]), ("score‸", ["score", "score"]), ("‸score", ["score", "score"]),
        ("score ent‸ropy t=5", ["entropy", "score"]), ("score entropy t=5 ‸", ["score"]),
        ("score entropy; sea‸rch all", ["search", "search"]), ("score entropy;‸ search all", ["search"]),
        ("for e in 1, 2 { sea‸rch all }", ["search", "search"]), ("for e in 1, 2 { ‸", []),
        ("load \"the sc‸ore\" as m", ["load"]), ("load \"é🌷\" as na‸me", ["name", "load"]),
        ("# prune ‸", []), ("# prune\nshow‸ plan", ["show", "show"]), ("show plan\n\n‸\nprune", []), ("‸", []),
        ("explain search ‸all within 1%", ["all", "explain"]),
    ]

    @Test("are the word itself, then its sentence's first", arguments: cases)
    func subjects(_ test: (text: String, subjects: [String])) throws {
        let scalars = Array(test.text.unicodeScalars)
        let cursor = try #require(scalars.firstIndex(of: "‸"))
        let text = test.text.replacing("‸", with: "")
        #expect(SentenceWords(text, cursor: cursor).subjects == test.subjects)
    }

    @Test("a cursor outside of the text is at its end", arguments: [-5, 1000, Int.min, Int.max])
    func outside(cursor: Int) {
        #expect(SentenceWords("score entropy", cursor: cursor).subjects.last == "score")
    }
}
