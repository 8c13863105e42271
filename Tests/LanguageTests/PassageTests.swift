import Language
import Testing

@Suite("Sentences with what is said around them")
struct PassageTests {
    @Test("each has the comments that lead to it and the one behind it; the last also what follows")
    func passages() {
        let script = vocabulary.parse(
            Source(
                """
                #!/usr/bin/env amp
                # ## A lesson
                amp 1
                # Why
                #
                # so.

                undo # back
                redo; undo 2  # twice
                # between

                for e in 1, 2 {
                  # inside
                  undo
                }
                # the end
                """))
        #expect(script.diagnostics.isEmpty, "\(script.diagnostics)")
        let passages = script.sentences.indices.map { Passage(script.passage(of: $0)) }
        #expect(passages.map(\.opening) == ["## A lesson\n\nWhy\n\nso.", "", "", "between"])
        #expect(
            passages.map(\.sentence) == [
                "undo # back", "redo", "undo 2  # twice", "for e in 1, 2 {\n  # inside\n  undo\n}",
            ])
        #expect(passages.map(\.closing) == ["", "", "", "the end"])
        #expect(script.passage(of: 4) == "" && script.passage(of: -1) == "")
    }

    @Test(
        "what has no sentence is all text",
        arguments: [("", ""), ("\n\n", ""), ("# a\n#b", "a\nb"), ("  # a", "a"), (" ;# a", "a")])
    func remarks(text: String, opening: String) {
        let passage = Passage(text)
        #expect(passage.sentence == "" && passage.opening == opening && passage.closing == "")
    }

    @Test("a passage taken from a passage is the same again")
    func again() {
        for text in ["# a\n\n# b\nundo # c\n# d", "undo", "undo; # c", "\u{FEFF}# a\r\nundo\r\n"] {
            let script = vocabulary.parse(Source(text))
            let passage = script.passage(of: 0)
            let again = vocabulary.parse(Source(passage)).passage(of: 0)
            #expect(Passage(passage) == Passage(again))
        }
    }
}

@Suite("Parts of sentences set apart")
struct HighlightingTests {
    private typealias Role = HighlightedText.Role

    private func roles(_ text: String) -> [String] {
        vocabulary.highlighted(Source(text)).filter { $0.role != .plain }
            .map { "\($0.role): \($0.text)" }
    }

    @Test(
        "verbs, clause words, options, numbers, strings, variables, comments",
        arguments: [
            (
                "search layers 1..6 within 1% # so",
                [
                    "verb: search", "keyword: layers", "number: 1..6", "keyword: within", "number: 1%", "comment: # so",
                ]
            ),
            ("load \"a # b\" as m", ["verb: load", "string: \"a # b\"", "keyword: as"]),
            ("score entropy t=$t; sea all", ["verb: score", "keyword: t", "variable: $t", "verb: sea"]),
            (
                "for e in 0.1 { search all within $e }",
                [
                    "verb: for", "keyword: in", "number: 0.1", "verb: search", "keyword: within", "variable: $e",
                ]
            ),
            ("nonsense \"open", ["string: \"open"]), ("", []), ("# only", ["comment: # only"]),
        ])
    func parts(text: String, expected: [String]) { #expect(roles(text) == expected) }

    @Test(
        "nothing of the text is lost", arguments: ["  search\tlayer 12 # x\r\n\r\n; }{ 'a' é $ = \"", "\u{FEFF}undo"])
    func whole(text: String) {
        #expect(vocabulary.highlighted(Source(text)).map(\.text).joined() == text)
    }
}
