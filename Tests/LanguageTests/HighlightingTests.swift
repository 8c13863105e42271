import Language
import Testing

@Suite("The parts of a sentence")
struct HighlightedTextTests {
    @Test(
        "are its verb, words, values and comments",
        arguments: [
            (
                "search all within 1% batch=64 # why",
                "search:verb all:plain within:keyword 1%:number batch=:plain 64:number # why:comment"
            ),
            ("load \"a b\" as m; prune", "load:verb \"a b\":string as:keyword m;:plain prune:verb"),
            (
                "for e in 1, 2 { sc entropy t=$e }",
                "for:verb e:plain in:keyword 1:number ,:plain 2:number {:plain sc:verb entropy:plain t:keyword =:plain $e:variable }:plain"
            ),
            ("# only\nprune", "# only:comment prune:verb"),
            ("# one\n\n# two\nprune", "# one:comment # two:comment prune:verb"),
            ("xyz 'a'", "xyz 'a':plain"), ("load \"open", "load:verb \"open:string"),
        ])
    func parts(text: String, expected: String) {
        let parts = vocabulary.highlighted(Source(text))
        #expect(parts.map(\.text).joined() == text)
        let shown = parts.filter { !$0.text.allSatisfy(\.isWhitespace) }.map { part in
            "\(part.text.trimmingCharacters):\(part.role)"
        }
        #expect(shown.joined(separator: " ") == expected)
    }

    @Test(
        "are nothing but the text, whatever it is",
        arguments: ["", "\u{FEFF}amp 1", "\r\n\u{1}\"\\q\" #", "ä = 3 }", "日本 \"😀\""])
    func whole(text: String) { #expect(vocabulary.highlighted(Source(text)).map(\.text).joined() == text) }
}

extension String {
    fileprivate var trimmingCharacters: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
