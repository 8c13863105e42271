import Language
import Testing

@Suite("Sentences")
struct SentenceTests {
    @Test(
        "every sentence of the specification is understood",
        arguments: [
            #"load "vit.safetensors" as m"#, #"data "calib/" limit 512 seed 7"#, "search layers 1..6 within 1%",
            "prune",
            "evaluate knn k=20", "expect knn >= 70%", "show stats", "score entropy t=15", "search layer 12 within 0.01",
            "search all to 60% flops", "distill epochs 5 lr=0.0001", #"save "out/""#, "undo", "undo 2", "use m",
            "for e in 0.003, 0.01, 0.03 { search all within $e; show stats }", #"run "sweep.amp" e=0.02"#,
            "help search",
            "set threads 4", "set memory 2GB", "let x = 1", #"param name = "m""#, #"export script to "a.amp" replace"#,
            "explain search all", "show scores layer 12", "search layers first..3,last", "expect params <= 15M", "quit",
            "help", "for l in 1..3, last { search layer $l }", "search layer $l within $e",
            "compare m, slim", "compare m, $other using x", "help class token", "widen uniform on m at 60%",
            "widen layers 1..3 on m",
        ])
    func specification(_ text: String) throws {
        #expect(try sentence(text).canonical == text)
    }

    @Test(
        "the canonical form is the full sentence in the order of the specification",
        arguments: [
            ("sc  ent", nil),
            ("search   within 1.0e-2 layers 1 , 3..3 ,5", "search layers 1,3,5 within 0.01"),
            ("search layers 4", "search layer 4"),
            ("search layer 1..2", "search layers 1..2"),
            (
                "score entropy precision=bfloat16 using x batch = 010 on m t=15.0",
                "score entropy on m using x t=15 batch=10 precision=bfloat16"
            ),
            (
                #"data "a\\b\"c\n" split 2e1% seed 10k limit 1.5M"#,
                #"data "a\\b\"c\n" limit 1500000 seed 10000 split 20%"#
            ),
            ("distill lr=.00001 epochs 5 # five", "distill epochs 5 lr=1e-5"),
            ("let x = 15000k", "let x = 15M"),
            ("let x = -2.50", "let x = -2.5"),
            ("let x = 1e300", "let x = 1e300"),
            ("set memory 2000MB", "set memory 2GB"),
            ("for e in 1,2{\nshow stats\n\n prune;}", "for e in 1, 2 { show stats; prune }"),
            ("for e in 1 {}", "for e in 1 { }"),
        ] as [(String, String?)])
    func canonical(_ text: String, _ expected: String?) {
        let script = vocabulary.parse(Source(text))
        #expect(script.diagnostics.isEmpty ? script.sentences.first?.canonical == expected : expected == nil)
    }

    @Test("commands read values by type")
    func reading() throws {
        let scored = try sentence("score entropy layers 2..3 on m t=15 signed=yes precision=bfloat16")
        enum Precision: String { case float32, bfloat16 }
        enum Criterion: String { case entropy, magnitude }
        #expect(scored.verb == "score")
        #expect(scored.choice(as: Criterion.self) == .entropy)
        #expect(scored.string("on") == "m")
        #expect(scored.option("t", as: Double.self) == 15)
        #expect(scored.option("t", as: Int.self) == 15)
        #expect(scored.option("signed", as: Bool.self) == true)
        #expect(scored.option("precision", as: Precision.self) == .bfloat16)
        #expect(scored.option("batch", as: Int.self) == nil)
        #expect(try scored.layers?.numbers(model: "m", depth: 12) == [2, 3])

        let relative = try sentence("search all within 1% to 60% flops")
        #expect(relative.saysAll && relative.layers == nil)
        #expect(relative.value("within", as: Tolerance.self) == .relative(0.01))
        #expect(relative.value("to", as: Double.self) == 0.6)
        #expect(relative.string("to", at: 1) == "flops")
        #expect(try sentence("search all within 0.01").value("within", as: Tolerance.self) == .absolute(0.01))

        let opened = try sentence(#"data "calib/" limit 10k split 20%"#)
        #expect(opened.text == "calib/")
        #expect(opened.value("limit", as: Int.self) == 10_000)
        #expect(opened.value("split", as: Double.self) == 0.2)
        #expect(try sentence(#"save "x" replace"#).has("replace"))
        #expect(try sentence("undo 3").argument(as: Int.self) == 3)
        #expect(try sentence("undo").argument == nil)
        #expect(try sentence("set memory 2GB").argument(as: Int.self) == 2_000_000_000)
        #expect(try sentence(#"run "a" e=0.5 n=m"#).optionValues == ["e": .number(0.5), "n": .word("m")])
    }

    @Test(
        "a layer the model lacks is pointed at",
        arguments: [
            ("search layer 13", "13", "there is no layer 13"),
            ("search layers 2..14,3", "2..14", "there is no layer 14"),
            ("search layers last..3", "last..3", "write: 3..12"),
        ])
    func missingLayers(_ text: String, _ marked: String, _ label: String) throws {
        let layers = try #require(try sentence(text).layers)
        let diagnostic = #expect(throws: Diagnostic.self) { try layers.numbers(model: "m", depth: 12) }
        let span = try #require(diagnostic?.span)
        #expect(Source(text)[span] == marked)
        #expect(diagnostic?.label == label)
    }

    @Test("layers are numbered from 1, named in any order, counted once")
    func layerNumbers() throws {
        let layers = try #require(try sentence("search layers 9,first..2,2,last").layers)
        #expect(try layers.numbers(model: "m", depth: 12) == [1, 2, 9, 12])
    }

    @Test("equal sentences are those that say the same")
    func equality() throws {
        #expect(try sentence("search all within 0.01 on m") == sentence("search  on m within 1e-2 all # so"))
        #expect(try sentence("search all within 0.01") != sentence("search all within 1%"))
    }

    @Test(
        "more lines are wanted only while a brace is open",
        arguments: [
            ("for e in 1 {", true), ("for e in 1 { show stats", true), ("for e in 1 { show stats }", false),
            ("score", false),
            (#"load "{"#, false), ("# {", false), ("}{", true), ("", false), ("for a in 1 { for b in 2 { }", true),
        ])
    func incompleteness(_ text: String, _ expected: Bool) {
        #expect(Vocabulary.isIncomplete(text) == expected)
    }
}
