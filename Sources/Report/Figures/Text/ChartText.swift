/// A chart in characters: axes with ticks at round numbers, guides, lines of dots, marks and bars.
struct ChartText {
    let chart: Chart
    let scales: ChartScales
    let glyphs: Glyphs
    /// Of the plot without its axes, in characters.
    let plot: (width: Int, height: Int)
    /// Columns left of the axis, for the ticks' labels.
    let side: Int
    var labels: (x: Bool, y: Bool) = (true, true)
    var titles: (x: Bool, y: Bool) = (true, true)
    /// Lines for the panel's title; a shorter one stands below.
    var titleHeight = 0

    /// Columns that the labels of the y axis need.
    static func side(of scale: AxisScale, height: Int, glyphs: Glyphs) -> Int {
        min(ticks(of: scale, height: height).major.map { DisplayWidth.of(glyphs.label($0.label)) }.max() ?? 0, 10)
    }

    private static func ticks(of scale: AxisScale, height: Int) -> Ticks {
        scale.ticks(atMost: max((height + 1) / 3, 2))
    }

    var grid: TextGrid {
        let above = titleHeight + (titles.y && !chart.y.heading.isEmpty ? 1 : 0)
        let below = 1 + (labels.x ? 1 : 0) + (titles.x && !chart.x.heading.isEmpty ? 1 : 0)
        let left = side + 1
        var grid = TextGrid(width: left + plot.width, height: above + plot.height + below)
        let lines = titleLines.suffix(titleHeight)
        for (row, line) in lines.enumerated() { grid.put(line, indent, titleHeight - lines.count + row, .strong) }
        if titles.y { grid.put(cut(glyphs.line(chart.y.heading), to: grid.width), 0, above - 1, .faint) }
        drawAxes(&grid, left, above)
        PlotText(chart: chart, scales: scales, glyphs: glyphs, plot: plot).draw(into: &grid, left, above)
        return grid
    }

    /// Two at most.
    var titleLines: [String] { PanelTitle.lines(chart.title, width: side + 1 + plot.width - indent, glyphs: glyphs) }

    /// A panel's title stands over the plot.
    private var indent: Int { titles.y ? 0 : side + 1 }

    private func drawAxes(_ grid: inout TextGrid, _ left: Int, _ top: Int) {
        let axis = glyphs.axis
        let canvas = DotCanvas(columns: plot.width, rows: plot.height, unicode: glyphs.unicode)
        for row in 0..<plot.height { grid.put(axis.vertical, left - 1, top + row, .faint) }
        for tick in Self.ticks(of: scales.y, height: plot.height).major {
            guard let place = scales.y.position(tick.value) else { continue }
            let row = top + canvas.cell(canvas.dot(0, place)).y
            grid.put(axis.verticalTick, left - 1, row, .faint)
            guard labels.y else { continue }
            let label = cut(glyphs.label(tick.label), to: side)
            grid.put(label, left - 1 - DisplayWidth.of(label), row)
        }

        let bottom = top + plot.height
        grid.put(axis.corner + String(repeating: axis.horizontal, count: plot.width), left - 1, bottom, .faint)
        let ticks = xTicks(canvas)
        for (column, label) in ticks {
            grid.put(axis.horizontalTick, left + column, bottom, .faint)
            guard labels.x else { continue }
            grid.put(label, start(of: label, at: left + column, in: grid.width), bottom + 1)
        }
        if titles.x {
            let heading = cut(glyphs.line(chart.x.heading), to: grid.width)
            let start = max(min(left + (plot.width - DisplayWidth.of(heading)) / 2, grid.width), 0)
            grid.put(heading, start, grid.height - 1, .faint)
        }
    }

    /// Centred under its tick, within the drawing.
    private func start(of label: String, at column: Int, in width: Int) -> Int {
        let size = DisplayWidth.of(label)
        return max(min(column - (size - 1) / 2, width - size), 0)
    }

    /// As many as have room side by side.
    private func xTicks(_ canvas: DotCanvas) -> [(column: Int, label: String)] {
        var count = max(plot.width / 3, 2)
        if case .categories(let names) = scales.x.kind {
            count = max(min(count, names.count), 2)
        } else {
            count = min(count, 11)
        }
        while true {
            let ticks = scales.x.ticks(atMost: count).major.compactMap { tick in
                scales.x.position(tick.value).map { place in
                    (canvas.cell(canvas.dot(place, 0)).x, cut(glyphs.label(tick.label), to: max(plot.width / 2, 3)))
                }
            }
            let starts = ticks.map { column, label in
                let start = start(of: label, at: side + 1 + column, in: side + 1 + plot.width)
                return (start, start + DisplayWidth.of(label))
            }
            if count <= 2 || zip(starts, starts.dropFirst()).allSatisfy({ $0.1 < $1.0 }) {
                return zip(starts, starts.dropFirst()).allSatisfy({ $0.1 < $1.0 }) ? ticks : Array(ticks.prefix(1))
            }
            count -= 1
        }
    }

    private func cut(_ text: String, to width: Int) -> String {
        StyledText(text).truncated(to: max(width, 0), glyphs: glyphs).plain
    }
}
