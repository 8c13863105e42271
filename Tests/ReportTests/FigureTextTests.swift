import Report
import Testing

@Suite struct FigureTextTests {
    @Test("every line is within the width, whatever the figure and the width")
    func width() {
        for width in 20...200 {
            for unicode in [true, false] {
                let renderer = TextRenderer(width: width, unicode: unicode, indent: width % 3)
                for figure in FigureSamples.all + [FigureSamples.strange(seed: UInt64(width))] {
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
        for seed in 0..<300 as Range<UInt64> {
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
}
