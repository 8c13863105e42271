import Language
import Testing

@Suite("Help")
struct HelpTests {
    @Test(
        "a usage line is the grammar of the command",
        arguments: [
            (#"load "PATH" [as NAME]"#, load), ("use NAME", use), ("undo [COUNT]", undo), ("quit", quit),
            (#"run "PATH" [KEY=VALUE]…"#, run), ("let NAME = VALUE", letValue),
            ("for NAME in VALUE, … { SENTENCE; … }", forEach),
            (#"set (threads INTEGER | memory BYTES | color yes|no | title "TEXT")"#, set),
            ("help [NAME]", help), ("prune [layers 1..6] [on NAME]", prune),
        ])
    func usage(_ expected: String, _ command: CommandSpec) {
        #expect(command.usage() == expected)
    }

    @Test("a page says what the command is for, how it is written, what stands for what is left out")
    func page() {
        #expect(
            search.page() == """
                search: find the smallest width of each layer within a tolerance

                  search (all | layers 1..6) [within NUMBER|PERCENT] [to PERCENT flops|params]
                         [on NAME] [using NAME] [steps=INTEGER]

                clauses, in any order
                  within NUMBER|PERCENT    the entropy increase a layer may cost (default: 0.01)
                  to PERCENT flops|params  the budget to reach
                  on NAME                  the model to work on (default: the model in use)
                  using NAME               the images to use (default: the last data set)

                options
                  steps=INTEGER  bisection steps a layer (from 1 to 20; default: 6)

                examples
                  search layer 12 within 0.01
                  search layers 1..6 within 1%
                  search all to 60% flops
                """)
        #expect(
            score.page().contains(
                """
                only with entropy, crossentropy, activation
                  batch=COUNT  images in a batch (default: 64)
                """))
    }

    @Test("pages keep to the width", arguments: vocabulary.commands.map(\.verb), [60, 80, 120])
    func width(_ verb: String, _ width: Int) throws {
        let command = try #require(vocabulary[verb])
        for line in command.page(width: width).split(separator: "\n") { #expect(line.count <= width, "\(line)") }
    }

    @Test("the manual has a section for every command and escapes its tables")
    func manual() {
        let manual = ReferenceManual.markdown(vocabulary)
        for command in vocabulary.commands { #expect(manual.contains("\n## \(command.verb)\n")) }
        #expect(manual.contains(#"| `signed=yes\|no` |"#))
    }

    @Test("the specifications hold together and their examples parse")
    func flaws() {
        #expect(vocabulary.flaws == [])
        let broken = Vocabulary([
            CommandSpec("show", "", options: [.t, .t], examples: ["show t=0"]), CommandSpec("show", "again"),
        ])
        #expect(broken.flaws.count == 4)
    }
}
