import Language
import Testing

/// A text and the whole of what is said about it.
struct ErrorCase: Sendable, CustomTestStringConvertible {
    let text: String
    let width: Int
    let expected: String

    init(_ text: String, width: Int = 80, _ expected: String) {
        self.text = text
        self.width = width
        self.expected = expected
    }

    var testDescription: String { text }
}

@Suite("Syntax errors")
struct SyntaxErrorTests {
    @Test("the errors of the specification read exactly as specified", arguments: specified)
    func specifiedErrors(_ example: ErrorCase) {
        #expect(complaint(example.text, width: example.width) == example.expected)
    }

    static let specified = [
        ErrorCase(
            "serach layer 12",
            """
            error: unknown command 'serach'
              serach layer 12
              ^^^^^^ did you mean 'search'?
            """),
        ErrorCase(
            "score", width: 56,
            """
            error: 'score' needs to know what to score
              score
                    ^ one of: entropy, crossentropy, magnitude, …
            """),
        ErrorCase(
            "score entropy t 15",
            """
            error: 't' is an option here, not a word
              score entropy t 15
                            ^^^^ write: t=15
            """),
        ErrorCase(
            "search 12",
            """
            error: 'search' needs the word 'layer' before a number
              search 12
                     ^^ write: search layer 12
            """),
        ErrorCase(
            "load deit-s",
            """
            error: a model file must be in double quotes
              load deit-s
                   ^^^^^^ write "deit-s"
            """),
        ErrorCase(
            "prune 0.5", width: 100,
            """
            error: 'prune' takes no ratio: it applies the widths that 'search' found
              prune 0.5
                    ^^^   hint: set a tolerance (search all within 1%) or a budget (search all to 60% flops)
            """),
    ]

    @Test("what is wrong, where, and what to write instead", arguments: others)
    func otherErrors(_ text: String, _ message: String, _ marked: String, _ label: String?) throws {
        let source = Source(text)
        let diagnostic = try #require(vocabulary.check(source, mode: .interactive).diagnostics.first)
        let span = try #require(diagnostic.span)
        #expect(diagnostic.message == message)
        #expect(source[span] == marked)
        #expect(diagnostic.label == label)
    }

