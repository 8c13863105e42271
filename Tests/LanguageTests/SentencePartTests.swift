import Language
import Testing

@Suite("The parts of a sentence")
struct SentencePartTests {
    @Test(
        "are its verb, words, values and comments",
        arguments: [
            (
                "search all within 1% batch=64 # why",
                "search:verb all:word within:word 1%:number batch:word =:other 64:number # why:comment"
            ),
            ("load \"a b\" as m; prune", "load:verb \"a b\":string as:word m:word ;:other prune:verb"),
            (
                "for e in 1, 2 { sc entropy t=$e }",
                "for:verb e:word in:word 1:number ,:other 2:number {:other sc:verb entropy:word t:word =:other $e:variable }:other"
            ),
            ("# only\nprune", "# only:comment prune:verb"),
            ("xyz 'a'", "xyz:word 'a':other"), ("load \"open", "load:verb \"open:string"),
        ])
    func parts(text: String, expected: String) {
        let parts = vocabulary.parts(of: text)
        #expect(parts.map(\.text).joined() == text)
        let shown = parts.filter { !$0.text.allSatisfy(\.isWhitespace) }.map { part in
            "\(part.text.trimmingCharacters):\(part.part)"
        }
        #expect(shown.joined(separator: " ") == expected)
    }

    @Test(
        "are nothing but the text, whatever it is",
        arguments: ["", "\u{FEFF}amp 1", "\r\n\u{1}\"\\q\" #", "ä = 3 }", "日本 \"😀\""])
    func whole(text: String) { #expect(vocabulary.parts(of: text).map(\.text).joined() == text) }
}

extension String {
    fileprivate var trimmingCharacters: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
