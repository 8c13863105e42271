import Language
import Testing

@Suite("Completion")
struct CompletionTests {
    static let names = CompletionNames([
        .model: ["vit", "small"], .data: ["calib"], .variable: ["e", "eps"], .command: ["start"],
    ])

    private func offers(_ line: String) -> [Completion] {
        vocabulary.completions(for: line, cursor: line.unicodeScalars.count, names: CompletionTests.names)
    }

    @Test(
        "what is legal at the cursor and not yet used is offered",
        arguments: [
            ("s", ["score", "search", "save", "show", "set"]), ("show stats; sc", ["score"]), ("qui", ["quit"]),
            ("score ", ["entropy", "crossentropy", "magnitude", "activation", "diversity", "random", "$e", "$eps"]),
            ("score e", ["entropy"]), ("score random s", ["seed", "signed="]), ("score entropy se", []),
            ("score entropy t=15 ", ["layer", "layers", "on", "using", "batch=", "signed=", "precision="]),
            ("score entropy layer 1 using calib ", ["on", "t=", "batch=", "signed=", "precision="]),
            ("score entropy precision=", ["float32", "bfloat16", "$e", "$eps"]),
            ("score entropy precision=b", ["bfloat16"]),
            ("evaluate linear probe=", ["mean", "\"", "$e", "$eps"]), ("evaluate linear probe=m", ["mean"]),
            ("score entropy t=0 l", ["layer", "layers"]), ("score entropy signed=y", ["yes"]),
            ("search ", ["all", "layer", "layers", "within", "to", "on", "using", "steps="]), ("search a", ["all"]),
            ("search all ", ["within", "to", "on", "using", "steps="]), ("search within 1% a", ["all"]),
            ("search layers 1..", ["first", "last", "$e", "$eps"]), ("search layers 1..l", ["last"]),
            ("search all on ", ["vit", "small", "$e", "$eps"]), ("search all on v", ["vit"]),
            ("search all using c", ["calib"]),
            ("search all within $", ["$e", "$eps"]), ("search all within $ep", ["$eps"]),
            ("search all to 60% f", ["flops"]),
            ("load ", ["\"", "$e", "$eps"]), ("load \"a\" ", ["as"]), ("load \"a\" as ", ["$e", "$eps"]),
            ("set c", ["color"]),
            ("set color n", ["no"]), ("expect knn ", ["<", "<=", "==", ">=", ">"]), ("for x ", ["in"]),
            ("for x in 1, 2 ", ["{"]), ("for x in 1 { search all w", ["within"]), ("for x in 1 { prune } ", []),
            ("help sta", ["start"]), ("help u", ["use", "undo"]), ("explain sear", ["search"]), ("let x ", ["="]),
            ("score entropy # on ", []), ("serach all ", []), ("# s", []), ("show stats\nsho", ["show"]),
        ])
    func legality(_ line: String, _ expected: [String]) {
        #expect(offers(line).map(\.text) == expected)
    }

    @Test(
        "the replaced stretch is the word before the cursor",
        arguments: [
            ("score e", 6, 7), ("score ", 6, 6), ("load \"é\" a", 9, 10), ("score entropy precision=b", 24, 25),
            ("search layers 1..l", 17, 18),
        ])
    func replacement(_ line: String, _ start: Int, _ end: Int) {
        #expect(offers(line).first?.replaced == SourceSpan(start, end))
    }

    @Test(
        "an open quote asks for a path",
        arguments: [
            ("load \"mod/vi", "mod/vi", 6), ("load \"", "", 6), ("export script to \"a b", "a b", 18),
            ("for x in 1 { save \"o", "o", 19), ("evaluate linear probe=\"p", "p", 23),
        ])
    func paths(_ line: String, _ prefix: String, _ start: Int) {
        let end = line.unicodeScalars.count
        let replaced = SourceSpan(start, end)
        #expect(offers(line).map(\.kind) == [.path(prefix: prefix, opens: false)])
        #expect(offers(line).first?.replaced == replaced)
    }

    @Test("what stands behind the cursor is not read, and a cursor outside the line does no harm")
    func cursors() {
        func offers(_ cursor: Int) -> [String] {
            vocabulary.completions(for: "sco entropy", cursor: cursor, names: CompletionNames()).map(\.text)
        }
        #expect(offers(3) == ["score"])
        #expect(offers(0).count == vocabulary.commands.count)
        #expect(offers(-4).count == vocabulary.commands.count)
        #expect(offers(99) == ["entropy"])
    }

    @Test("each offer says what it is")
    func summaries() {
        #expect(offers("scor").map(\.summary) == [score.summary])
        #expect(offers("score entropy prec").map(\.kind) == [.option])
        #expect(offers("use v").map(\.kind) == [.name(.model)])
    }
}