    static let others: [(String, String, String, String?)] = [
        // Characters
        (#"load "abc"#, "a string without its closing quote", #""abc"#, #"end it with " on the same line"#),
        (#"load "a\q""#, #"'\q' means nothing in a string"#, #"\q"#, #"write \\ for a backslash"#),
        ("load 'x y'", "strings stand in straight double quotes", "'x y'", #"write "x y""#),
        ("load “x y”", "strings stand in straight double quotes", "“x y”", #"write "x y""#),
        ("let x = 99999999999999999999", "'99999999999999999999' is too large a number", "99999999999999999999", nil),
        // Verbs
        ("12", "a sentence begins with a command, not with '12'", "12", nil),
        ("pr", "'prune' is never abbreviated", "pr", "write: prune"),
        (#"sav "x""#, "'save' is never abbreviated", "sav", "write: save"),
        ("s", "'s' could be several commands", "s", "one of:"),
        ("x = 1", "unknown command 'x'", "x", "to name a value, write: let x = …"),
        ("amp 2", "this script is written in version 2 of the language", "2", "this program speaks version 1"),
        ("quit; amp 1", "the version of the language stands in the first line only", "amp", nil),
        // Objects
        ("load", "'load' needs a model file in double quotes", "", #"write: load "…""#),
        (
            "load models/a.safetensors", "a model file must be in double quotes", "models/a.safetensors",
            #"write "models/a.safetensors""#
        ),
        (#"use "m""#, "'use' needs the name of a model", #""m""#, "write m"),
        ("score entropie", "'score' does not know 'entropie'", "entropie", "did you mean 'entropy'?"),
        (#"score "entropy""#, "a word of the language stands without quotes", #""entropy""#, "write: entropy"),
        ("score layer 3", "'score' needs to know what to score", "layer", "one of:"),
        ("search", "'search' needs to know what to search", "", "write: search all, or: search layer 12"),
        (
            "search 1..6 within 1%", "'search' needs the word 'layer' before a number", "1..6",
            "write: search layers 1..6"
        ),
        ("let x 1", "'let' needs '=' between name and value", "x 1", "write: let x = 1"),
        ("let $x = 1", "a name stands without '$' where it gets its value", "$x", "write: x"),
        ("expect knn 70%", "'knn' needs a comparison", "70%", "one of:"),
        ("expect knn = 70%", "'=' is no comparison", "=", "write: =="),
        ("set threads=4", "'set threads' is a word here, not an option", "threads=", "write: set threads 4"),
        ("set treads 4", "'set' does not know 'treads'", "treads", "did you mean 'threads'?"),
        // Clauses and options
        ("search all witin 1%", "'search' has no clause 'witin'", "witin", "did you mean 'within'?"),
        ("score entropy within 1%", "'score entropy' has no clause 'within'", "within", "what can follow:"),
        ("score entropy on a on b", "'on' is there twice", "on", "once is enough: 'on a' stands before"),
        ("search layer 1 layers 2..3", "'layers' is there twice", "layers", "once is enough: 'layer 1' stands before"),
        (#"data "x" limit=512"#, "'limit' is a word here, not an option", "limit=512", "write: limit 512"),
        ("score entropy tt=15", "'score entropy' has no option 'tt'", "tt", "did you mean 't='?"),
        ("score magnitude t=15", "'score magnitude' has no option 't'", "t", "one of:"),
        ("prune t=15", "'prune' has no option 't'", "t", "it has none"),
        ("score entropy t=15 t=20", "the option 't' is there twice", "t", "once is enough: 't=15' stands before"),
        ("score entropy t==15", "an option is set with one '='", "t==", "write: t=…"),
        (
            "show stats show plan", "'show' after the end of a sentence", "show",
            "begin a new line, or write ; before it"
        ),
        ("prune ratio=0.5", "'prune' takes no ratio: it applies the widths that 'search' found", "ratio", nil),
        (
            "score entropy 3..5", "'score entropy' needs the word 'layer' before a number", "3..5",
            "write: score entropy layers 3..5"
        ),
        ("save replace", "'save' needs the file or folder to write in double quotes", "replace", #"write: save "…""#),
        ("undo 2 3", "'3' means nothing here", "3", "nothing can follow 'undo' here"),
        ("quit now", "nothing can follow 'quit' here", "now", nil),
        // Values
        ("score entropy t=", "'t' needs a number", "", "such as: 0.01"),
        ("score entropy t=0", "t must be greater than 0", "0", nil),
        ("score entropy t=1%", "'t' needs a number", "1%", "write 0.01"),
        (#"data "x" split 100%"#, "split must be from 1% to 99%", "100%", nil),
        (#"data "x" split 0.07"#, "'split' needs a percentage", "0.07", "write 7%"),
        ("search all to 60%", "'to 60%' needs flops or params", "", "one of:"),
        ("search all on", "'on' needs the name of a model", "", "such as: m"),
        (
            "evaluate linear probe=5", "'probe' needs mean or a file of probes in double quotes", "5",
            "this is a whole number"
        ),
        ("evaluate linear probe=maen", "'probe' does not know 'maen'", "maen", "did you mean 'mean'?"),
        ("evaluate linear probe=p.txt", "a file of probes must be in double quotes", "p.txt", "write \"p.txt\""),
        (
            "score entropy precision=float16", "'precision' does not know 'float16'", "float16",
            "did you mean 'bfloat16'?"
        ),
        (
            #"load "x" as é"#, "'é' cannot be a name for 'as'", "é",
            "names are made of A-Z a-z 0-9 _ and -, a letter first"
        ),
        ("undo twice", "'undo' needs a count", "twice", "this is a word"),
        ("search all within $e", "there is no variable $e", "$e", nil),
        ("let eps = 1; search all within $esp", "there is no variable $esp", "$esp", "did you mean '$eps'?"),
        // Layers
        ("search layer 0", "layers count from 1", "0", "the first is layer 1"),
        ("search layers 6..1", "a range of layers goes from the lower number to the higher", "6..1", "write: 1..6"),
        ("search layers 1-6", "a range of layers is written with two dots", "1-6", "write: 1..6"),
        (
            "search layers 1,", "a layer is a number, first or last, not the end of the sentence", "",
            "such as: layers 1..6,9"
        ),
        // Loops
        ("for e in 1 { search all", "this '{' is never closed", "{", "its '}' is missing"),
        ("show stats }", "there is no '{' for this '}'", "}", nil),
        ("for e 1 { }", "'for' needs 'in' after the name", "1", "write: for x in 0.003, 0.01 { … }"),
        ("for e in 1 show stats", "'for' needs its sentences in braces", "show", "write: { … }"),
    ]

    @Test("a script reports one error a sentence, in order, inside loops too")
    func allErrors() {
        let source = Source(
            """
            amp 1
            serach layer 1
            score entropy t=0 k=3
            for e in 0.1 { prune 3; show stats
              search alll }
            show stats
            search all within $f
            """, name: "sweep.amp")
        let script = vocabulary.check(source)
        #expect(script.version == 1)
        #expect(
            script.diagnostics.map { $0.rendered(source: source, width: 100).split(separator: "\n").first ?? "" } == [
                "sweep.amp:2:1: error: unknown command 'serach'",
                "sweep.amp:3:17: error: t must be greater than 0",
                "sweep.amp:4:22: error: 'prune' takes no ratio: it applies the widths that 'search' found",
                "sweep.amp:5:10: error: 'search' does not know 'alll'",
                "sweep.amp:7:19: error: there is no variable $f",
            ])
    }

    @Test("a script writes verbs in full, the keyboard takes a unique prefix")
    func prefixes() {
        #expect(
            vocabulary.parse(Source("sc entropy"), mode: .interactive).sentences.first?.canonical == "score entropy")
        let script = vocabulary.parse(Source("sc entropy"), mode: .script)
        #expect(script.sentences.isEmpty)
        #expect(script.diagnostics.first?.label == "write: score")
    }
}
