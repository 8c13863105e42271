/// A matrix as SVG: cells of colour, pictures or names along the sides, a bar of what the colours stand for.
struct MatrixDrawing: PanelDrawing {
    let matrix: Matrix
    let theme: SVGTheme
    let em: Double
    /// The most the plot may be high, in pixels.
    let tallest: Double
    /// Of the whole picture: a panel beside it says the same with its bar.
    var hasBar = true
    /// What the identifiers of the pictures begin with; the pictures are defined under it already.
    let thumbnails: Thumbnails?

    private static let levels = 64
    private static let longestLabel = 7.0

    private var isSquare: Bool { matrix.rows == matrix.columns }
    private var extent: (rows: Int, columns: Int) { matrix.extent }

    func height(width: Double) -> Double { cell(width: width) * Double(max(extent.rows, 1)) }

    private func cell(width: Double) -> Double {
        min(width / Double(max(extent.columns, 1)), tallest / Double(max(extent.rows, 1)))
    }

    func margins(width: Double) -> PanelMargins {
        var margins = PanelMargins(left: 0.4 * em, right: 0.6 * em, top: 0.4 * em, bottom: 0.4 * em)
        let side = sideWidth(width: width)
        margins.left += side.rows
        margins.top += side.columns
        if let title = matrix.title { margins.top += 1.45 * em * Double(titleLines(title, width: width).count) }
        if hasBar { margins.right += barWidth }
        return margins
    }

    func draw(in frame: PanelFrame, with pen: inout SVGPen) {
        let cell = cell(width: frame.width)
        let (width, height) = (cell * Double(extent.columns), cell * Double(extent.rows))
        let side = sideWidth(width: frame.width)
        if let title = matrix.title {
            let lines = titleLines(title, width: frame.width)
            for (index, line) in lines.enumerated() {
                let above = side.columns + 0.4 * em + (Double(lines.count - index) - 0.6) * 1.45 * em
                pen.text(line, x: frame.x, y: frame.y - above, bold: true)
            }
        }
        drawCells(frame, cell, &pen)
        drawSides(frame, cell, &pen)
        pen.markup.element(
            "rect",
            [
                ("x", pen.n(frame.x)), ("y", pen.n(frame.y)), ("width", pen.n(width)), ("height", pen.n(height)),
                ("fill", "none"),
            ] + theme.faint.stroke)
        if hasBar { drawBar(x: frame.x + width + 0.8 * em, y: frame.y, height: height, &pen) }
    }

    /// One path a colour; neighbours in a row are one piece.
    private func drawCells(_ frame: PanelFrame, _ cell: Double, _ pen: inout SVGPen) {
        var paths = [String](repeating: "", count: Self.levels)
        var missing = ""
        // A little over the edge, so that no ground shines through between two cells.
        let over = SVGMarkup.number(min(0.3, cell * 0.05) + cell)
        for row in 0..<extent.rows {
            var column = 0
            while column < extent.columns {
                let level = level(row, column)
                var end = column + 1
                while end < extent.columns, self.level(row, end) == level { end += 1 }
                let length = Double(end - column) * cell + (end < extent.columns ? min(0.3, cell * 0.05) : 0)
                let piece =
                    "M\(pen.n(frame.x + Double(column) * cell)) \(pen.n(frame.y + Double(row) * cell))"
                    + "h\(pen.n(length))v\(row + 1 < extent.rows ? over : pen.n(cell))h\(pen.n(-length))z"
                if let level { paths[level] += piece } else { missing += piece }
                column = end
            }
        }
        pen.markup.begin("g", [("shape-rendering", "crispEdges")])
        pen.path(missing, ink: theme.ghost, width: 0, filled: true)
        let ramp = ColourRamp(matrix.scale.kind)
        for (level, path) in paths.enumerated() {
            let colour = ramp.colour((Double(level) + 0.5) / Double(Self.levels))
            pen.path(path, ink: SVGTheme.Ink(colour: colour.hex), width: 0, filled: true)
        }
        pen.markup.end()
    }

    private func level(_ row: Int, _ column: Int) -> Int? {
        matrix.value(row, column).flatMap(matrix.scale.share).map {
            min(Int($0 * Double(Self.levels)), Self.levels - 1)
        }
    }

    // MARK: Sides

    /// Room for what stands left of the rows and above the columns.
    private func sideWidth(width: Double) -> (rows: Double, columns: Double) {
        if thumbnails != nil {
            let size = thumbnailSize(cell(width: width)) + 0.35 * em
            return (size, isSquare ? size : 0)
        }
        guard !matrix.labels.isEmpty else { return (0, 0) }
        let longest = min(matrix.labels.prefix(extent.rows).map(TextMetrics.width).max() ?? 0, Self.longestLabel)
        let side = (longest * ChartDrawing.tickSize + 0.4) * em
        let isTurned = isTurned(longest, cell: cell(width: width))
        return (side, isSquare ? (isTurned ? side : 1.2 * em) : 0)
    }

