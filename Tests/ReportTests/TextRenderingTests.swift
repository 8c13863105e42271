import Report
import Testing

@Suite struct TextRenderingTests {
    @Test("a line breaks at spaces but never inside a figure")
    func line() {
        #expect(
            text(Samples.line, width: 60) == """
                vit: timm vision transformer, 12 blocks, width 96 · 1.35 M
                parameters (67 % in MLPs) · 0.14 GFLOPs an image
                """)
        #expect(
            text(Samples.line, width: 40) == """
                vit: timm vision transformer, 12 blocks,
                width 96 · 1.35 M parameters (67 % in
                MLPs) · 0.14 GFLOPs an image
                """)
    }

    @Test("without Unicode only ASCII is written")
    func ascii() {
        for width in [110, 80, 60, 40, 20] {
            let rendering = TextRenderer(width: width, unicode: false).render(Samples.all)
            #expect((rendering.text + rendering.statusText).utf8.allSatisfy { $0 < 0x80 })
        }
        #expect(
            text(.line("384 → \(strong: 96) · ✓ ≤ 1 %"), width: 80, unicode: false) == "384 -> 96 - + <= 1 %")
    }

    @Test("a warning's hint stands below it, both hanging from their words")
    func warning() {
        #expect(
            text(Samples.warning, width: 60) == """
                warning: these scores belong to another model: vit changed
                         at [7]
                  hint: score entropy   (or: undo)
                """)
    }

    @Test("status is kept apart, so that two runs of a script print the same")
    func status() {
        let rendering = TextRenderer().render([.note("one"), Samples.status, .line("two")])
        #expect(rendering.text == "note: one\ntwo\n")
        #expect(rendering.statusText == "scored in 3.1 s, from the cache\n")
    }

    @Test("no line is wider than asked for", arguments: [110, 80, 60, 40, 24])
    func width(limit: Int) {
        let long: [Output] = [
            .line(
                "a path: /a/very/long/path/without/any/space/that/goes/on/and/on/model.safetensors, and 模型的名字很长很长很长很长很长"
            ),
            .bars(Bars(bars: [.init("一個很長很長很長很長的標籤 with a very long tail", value: 0.5, text: "a half")])),
        ]
        for unicode in [true, false] {
            for indent in [0, 4] {
                let renderer = TextRenderer(width: limit, unicode: unicode, indent: indent)
                let rendering = renderer.render(Samples.all + long)
                for line in rendering.lines + rendering.status {
                    #expect(DisplayWidth.of(line) <= limit, "\(line)")
                    #expect(!line.hasSuffix(" "))
                    #expect(line.isEmpty || line.hasPrefix(String(repeating: " ", count: indent)))
                }
            }
        }
    }

    @Test("colour changes nothing but colour", arguments: [110, 80, 60, 40])
    func color(width: Int) {
        let plain = TextRenderer(width: width).render(Samples.all)
        let coloured = TextRenderer(width: width, color: true).render(Samples.all)
        let sequence = /\u{1B}\[[0-9;]*m/
        #expect(coloured.text.contains("\u{1B}["))
        #expect(coloured.text.replacing(sequence, with: "") == plain.text)
        #expect(coloured.statusText.replacing(sequence, with: "") == plain.statusText)
    }

    @Test("styles are attributes and colours of the sixteen")
    func styles() {
        #expect(
            text(.line("\(strong: "a") \(key: "b") \(good: "c") \(bad: "d") \(faint: "e")"), width: 80, color: true)
                == "\u{1B}[1ma\u{1B}[0m \u{1B}[36mb\u{1B}[0m \u{1B}[32mc\u{1B}[0m \u{1B}[31md\u{1B}[0m \u{1B}[2me\u{1B}[0m"
        )
    }

    @Test("a name with control characters does not write the screen")
    func controlCharacters() {
        #expect(text(.line("class \(name: "\u{1B}[2Jx\u{7}\u{9B}\u{202E}y")"), width: 80) == "class �[2Jx���y")
        #expect(text(.line("\(name: "a\u{1B}b")"), width: 80, unicode: false) == "a?b")
    }

    @Test("newlines break a line, and are spaces in a cell")
    func newlines() {
        #expect(text(.line("one\n  two\r\nthree"), width: 80) == "one\n  two\nthree")
        let table = Table(columns: [.init("name")], rows: [["a\nb"]])
        #expect(text(.table(table), width: 80) == "name\n────\na b")
    }
}

func text(_ output: Output, width: Int, color: Bool = false, unicode: Bool = true) -> String {
    TextRenderer(width: width, color: color, unicode: unicode).lines(of: output).joined(separator: "\n")
}
