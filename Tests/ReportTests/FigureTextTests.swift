import Report
import Testing

@Suite struct FigureTextTests {
    @Test("every line is within the width, whatever the figure and the width")
    func width() {
        for width in stride(from: 20, through: 200, by: 5) {
            for unicode in [true, false] {
                let renderer = TextRenderer(width: width, unicode: unicode, indent: width % 3)
                let known = FigureSamples.all.indices.filter { $0 % 3 == (width + (unicode ? 0 : 1)) % 3 }
                for figure in known.map({ FigureSamples.all[$0] }) + [FigureSamples.strange(seed: UInt64(width))] {
                    for line in renderer.lines(of: .figure(figure)) {
                        #expect(DisplayWidth.of(line) <= width, "\(figure.kind) at \(width): \(line)")
                        if !unicode { #expect(line.utf8.allSatisfy { (0x20..<0x7F).contains($0) }, "\(line)") }
                    }
                }
            }
        }
    }

    @Test("no figure is too strange to be drawn")
    func strange() {
        for seed in 0..<70 as Range<UInt64> {
            let depth = ColourDepth.allCases[Int(seed % 3)]
            let renderer = TextRenderer(
                width: [0, 1, 19, 20, 40, 80, 200][Int(seed % 7)], color: seed % 2 == 0, unicode: seed % 5 > 0,
                depth: depth)
            for line in renderer.lines(of: .figure(FigureSamples.strange(seed: seed))) {
                #expect(!line.contains("\u{1B}[2J") && !line.contains("\u{0}") && !line.contains("\n"), "seed \(seed)")
            }
        }
    }

    @Test("only words where there is no room for a picture")
    func narrow() {
        let lines = TextRenderer(width: 19).lines(of: .figure(FigureSamples.widths))
        #expect(lines == ["hidden widths"])
    }

    @Test("colours of cells are those the terminal has", arguments: ColourDepth.allCases)
    func depth(depth: ColourDepth) {
        let text = TextRenderer(width: 80, color: true, depth: depth)
            .lines(of: .figure(FigureSamples.similarity(6))).joined()
        #expect(text.contains("[48;2;") == (depth == .full))
        #expect(text.contains("[48;5;") == (depth == .cube))
        #expect(text.contains("██") == (depth == .sixteen))
    }

    @Test("a search has its tries in order, its limits and its axes")
    func aSearchHasIts() {
        #expect(
            text(.figure(FigureSamples.search), width: 60) == """
                search of layer 12
                ✓ accepted   ✗ rejected
                entropy (nats)
                    │       ✗3
                    │       ⠨⡀
                    │        ⠢
                2.05┤        ⠈⡐
                    │         ⠄⢁
                    │         ⠐ ⠠
                    │          ✗4⠂
                2.04┤╌╌╌╌╌╌╌╌╌╌╌✗5✓6╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ limit ╌
                    │             ✓2 ⠄⢀
                    │                   ⠂⠠ ⡀
                    │                       ⠐ ⠄⢀
                    │╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌✓1╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ before ╌
                    └┬──────┬──────┬──────┬──────┬──────┬──────┬──────┬─────
                     0      50    100    150    200    250    300    350
                                         width (neurons)
                Entropy at every width that was tried.
                """)
    }