    /// Every which name is written.
    private func labelStep(_ cell: Double) -> Int { max(Int((1.1 * em / cell).rounded(.up)), 1) }

    /// Whether the names of columns stand upright.
    private func isTurned(_ longest: Double, cell: Double) -> Bool {
        (longest * ChartDrawing.tickSize + 0.3) * em > cell * Double(labelStep(cell))
    }

    private func thumbnailSize(_ cell: Double) -> Double { min(max(cell * 0.92, 1.5 * em), 4 * em) }

    private func drawSides(_ frame: PanelFrame, _ cell: Double, _ pen: inout SVGPen) {
        if let thumbnails {
            let size = thumbnailSize(cell)
            let step = max(Int((size / cell * 1.02).rounded(.up)), 1)
            for index in stride(from: 0, to: extent.rows, by: step) {
                let middle = (Double(index) + 0.5) * cell
                if step > 1 {
                    // Which row it is, where it is wider than one.
                    pen.line(frame.x - 0.3 * em, frame.y + middle, frame.x, frame.y + middle, ink: theme.ink)
                }
                if step > 1, isSquare {
                    pen.line(frame.x + middle, frame.y - 0.3 * em, frame.x + middle, frame.y, ink: theme.ink)
                }
                thumbnails.use(index, x: frame.x - size - 0.3 * em, y: frame.y + middle - size / 2, size: size, &pen)
                if isSquare {
                    thumbnails.use(
                        index, x: frame.x + middle - size / 2, y: frame.y - size - 0.3 * em, size: size, &pen)
                }
            }
            return
        }
        let labels = matrix.labels.map { TextMetrics.cut($0, to: Self.longestLabel) }
        let longest = labels.prefix(extent.rows).map(TextMetrics.width).max() ?? 0
        let isTurned = isTurned(longest, cell: cell)
        let step = labelStep(cell)
        for index in stride(from: 0, to: min(extent.rows, labels.count), by: step) {
            let middle = (Double(index) + 0.5) * cell
            pen.text(
                labels[index], x: frame.x - 0.3 * em, y: frame.y + middle, anchor: .end, size: ChartDrawing.tickSize,
                ink: theme.quiet)
            guard isSquare else { continue }
            pen.text(
                labels[index], x: frame.x + middle + (isTurned ? 0.33 * em : 0),
                y: frame.y - (isTurned ? 0.3 : 0.7) * em, anchor: isTurned ? .start : .middle,
                size: ChartDrawing.tickSize, ink: theme.quiet, turned: isTurned ? -90 : 0)
        }
    }

    private func titleLines(_ title: String, width: Double) -> [String] {
        Array(TextMetrics.lines(title, width: width / em / 1.05).prefix(2))
    }

    // MARK: Bar

    private var barAxis: AxisScale {
        let range = matrix.scale.range
        return AxisScale(
            Chart.Axis("", range: range), showing: [range.lowerBound, range.upperBound], isTight: true)
    }

    private var barTicks: Ticks { barAxis.ticks(atMost: 6) }

    private var barWidth: Double {
        let widest = barTicks.major.map { TextMetrics.width($0.label) }.max() ?? 0
        return (0.8 + 0.8 + 0.3 + widest * ChartDrawing.tickSize + (matrix.scale.title.isEmpty ? 0 : 1.6)) * em
    }

    private func drawBar(x: Double, y: Double, height: Double, _ pen: inout SVGPen) {
        let ramp = ColourRamp(matrix.scale.kind)
        let step = height / Double(Self.levels)
        pen.markup.begin("g", [("shape-rendering", "crispEdges")])
        for level in 0..<Self.levels {
            let colour = ramp.colour((Double(level) + 0.5) / Double(Self.levels))
            pen.rectangle(
                x, y + height - Double(level + 1) * step, 0.8 * em, step + (level > 0 ? 0.3 : 0),
                fill: SVGTheme.Ink(colour: colour.hex))
        }
        pen.markup.end()
        let ticks = barTicks
        for tick in ticks.major {
            guard let place = barAxis.position(tick.value) else { continue }
            let level = y + height - place * height
            pen.line(x + 0.8 * em, level, x + 1.0 * em, level, ink: theme.ink)
            pen.text(
                tick.label, x: x + 1.15 * em, y: level, anchor: .start, size: ChartDrawing.tickSize, ink: theme.quiet)
        }
        let widest = ticks.major.map { TextMetrics.width($0.label) }.max() ?? 0
        pen.text(
            TextMetrics.cut(matrix.scale.title, to: height / em * 1.2),
            x: x + (1.2 + widest * ChartDrawing.tickSize + 1) * em, y: y + height / 2, anchor: .middle, turned: -90)
    }
}
