import Language
import Testing

@Suite("Suggestions")
struct SuggestionTests {
    @Test(
        "a swap, a change, an insertion and a deletion count one each",
        arguments: [
            ("search", "search", 0), ("serach", "search", 1), ("seach", "search", 1), ("searcch", "search", 1),
            ("saerhc", "search", 2), ("ca", "abc", 3), ("", "abc", 3), ("abc", "", 3),
        ])
    func distances(_ left: String, _ right: String, _ distance: Int) {
        #expect(Suggestion.distance(Array(left.unicodeScalars), Array(right.unicodeScalars)) == distance)
    }

    @Test(
        "only what is near enough is suggested",
        arguments: [
            ("serach", ["search"]), ("sae", ["save"]), ("evaluation", ["evaluate"]), ("evalaute", ["evaluate"]),
            ("xyz", []),
            ("x", []), ("LOAD", ["load"]), ("ru", ["run"]),
        ])
    func nearness(_ word: String, _ expected: [String]) {
        #expect(Suggestion.near(word, among: vocabulary.commands.map(\.verb)) == expected)
    }

    @Test("only what is legal at that place is suggested")
    func legality() {
        #expect(complaint("score entropy k=3").contains("one of: t=, batch=, signed=, precision="))
        #expect(!complaint("prune withn 1%").contains("within'?"))
        #expect(!complaint("search all within 1% witin 2%").contains("did you mean"))
    }
}
