import Report
import Testing

@Suite struct FigureRenderingTests {
    @Test("bars show what is left and what went")
    func bars() {
        #expect(
            text(Samples.bars, width: 60) == """
                widths before and after
                layer 4 (blocks.3)    ███████████████████████████  384 → 384
                layer 8 (blocks.7)    ███████░░░░░░░░░░░░░░░░░░░░  384 → 100
                layer 12 (blocks.11)  ▏░░░░░░░░░░░░░░░░░░░░░░░░░░  384 →   1
                """)
        #expect(
            text(Samples.bars, width: 60, unicode: false) == """
                widths before and after
                layer 4 (blocks.3)    ##########################  384 -> 384
                layer 8 (blocks.7)    #######...................  384 -> 100
                layer 12 (blocks.11)  #.........................  384 ->   1
                """)
        #expect(
            text(Samples.bars, width: 40) == """
                widths before and after
                layer 4 (blocks.3)   ████████  384 → 384
                layer 8 (blocks.7)   ██▏░░░░░  384 → 100
                layer 12 (blocks.1…  ▏░░░░░░░  384 →   1
                """)
    }

    @Test("values without a length draw no bar", arguments: [Double.nan, -1, .infinity, 0])
    func strange(value: Double) {
        let bars = Bars(bars: [.init("x", value: value, before: value, maximum: value, text: "?")])
        #expect(text(.bars(bars), width: 40).hasPrefix("x") == true)
        #expect(!text(.bars(bars), width: 40).contains("█"))
    }

    @Test("a trace has one line a layer where there is room")
    func trace() {
        #expect(
            text(Samples.trace, width: 101) == """
                layer 12 (blocks.11)  384 →  96   tries 192 ✓  96 ✓  48 ✗  72 ✗  84 ✗  90 ✗   entropy 2.0312 → 2.0391
                layer 1 (blocks.0)    384 → 384   tries 192 ✗ 288 ✗                           entropy 2.0391 → 2.0391
                """)
        #expect(
            text(Samples.trace, width: 80) == """
                layer                 width    tries                          entropy
                layer 12 (blocks.11)  384→ 96  192✓  96✓  48✗  72✗  84✗  90✗  2.0312→2.0391
                layer 1 (blocks.0)    384→384  192✗ 288✗                      2.0391→2.0391
                """)
        #expect(
            text(Samples.trace, width: 80, unicode: false) == """
                layer                 width     tries                          entropy
                layer 12 (blocks.11)  384-> 96  192+  96+  48-  72-  84-  90-  2.0312->2.0391
                layer 1 (blocks.0)    384->384  192- 288-                      2.0391->2.0391
                """)
    }

    @Test("a narrow trace has the tries on lines of their own")
    func narrowTrace() {
        #expect(
            text(Samples.trace, width: 60) == """
                layer 12 (blocks.11)  384 →  96   entropy 2.0312 → 2.0391
                    tries 192 ✓  96 ✓  48 ✗  72 ✗  84 ✗  90 ✗
                layer 1 (blocks.0)    384 → 384   entropy 2.0391 → 2.0391
                    tries 192 ✗ 288 ✗
                """)
        #expect(
            text(Samples.trace, width: 40) == """
                layer 12 (blocks.11)  384 →  96
                    tries 192 ✓  96 ✓  48 ✗  72 ✗  84 ✗
                           90 ✗
                    entropy 2.0312 → 2.0391
                layer 1 (blocks.0)    384 → 384
                    tries 192 ✗ 288 ✗
                    entropy 2.0391 → 2.0391
                """)
    }

    @Test("rows shown while a search runs are those shown after it", arguments: [110, 80, 60, 40])
    func incremental(width: Int) {
        let renderer = TextRenderer(width: width, color: true, indent: 2)
        let layout = renderer.traceLayout(labels: Samples.layers.map(\.label), widest: 384, steps: 6)
        let rows = renderer.header(of: layout) + Samples.layers.flatMap { renderer.lines(of: $0, in: layout) }
        #expect(rows == renderer.lines(of: Samples.trace))
    }

    @Test(
        "progress fits its line and says coarsely what is left",
        arguments: [
            (80, "search layer 7 of 12  █████████░░░░░░░░░░░░░░░░░░░░░ 30 %  about 2 min left"),
            (60, "search layer 7 of 12  ████░░░░░░░░░░░ 30 %  about 2 min left"),
            (40, "search layer 7 of 12  ████░░░░░░░░░ 30 %"), (30, "search layer 7 of 12 30 %"), (10, "search la…"),
        ])
    func progress(width: Int, expected: String) {
        let line = ProgressLine(label: "search layer 7 of 12", done: 30, total: 97, elapsed: 50)
        #expect(line.text(width: width) == expected)
        #expect(DisplayWidth.of(expected) <= width)
    }

    @Test(
        "the time left is coarse",
        arguments: [
            (0, 10, 60.0, nil), (5, 10, 1, nil), (10, 10, 60, nil), (5, 10, 8, "a few seconds left"),
            (5, 10, 33, "about 30 s left"), (5, 10, 56, "about 1 min left"), (1, 10, 100, "about 15 min left"),
            (1, 2, 3600, "about 1 h left"), (1, 2, 5300, "about 1 h 30 min left"), (1, 1_000_000, 1e9, "days left"),
        ] as [(Int, Int, Double, String?)])
    func remaining(done: Int, total: Int, elapsed: Double, expected: String?) {
        #expect(ProgressLine(label: "", done: done, total: total, elapsed: elapsed).remaining == expected)
    }
}
