import Language
import Testing

@Suite("Variables")
struct VariableTests {
    @Test(
        "a variable stands wherever a value does",
        arguments: [
            ("search all within $e", "search all within 0.01"),
            ("score entropy t=$n on $w", "score entropy on vit t=3"),
            (#"load $s as $w"#, #"load "a b" as vit"#), ("search layers $n..last,$r", "search layers 3..last,1..6"),
            ("search layer $n", "search layer 3"), ("search layers $n..$n", "search layer 3"), ("undo $n", "undo 3"),
            ("let y = $e", "let y = 0.01"), ("expect knn >= $p", "expect knn >= 70%"),
            ("for a in $e, 2 { search all within $a }", "for a in 0.01, 2 { search all within $a }"),
            ("explain search all to $p flops", "explain search all to 70% flops"),
            ("score $c seed $n on m", "score random on m seed 3"), ("export $c replace", nil), ("score $c t=15", nil),
        ] as [(String, String?)])
    func substitution(_ text: String, _ expected: String?) throws {
        let environment: [String: Value] = [
            "e": .number(0.01), "n": .integer(3), "w": .word("vit"), "s": .string("a b"), "p": .percent(70),
            "c": .word("random"), "r": .layers(LayerSpan(.number(1), to: .number(6))),
        ]
        let parsed = try sentence(text)
        #expect((try? parsed.substituting(environment).canonical) == expected)
    }

    @Test(
        "a value of a wrong type or out of range is found where it is used",
        arguments: [
            ("search all within $s", "'within' needs a number or a percentage", #"$s is "x", a string"#),
            ("score entropy t=$z", "t must be greater than 0", "this is the value of $z"),
            ("search layer $z", "layers count from 1", "the first is layer 1"),
            ("score entropy precision=$w", "'precision' needs float32 or bfloat16", nil),
        ] as [(String, String, String?)])
    func wrongTypes(_ text: String, _ message: String, _ label: String?) throws {
        let parsed = try sentence(text)
        let diagnostic = #expect(throws: Diagnostic.self) {
            try parsed.substituting(["s": .string("x"), "z": .integer(0), "w": .integer(4)])
        }
        #expect(diagnostic?.message == message)
        if let label { #expect(diagnostic?.label == label) }
        #expect(diagnostic?.span.map { Source(text)[$0] }?.hasPrefix("$") == true)
    }

    @Test(
        "a script's variables are checked before anything runs",
        arguments: [
            ("let e = 0.01\nsearch all within $e", []),
            ("search all within $e\nlet e = 0.01", ["there is no variable $e"]),
            ("let e = \"x\"\nsearch all within $e", ["'within' needs a number or a percentage"]),
            ("for e in 0.1, \"x\" { search all within $e }", ["'within' needs a number or a percentage"]),
            ("for e in 0.1 { let f = $e; search all within $f }", []),
            ("for e in 0.1 { show stats }\nsearch all within $e", ["there is no variable $e"]),
            ("let a = $b\nsearch all within $a\nsearch layer $a", ["there is no variable $b"]),
            ("param t = 15\nscore entropy t=$t", ["t must be greater than 0"]),
            ("score entropy t=$known", []),
            ("for c in entropy, crossentropy { score $c batch=8 }", []),
            ("for c in entropy, magnitude { score $c t=15 }", ["'score magnitude' has no option 't'"]),
            ("let c = entropie\nscore $c", ["'score' does not know 'entropie'"]),
            ("explain search all within $g", ["there is no variable $g"]),
            ("let e = \nsearch all within $e", ["'e' needs a value"]),
        ])
    func checking(_ text: String, _ messages: [String]) {
        let script = vocabulary.check(Source(text), known: ["known": .integer(2)], overrides: ["t": .integer(0)])
        #expect(script.diagnostics.map(\.message) == messages)
    }

    @Test("deeply nested loops are checked in bounded time")
    func nestedLoops() {
        let values = (1...20).map(String.init).joined(separator: ", ")
        let loops = (0..<8).map { "for a\($0) in \(values) {" }.joined(separator: " ")
        let script = vocabulary.check(Source(loops + " search layer $a7 " + String(repeating: "}", count: 8)))
        #expect(script.diagnostics.isEmpty)
    }
}
