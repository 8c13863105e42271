/// Renders outputs as lines for a terminal or a plain file; it depends on its options alone.
package struct TextRenderer: Sendable, Hashable {
    /// In columns; every line stays within it unless a single word or figure is longer.
    package var width: Int
    package var color: Bool
    /// Without it only ASCII is written: `->` for →, `#` for bars, `+` and `-` for verdicts.
    package var unicode: Bool
    /// Columns left free before each line, part of the width.
    package var indent: Int
    /// How many colours there are where there is colour.
    package var depth: ColourDepth

    package init(
        width: Int = 80, color: Bool = false, unicode: Bool = true, indent: Int = 0, depth: ColourDepth = .sixteen
    ) {
        self.width = width
        self.color = color
        self.unicode = unicode
        self.indent = indent
        self.depth = depth
    }

    /// What differs from run to run is kept apart from what does not.
    package struct Rendering: Sendable, Hashable {
        package var lines: [String] = []
        package var status: [String] = []

        /// The lines, each ended by a newline.
        package var text: String { lines.map { $0 + "\n" }.joined() }
        package var statusText: String { status.map { $0 + "\n" }.joined() }
    }

    package func render(_ outputs: [Output]) -> Rendering {
        var rendering = Rendering()
        for output in outputs {
            if output.isStatus {
                rendering.status += lines(of: output)
            } else {
                rendering.lines += lines(of: output)
            }
        }
        return rendering
    }

    /// The lines of one output, without newlines.
    package func lines(of output: Output) -> [String] {
        switch output {
        case .line(let text, _): finish(wrap(text))
        case .note(let text, _): finish(wrap(text, after: StyledText("note: ", style: .strong)))
        case .warning(let text, let hint):
            finish(
                wrap(text, after: StyledText("warning: ", style: .bad))
                    + (hint.map { wrap($0, after: StyledText("  hint: ", style: .strong)) } ?? []))
        case .table(let table): finish(TableText(table, width: room, glyphs: glyphs).lines)
        case .bars(let bars): finish(BarsText(bars, width: room, glyphs: glyphs).lines)
        case .trace(let trace): finish(TraceLayout(of: trace, width: room, glyphs: glyphs).lines(of: trace))
        case .figure(let figure): lines(of: figure)
        case .status(let text, _): finish(wrap(text).map { $0.styled(.faint) })
        }
    }

    private func lines(of figure: Figure) -> [String] {
        let drawing = FigureText(figure: figure, width: room, glyphs: glyphs, hasColours: color && depth != .sixteen)
        let painter = Painter(color: color, depth: depth)
        let drawn = drawing.grids.flatMap(\.lines).map { runs in
            runs.isEmpty ? "" : margin + painter.paint(runs)
        }
        return finish(wrap(StyledText(figure.title, style: .strong))) + drawn
            + (figure.caption.map { finish(wrap($0)) } ?? [])
    }

    /// The rows of a search while it runs: make the layout before it starts, then ask for each layer's lines.
    ///
    /// - Parameters:
    ///   - labels: of all the layers that will be searched.
    ///   - widest: the largest width among them.
    ///   - steps: the most tries a layer can have.
    package func traceLayout(labels: [StyledText], widest: Int, steps: Int) -> TraceLayout {
        TraceLayout(labels: labels, widest: widest, steps: steps, width: room, glyphs: glyphs)
    }

    /// The header of such a trace, where its layout has one.
    package func header(of layout: TraceLayout) -> [String] { finish(layout.header) }

    package func lines(of layer: SearchTrace.Layer, in layout: TraceLayout) -> [String] {
        finish(layout.lines(of: layer))
    }

    /// One text in this renderer's colours and characters, on one line: for prompts, errors and the like.
    package func inline(_ text: StyledText) -> String { Painter(color: color).paint(glyphs.oneLine(text)) }

    private var room: Int { max(width - max(indent, 0), 2) }
    private var margin: String { String(repeating: " ", count: max(indent, 0)) }
    private var glyphs: Glyphs { Glyphs(unicode: unicode) }

    private func wrap(_ text: StyledText, after lead: StyledText = StyledText()) -> [StyledText] {
        glyphs.clean(text).wrapped(width: room, lead: lead)
    }

    private func finish(_ lines: [StyledText]) -> [String] {
        let painter = Painter(color: color)
        return lines.map { line in
            let painted = painter.paint(line.trimmedAtEnd)
            return painted.isEmpty ? "" : margin + painted
        }
    }
}
