import Foundation
import Testing

/// The notebook as its user sees it.
@Suite("The notebook")
struct PromptTests {
    @Test("greets, numbers its sentences, answers, and goes on where it was left")
    func numbers() throws {
        let folder = try Folder.staged()
        let first = try folder.terminal()
        try first.expectLine("[1] ")
        #expect(first.text.contains("amp 0.1.0 · session new (session.ampdb) · 'help' or 'help start'"))
        first.send("load \"tiny\" as m\r")
        try first.expectLine("[2] ")
        #expect(first.text.contains("m: timm vision transformer, 3 blocks"))
        // An empty line and a comment are nothing.
        first.send("\r# thinking\r")
        try first.expect("[2]\n[2] # thinking\n[2]")
        try first.expectLine("[2] ")
        first.send("sh models\r")
        try first.expect("* is in use")
        try first.expectLine("[3] ")
        first.endInput()
        #expect(try first.waitForExit() == 0)

        let second = try folder.terminal()
        try second.expectLine("[3] ")
        #expect(second.text.contains("session session.ampdb, 2 cells"))
        #expect(second.text.contains("in use: model m"))
        second.send("show history\r")
        try second.expect("show models")
        try second.expectLine("[4] ")
        second.send("quit\r")
        #expect(try second.waitForExit() == 0)
    }

    @Test("Tab completes verbs, topics, names, options and paths")
    func completion() throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal()
        try pty.expectLine("[1] ")
        for (typed, completed) in [
            ("loa\t", "[1] load "), ("load \"ti\t", "[1] load \"tiny/"), ("show st\t", "[1] show stats "),
            ("score entropy b\t", "[1] score entropy batch="), ("hel\t", "[1] help "),
        ] {
            pty.send(typed)
            try pty.expectLine(completed)
            pty.send("\u{15}")
            try pty.expectLine("[1] ")
        }
        pty.send("load \"tiny\" as visionary\r")
        try pty.expectLine("[2] ")
        pty.send("show stats on v\t")
        try pty.expectLine("[2] show stats on visionary ")
        pty.send("\u{15}s\t")
        try pty.expect("find the smallest width of each layer")
        try pty.expectLine("[2] s")
    }

    @Test("a typo is pointed at, and nothing happened")
    func typo() throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal()
        try pty.expectLine("[1] ")
        pty.send("serach layer 12\r")
        try pty.expect(
            """
            error: unknown command 'serach'
              serach layer 12
              ^^^^^^ did you mean 'search'?
            """)
        try pty.expectLine("[1] ")
    }

    @Test("an open brace goes on over lines, as one sentence")
    func continuation() throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal()
        try pty.expectLine("[1] ")
        pty.send("load \"tiny\" as m\r")
        try pty.expectLine("[2] ")
        pty.send("for c in magnitude, random {\r")
        try pty.expectLine("... ")
        pty.send("score $c\r")
        try pty.expect("... score $c\n...")
        try pty.expectLine("... ")
        pty.send("}\r")
        try pty.expect("scored by random")
        try pty.expectLine("[3] ")
        // Ctrl-C forgets all of its lines.
        pty.send("for c in magnitude {\r")
        try pty.expectLine("... ")
        pty.interrupt()
        try pty.expectLine("[3] ")
        pty.send("show models\r")
        try pty.expectLine("[4] ")
    }

    @Test("Ctrl-C stops a long search, the session is as before, and the same sentence goes on from there")
    func interruption() throws {
        let folder = try Folder.slow()
        let pty = try folder.terminal()
        try pty.expectLine("[1] ")
        for (number, sentence) in Folder.slowPreparation.enumerated() {
            pty.send(sentence + "\r")
            try pty.expectLine("[\(number + 2)] ")
        }
        let cell = Folder.slowPreparation.count + 1
        pty.send(Folder.slowSearch + "\r")
        try pty.expect("searching m  ")
        pty.interrupt()
        try pty.expectLine("[\(cell + 1)] ")
        let text = pty.text.split { $0.isWhitespace }.joined(separator: " ")
        #expect(text.contains("interrupted: \(Folder.slowSearch) stopped at layer"), "\(text)")
        #expect(text.contains("the session is as it was before [\(cell)]"), "\(text)")
        #expect(text.contains("the same sentence again goes on from there"), "\(text)")
        // The progress line is gone.
        #expect(!text.contains("searching m"), "\(text)")
        #expect(pty.text.contains("\n  note: "), "\(pty.text)")
        pty.send("show stats\r")
        try pty.expectLine("[\(cell + 2)] ")
        #expect(pty.text.contains("hidden width of each layer\n"), "\(pty.text)")
        #expect(!pty.text.contains("planned"))
        pty.send("show plan\r")
        try pty.expect("'m' has not been")
    }

    @Test("progress is shown for long work only, and without a trace afterwards")
    func progress() throws {
        let folder = try Folder.slow()
        let pty = try folder.terminal("-c", Folder.slowPreparation.joined(separator: "; ") + "; " + Folder.slowSearch)
        try pty.expect("searching m  ")
        #expect(try pty.waitForExit(within: 120) == 0)
        #expect(pty.text.contains("nats"), "\(pty.text)")
        #expect(!pty.text.contains("searching m"), "\(pty.text)")
        #expect(!pty.text.contains("left\n"), "\(pty.text)")

        let short = try folder.terminal("-c", "load \"tiny\" as t; score magnitude")
        #expect(try short.waitForExit() == 0)
        #expect(!String(decoding: short.written, as: UTF8.self).contains("\u{1B}[K"))
    }

    @Test(
        "colours an answer, unless told not to",
        arguments: [
            ([:], true), (["NO_COLOR": "1"], false), (["TERM": "dumb"], false),
        ] as [([String: String], Bool)])
    func colour(environment: [String: String], isColoured: Bool) throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal("-c", "load \"tiny\" as m; show stats; serach", environment: environment)
        #expect(try pty.waitForExit() == 65)
        let more = try folder.terminal("-c", "load \"tiny\" as m; show stats; prune", environment: environment)
        #expect(try more.waitForExit() == 1)
        for written in [pty.written, more.written] {
            #expect(written.contains(0x1B) == isColoured, "\(String(decoding: written, as: UTF8.self))")
        }
    }

    @Test("says once how faster kernels could be had, where the environment forces slow ones")
    func forcedKernels() throws {
        let folder = try Folder.staged()
        let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        // Kernels that any processor has and none likes.
        let pty = try folder.terminal(environment: ["OPENBLAS_CORETYPE": "Prescott"])
        try pty.expectLine("[1] ")
        let notes = pty.text.components(separatedBy: "note: OPENBLAS_CORETYPE asks").count - 1
        #expect(notes == (processor.contains(" avx2 ") ? 1 : 0), "\(pty.text)")
    }

    @Test("keeps to a narrow window")
    func narrow() throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal(columns: 60)
        try pty.expectLine("[1] ")
        for (number, sentence) in ["load \"tiny\" as m", "data \"photos\"", "show stats", "show models"].enumerated() {
            pty.send(sentence + "\r")
            try pty.expectLine("[\(number + 2)] ")
        }
        let wide = pty.text.components(separatedBy: "\n").filter { $0.count > 60 }
        #expect(wide.isEmpty, "\(wide)")
        // A wrapped line would begin without the indent of answers.
        let lines = pty.text.components(separatedBy: "\n").dropFirst(2)
        #expect(lines.allSatisfy { $0.isEmpty || $0.hasPrefix("    ") || $0.hasPrefix("[") }, "\(pty.text)")
    }
}
