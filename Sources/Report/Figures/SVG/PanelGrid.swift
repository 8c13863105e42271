/// The panels of a picture in rows and columns, their plots under and beside each other.
struct PanelGrid {
    private let drawings: [any PanelDrawing]
    private let columns: Int
    private let width: Double
    private let em: Double
    private let theme: SVGTheme
    private let shared: SharedAxes
    private let axes: (x: String, y: String)
    private let legend: Legend?

    init(
        _ figure: Figure, columns: Int, width: Double, theme: SVGTheme, em: Double,
        thumbnails store: inout Thumbnails.Store
    ) {
        self.columns = max(columns, 1)
        (self.width, self.em, self.theme) = (width, em, theme)
        let shared = figure.sharedAxes
        self.shared = shared
        let charts = figure.panels.compactMap { panel -> Chart? in
            if case .chart(let chart) = panel { chart } else { nil }
        }
        axes = (
            shared.x ? charts.first?.x.heading ?? "" : "", shared.y ? charts.first?.y.heading ?? "" : ""
        )
        let legend = Legend(charts, theme: theme, em: em)
        let isCommon = legend?.isAmbiguous == false
        self.legend = isCommon ? legend : nil

        let scales = figure.scales(shared: shared)
        var drawings: [any PanelDrawing] = []
        for (index, panel) in figure.panels.enumerated() {
            switch panel {
            case .chart(let chart):
                guard let scales = scales[index] else { continue }
                let isLowest = index + columns >= figure.panels.count
                drawings.append(
                    ChartDrawing(
                        chart: chart, scales: scales, theme: theme, em: em,
                        shape: columns == 1 ? 0.56 : columns == 2 ? 0.68 : 0.72,
                        labels: (!shared.x || isLowest, !shared.y || index % columns == 0),
                        titles: (!shared.x, !shared.y),
                        legend: isCommon ? nil : Legend([chart], theme: theme, em: em)))
            case .matrix(let matrix):
                var hasBar = true
                if index % columns < columns - 1, index + 1 < figure.panels.count,
                    case .matrix(let next) = figure.panels[index + 1]
                {
                    hasBar = next.scale != matrix.scale
                }
                drawings.append(
                    MatrixDrawing(
                        matrix: matrix, theme: theme, em: em, tallest: width * (columns == 1 ? 0.75 : 0.9),
                        hasBar: hasBar, thumbnails: store.add(matrix)))
            }
        }
        self.drawings = drawings
    }

    /// - Returns: the height of it all.
    func draw(y top: Double, with pen: inout SVGPen) -> Double {
        var y = top
        if let legend {
            legend.draw(x: 0.4 * em, y: y, width: width - 0.8 * em, with: &pen)
            y += legend.height(width: width - 0.8 * em)
        }
        guard !drawings.isEmpty else {
            pen.text("nothing to draw", x: 0.4 * em, y: y + em, ink: theme.quiet)
            return y + 2 * em - top
        }
        let sides = (left: axes.y.isEmpty ? 0.2 * em : 1.6 * em, bottom: axes.x.isEmpty ? 0 : 1.5 * em)
        let start = y
        let plot = plotWidth(sides.left)
        let margins = drawings.map { $0.margins(width: plot) }
        let (lefts, rights) = columnMargins(margins)

        for first in stride(from: 0, to: drawings.count, by: columns) {
            let row = first..<min(first + columns, drawings.count)
            let above = row.map { margins[$0].top }.max() ?? 0
            let below = row.map { margins[$0].bottom }.max() ?? 0
            let height = row.map { drawings[$0].height(width: plot) }.max() ?? 0
            var x = sides.left
            for index in row {
                let column = index - first
                x += lefts[column]
                let drawing = drawings[index]
                drawing.draw(
                    in: PanelFrame(x: x, y: y + above, width: plot, height: drawing.height(width: plot)), with: &pen)
                x += plot + rights[column] + gap
            }
            y += above + height + below
        }
        drawSharedTitles(from: start, to: y, plot: plot, left: sides.left + lefts[0], &pen)
        return y + sides.bottom - top
    }

    private var gap: Double { columns > 1 ? 0.6 * em : 0 }

    /// Of every panel the same, in what the margins leave; those depend a little on it themselves.
    private func plotWidth(_ left: Double) -> Double {
        var plot = (width - left) / Double(columns)
        for _ in 0..<3 {
            let (lefts, rights) = columnMargins(drawings.map { $0.margins(width: plot) })
            let taken = left + lefts.reduce(0, +) + rights.reduce(0, +) + gap * Double(columns - 1)
            plot = max((width - taken) / Double(columns), 2 * em)
        }
        return plot
    }

    private func columnMargins(_ margins: [PanelMargins]) -> (lefts: [Double], rights: [Double]) {
        var lefts = [Double](repeating: 0, count: columns)
        var rights = lefts
        for (index, margin) in margins.enumerated() {
            lefts[index % columns] = max(lefts[index % columns], margin.left)
            rights[index % columns] = max(rights[index % columns], margin.right)
        }
        return (lefts, rights)
    }

    private func drawSharedTitles(from top: Double, to bottom: Double, plot: Double, left: Double, _ pen: inout SVGPen)
    {
        if !axes.y.isEmpty {
            pen.text(
                TextMetrics.cut(axes.y, to: (bottom - top) / em), x: 0.9 * em, y: (top + bottom) / 2, anchor: .middle,
                turned: -90)
        }
        if !axes.x.isEmpty {
            let middle = columns == 1 ? left + plot / 2 : (left + width) / 2
            pen.text(TextMetrics.cut(axes.x, to: width / em), x: middle, y: bottom + 0.6 * em, anchor: .middle)
        }
    }
}
