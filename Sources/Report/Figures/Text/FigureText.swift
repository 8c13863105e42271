/// A figure in characters: its panels side by side where there is room.
struct FigureText {
    let figure: Figure
    let width: Int
    let glyphs: Glyphs
    /// Whether cells of a matrix may have colours of their own.
    let hasColours: Bool

    /// Below it there are only words.
    static let narrowest = 20
    private static let gap = 2
    private static let leastPanel = 24

    /// Title and caption are written by the caller.
    var grids: [TextGrid] {
        guard width >= Self.narrowest, !figure.panels.isEmpty else { return [] }
        let charts = figure.panels.compactMap { panel -> Chart? in
            if case .chart(let chart) = panel { chart } else { nil }
        }
        let legend = LegendText(charts, glyphs: glyphs)
        let isCommon = !legend.isAmbiguous
        let shared = figure.sharedAxes
        var grids: [TextGrid] = []
        if isCommon, !legend.entries.isEmpty { grids.append(legend.grid(width: width, glyphs: glyphs)) }
        if shared.y, let heading = charts.first?.y.heading, !heading.isEmpty { grids.append(line(heading, column: 0)) }

        let across = across
        let scales = figure.scales(shared: shared)
        for first in stride(from: 0, to: figure.panels.count, by: across) {
            let row = first..<min(first + across, figure.panels.count)
            grids += panels(row, scales, shared, across, hasLegends: !isCommon)
        }
        if shared.x, let heading = charts.first?.x.heading, !heading.isEmpty {
            grids.append(line(heading, column: (width - DisplayWidth.of(glyphs.line(heading))) / 2))
        }
        return grids
    }

    private var across: Int {
        let most = max((width + Self.gap) / (Self.leastPanel + Self.gap), 1)
        return min(max(figure.columns, 1), figure.panels.count, most)
    }

    private func line(_ text: String, column: Int) -> TextGrid {
        var grid = TextGrid(width: width, height: 1)
        grid.put(glyphs.line(text), max(column, 0), 0, .faint)
        return grid
    }

    private func panels(
        _ row: Range<Int>, _ scales: [ChartScales?], _ shared: SharedAxes, _ across: Int, hasLegends: Bool
    ) -> [TextGrid] {
        let height = across == 1 ? min(max(width / 5, 8), 16) : across == 2 ? 10 : 7
        let sides = row.map { index in
            scales[index].map { ChartText.side(of: $0.y, height: height, glyphs: glyphs) } ?? 0
        }
        // A shared axis has its labels at the first panel only.
        let labelled = row.map { !shared.y || $0 == row.lowerBound }
        let taken = zip(sides, labelled).reduce(0) { $0 + ($1.1 ? $1.0 : 0) + 1 }
        let empty = across - row.count
        let plot = max((width - taken - empty - Self.gap * (across - 1)) / across, 4)

        var charts: [Int: ChartText] = [:]
        var matrices: [Int: MatrixText] = [:]
        for (place, index) in row.enumerated() {
            switch figure.panels[index] {
            case .chart(let chart):
                guard let scales = scales[index] else { continue }
                charts[index] = ChartText(
                    chart: chart, scales: scales, glyphs: glyphs, plot: (even(plot, scales.x), height),
                    side: labelled[place] ? sides[place] : 0,
                    labels: (!shared.x || index + across >= figure.panels.count, labelled[place]),
                    titles: (!shared.x, !shared.y))
            case .matrix(let matrix):
                let room = (width - Self.gap * (across - 1)) / across
                matrices[index] = MatrixText(matrix, glyphs: glyphs, hasColours: hasColours, width: room)
            }
        }
        let titles = (charts.values.map(\.titleLines.count) + matrices.values.map(\.titleLines.count)).max() ?? 0
        let drawn = row.compactMap { index -> TextGrid? in
            if var chart = charts[index] {
                chart.titleHeight = titles
                return hasLegends ? withLegend(chart) : chart.grid
            }
            matrices[index]?.titleHeight = titles
            return matrices[index]?.grid
        }
        return [beside(drawn)] + scaleLines(row, across)
    }

    private func withLegend(_ chart: ChartText) -> TextGrid {
        let legend = LegendText([chart.chart], glyphs: glyphs)
        let grid = chart.grid
        guard !legend.entries.isEmpty else { return grid }
        let names = legend.grid(width: grid.width, glyphs: glyphs)
        var both = TextGrid(width: grid.width, height: names.height + grid.height)
        both.put(names, 0, 0)
        both.put(grid, 0, names.height)
        return both
    }

    /// Categories are all as wide as each other.
    private func even(_ plot: Int, _ scale: AxisScale) -> Int {
        guard case .categories(let names) = scale.kind, names.count > 1, names.count <= plot else { return plot }
        return plot / names.count * names.count
    }

    /// Upper edges on one line.
    private func beside(_ grids: [TextGrid]) -> TextGrid {
        var whole = TextGrid(width: width, height: grids.map(\.height).max() ?? 0)
        var x = 0
        for grid in grids {
            whole.put(grid, x, 0)
            x += grid.width + Self.gap
        }
        return whole
    }

    /// What the cells of a row's matrices stand for, each scale once.
    private func scaleLines(_ row: Range<Int>, _ across: Int) -> [TextGrid] {
        var lines: [TextGrid] = []
        var said: [Matrix.Scale] = []
        for index in row {
            guard case .matrix(let matrix) = figure.panels[index], !said.contains(matrix.scale) else { continue }
            said.append(matrix.scale)
            let room = (width - Self.gap * (across - 1)) / across
            let text = MatrixText(matrix, glyphs: glyphs, hasColours: hasColours, width: room)
            lines.append(text.scale(width: width))
            if let note = text.note { lines.append(line(note, column: 0)) }
        }
        return lines
    }
}