    @Test("the same in ASCII")
    func theSameInAscii() {
        #expect(
            text(.figure(FigureSamples.search), width: 60, unicode: false) == """
                search of layer 12
                + accepted   x rejected
                entropy (nats)
                    |       x3
                    |        .
                    |        ..
                2.05+         ..
                    |         . .
                    |          . .
                    |          x4x5
                2.04+- - - - - - +6+2. - - - - - - - - - - - - - - - limit -
                    |                 ....
                    |                     ....
                    |                         ..+1
                    |- - - - - - - - - - - - - - - - - - - - - - -  before -
                    ++------+------+------+------+------+------+------+-----
                     0      50    100    150    200    250    300    350
                                         width (neurons)
                Entropy at every width that was tried.
                """)
    }

    @Test("bars stand before what was there")
    func barsStandBeforeWhat() {
        #expect(
            text(.figure(FigureSamples.widths), width: 40) == """
                hidden widths
                ░ before   █ after
                width (neurons)
                   │ ███████  ░░░░░░░  ░░░░░░░  ░░░░░░░
                   │ ███████  ░░░░░░░  ░░░░░░░  ░░░░░░░
                   │ ███████  ░░░░░░░  ░░░░░░░  ░░░░░░░
                200┤ ███████  ▁▁▁▁▁▁▁  ░░░░░░░  ░░░░░░░
                   │ ███████  ███████  ░░░░░░░  ░░░░░░░
                   │ ███████  ███████  ░░░░░░░  ░░░░░░░
                   │ ███████  ███████  ███████  ░░░░░░░
                  0┤ ███████  ███████  ███████  ▁▁▁▁▁▁▁
                   └────┬────────┬────────┬────────┬────
                        1        2        3        4
                                   layer
                """)
    }

    @Test("bars in ASCII")
    func barsInAscii() {
        #expect(
            text(.figure(FigureSamples.widths), width: 40, unicode: false) == """
                hidden widths
                . before   # after
                width (neurons)
                   | #######  .......  .......  .......
                   | #######  .......  .......  .......
                   | #######  .......  .......  .......
                200+ #######  .......  .......  .......
                   | #######  #######  .......  .......
                   | #######  #######  .......  .......
                   | #######  #######  #######  .......
                  0+ #######  #######  #######  .......
                   +----+--------+--------+--------+----
                        1        2        3        4
                                   layer
                """)
    }

    @Test("lines run over powers of ten")
    func linesRunOverPowers() {
        #expect(
            text(.figure(FigureSamples.spectrum), width: 40) == """
                spectrum
                ⠂⠐ before   ⠒⠒ after
                variance (%)
                    │⠒⠤⣠ ⡀
                    │   ⠉⠒⠪⠤⣁⠐ ⠄⠠ ⡀
                    │        ⠉⠒⠤⢄⣀ ⠈ ⠁⠐ ⠄⠠ ⡀⢀
                   1┤             ⠉⠒⠤⣀⡀       ⠁⠐ ⠂⠠ ⡀⢀
                    │                 ⠈⠉⠒⠤⣀            ⠁
                    │                      ⠉⠑⠒⠤⣀
                0.01┤                           ⠉⠒⠢⠤⣀
                    │                                ⠉⠒⠤
                    └──────┬──────┬───────┬──────┬──────
                           5      10      15     20
                                  direction
                """)
    }

    @Test("paths have marks of their own")
    func pathsHaveMarksOf() {
        #expect(
            text(.figure(FigureSamples.compare), width: 50) == """
                agreement over size
                ● entropy   ■ magnitude   ▲ random
                agreement (%)
                100┤                              ⡀   ⣀⣀⣀⣀⣀⣀⣀⣤⡤⠤▲
                   │               ⢠ ⢀⣀⣀⣀⠤⠤⠤⠤⢒⣒⡲⢮⡽▲⠿⠛⠛⠛⠋⠉⠉⠉     ⠁
                   │       ⢀⣀⣀⠤⠤⠔⠒⠊●⠉⠁⢀⣀⡠⠤⠒⢒⣉⠥⠒⠉⠁
                   │ ●⠤⠒⠒⠊⠉⠁     ⣀⠤■⠊⠉⠁⣀⠤⠒⠊⠁
                   │        ⣀⡠⠔⠊⠉ ⢀▲⠔⠊⠉
                   │   ⢀⡠⠤⠒⠉   ⢀⡠⠒⠁
                   │ ■⠊⠁     ⡠⠒⠁
                 50┤      ⡠⠔⠉
                   │ ⢀ ⡠⠔⠉
                   │ ▲⠉
                   └─┬──────┬──────┬──────┬───────┬──────┬──────┬─
                     40     50     60     70      80     90    100
                                 parameters left (%)
                """)
    }

    @Test("panels stand side by side, their common axes written once")
    func panelsStandSideBy() {
        #expect(
            text(.figure(FigureSamples.scores), width: 80) == """
                ranked importance
                importance
                      layer 1                  layer 2                  layer 3
                     │⠒⠤⢄⣀⣀     ┆ keeps 20    │⠒⠤⣀⣀      ┆ keeps 20    │⠒⠤⣀⡀      ┆ keeps 20
                     │     ⠉⠑⠒⠤⠤⣀⡀            │    ⠉⠑⠢⠤⣀⡀┆             │   ⠈⠑⠢⢄⡀  ┆
                    1┤          ┆⠈⠉⠑⠒⠢⠤⣀⡀     ┤         ⠈⠉⠒⠤⢄⣀⡀        ┤       ⠈⠉⠒⠢⢄⡀
                     │          ┆       ⠈⠉⠉⠒  │          ┆    ⠈⠑⠒⠤⣀⣀   │          ┆ ⠈⠑⠒⠤⣀
                     │          ┆             │          ┆          ⠉  │          ┆      ⠉⠑⠒⠤⣀
                     │          ┆             │          ┆             │          ┆
                0.001┤          ┆             ┤          ┆             ┤          ┆
                     └─────┬────┬─────┬────┬  └─────┬────┬─────┬────┬  └─────┬────┬─────┬────┬
                                                                             10   20    30  40
                      layer 4                  layer 5
                     │⠢⢄⡀       ┆ keeps 20    │⠢⢄        ┆ keeps 20
                     │  ⠈⠉⠒⢄⡀   ┆             │  ⠉⠑⠢⣀    ┆
                    1┤      ⠈⠑⠒⠤⡀             ┤      ⠑⠢⣀⡀┆
                     │          ⠈⠑⠢⢄⣀         │         ⠈⠒⠤⡀
                     │          ┆    ⠑⠢⢄⡀     │          ┆ ⠈⠑⠢⢄
                     │          ┆       ⠈⠉⠒⢄  │          ┆     ⠉⠢⢄⣀
                0.001┤          ┆             ┤          ┆         ⠑⠢
                     └─────┬────┬─────┬────┬  └─────┬────┬─────┬────┬
                           10   20    30  40        10   20    30  40
                                                      rank
                """)
    }

    @Test("matrices stand side by side, with what their shades stand for")
    func matrices() {
        #expect(
            text(.figure(FigureSamples.similarity(6)), width: 50) == """
                similarity
                  before                    after
                  1 2 3 4 5 6               1 2 3 4 5 6
                1 ██▓▓  ██▒▒              1 ██▒▒--▓▓░░--
                2 ▓▓████▒▒  ██            2 ▒▒██▓▓░░--▓▓
                3   ████  ██▒▒            3 --▓▓██--▓▓░░
                4 ██▒▒  ██▒▒--            4 ▓▓░░--██░░==
                5 ▒▒  ██▒▒██▓▓            5 ░░--▓▓░░██▒▒
                6   ██▒▒--▓▓██            6 --▓▓░░==▒▒██
                cosine  −1 [##≡≡==--  ░░▒▒▓▓██] 1
                """)
    }
}
