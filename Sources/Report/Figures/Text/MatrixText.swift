/// A matrix in characters: shades, or colours where there are enough of them.
struct MatrixText {
    let matrix: Matrix
    let glyphs: Glyphs
    /// Whether cells may have colours of their own.
    let hasColours: Bool
    let width: Int
    /// Lines for the panel's title; a shorter one stands below.
    var titleHeight = 0

    /// How many values each cell stands for, down and across, and how many columns it takes.
    private let step: (rows: Int, columns: Int)
    private let cell: Int
    private let side: Int

    init(_ matrix: Matrix, glyphs: Glyphs, hasColours: Bool, width: Int) {
        (self.matrix, self.glyphs, self.width) = (matrix, glyphs, width)
        self.hasColours = hasColours && glyphs.unicode
        let (rows, columns) = matrix.extent
        let longest = matrix.labels.prefix(rows).map { DisplayWidth.of(glyphs.line($0)) }.max() ?? 0
        let side = longest > 0 ? min(longest, 8) + 1 : 0
        // Whole cells of two columns are about square.
        if 2 * columns + side <= width, rows <= 32 {
            (step, cell, self.side) = ((1, 1), 2, side)
        } else {
            let least = max((columns + width - 1) / max(width, 1), (rows + 63) / 64, 1)
            // One character is two rows high: two colours, or one shade for both.
            (step, cell, self.side) = ((self.hasColours ? least : 2 * least, least), 1, 0)
        }
    }

    /// Two at most.
    var titleLines: [String] { PanelTitle.lines(matrix.title, width: width - side, glyphs: glyphs) }

    /// What one cell is, where it is not one value.
    var note: String? {
        guard step.rows > 1 else { return nil }
        let most = matrix.scale.kind == .sequential ? "the largest" : "the farthest from the middle"
        return "each cell is \(most) of \(step.rows) × \(step.columns)"
    }

    var grid: TextGrid {
        let (rows, columns) = matrix.extent
        let (down, across) = ((rows + step.rows - 1) / step.rows, (columns + step.columns - 1) / step.columns)
        let isHalved = cell == 1 && hasColours
        let lines = isHalved ? (down + 1) / 2 : down
        let hasHeader = side > 0 && matrix.rows == matrix.columns
        let top = titleHeight + (hasHeader ? 1 : 0)
        var grid = TextGrid(width: width, height: top + lines)
        let titles = titleLines.suffix(titleHeight)
        for (row, line) in titles.enumerated() { grid.put(line, side, titleHeight - titles.count + row, .strong) }
        if side > 0 { drawLabels(&grid, top, hasHeader) }
        for line in 0..<lines {
            for column in 0..<across {
                let x = side + column * cell
                if !isHalved {
                    draw(share(line, column), &grid, x, top + line)
                } else {
                    let upper = share(2 * line, column).map(ramp.colour) ?? Self.none
                    let lower = 2 * line + 1 < down ? share(2 * line + 1, column).map(ramp.colour) ?? Self.none : nil
                    grid.put("▀", x, top + line, .colours(upper: upper, lower: lower))
                }
            }
        }
        return grid
    }

    /// What the shades or colours stand for, on one line.
    func scale(width: Int) -> TextGrid {
        var grid = TextGrid(width: width, height: 1)
        let range = matrix.scale.range
        let steps = 24
        var x = 0
        func put(_ text: String, _ ink: TextInk = .plain) {
            grid.put(text, x, 0, ink)
            x += DisplayWidth.of(text)
        }
        put(StyledText(glyphs.line(matrix.scale.title)).truncated(to: width / 3, glyphs: glyphs).plain + "  ", .faint)
        put(end(range.lowerBound) + " ")
        if hasColours {
            for step in 0..<steps {
                put(" ", .colours(upper: ramp.colour(Double(step) / Double(steps - 1)), lower: nil))
            }
        } else {
            let shades = keys
            put("[" + shades + "]")
        }
        put(" " + end(range.upperBound))
        return grid
    }

    /// With as few decimals as both ends of the range need, but not more than three.
    private func end(_ value: Double) -> String {
        let ends = [matrix.scale.range.lowerBound, matrix.scale.range.upperBound]
        let digits = (0..<3).first { digits in
            ends.allSatisfy { end in abs((Double(NumberFormat.fixed(end, digits: digits)) ?? end) - end) < 1e-6 }
        }
        return glyphs.label(.decimal(value, digits: digits ?? 3))
    }

    private static let none = Colour(0x808080)
    private var ramp: ColourRamp { ColourRamp(matrix.scale.kind) }

    /// All shades from the low end to the high end.
    private var keys: String {
        switch matrix.scale.kind {
        case .sequential: glyphs.shades.map { $0 + $0 }.joined()
        case .diverging:
            (glyphs.shadesBelow.dropFirst().reversed() + glyphs.shadesAbove).map { $0 + $0 }.joined()
        }
    }

    private func draw(_ share: Double?, _ grid: inout TextGrid, _ x: Int, _ y: Int) {
        guard let share else { return grid.put(wide(glyphs.missing), x, y, .faint) }
        if hasColours { return grid.put(wide(" "), x, y, .colours(upper: ramp.colour(share), lower: nil)) }
        let shade: String
        switch matrix.scale.kind {
        case .sequential: shade = glyphs.shades[min(Int(share * Double(glyphs.shades.count)), glyphs.shades.count - 1)]
        case .diverging:
            let shades = share < 0.5 ? glyphs.shadesBelow : glyphs.shadesAbove
            let size = (share - 0.5).magnitude * 2
            shade =
                size < 0.1
                ? shades[0] : shades[min(Int((size * Double(shades.count - 1)).rounded(.up)), shades.count - 1)]
        }
        grid.put(wide(shade), x, y)
    }

    private func wide(_ text: String) -> String { String(repeating: text, count: cell) }

    /// Of the values of one cell the largest, or the one farthest from the middle, as a share of the range.
    private func share(_ row: Int, _ column: Int) -> Double? {
        let (rows, columns) = matrix.extent
        var best: Double?
        for r in (row * step.rows)..<min((row + 1) * step.rows, rows) {
            for c in (column * step.columns)..<min((column + 1) * step.columns, columns) {
                guard let value = matrix.value(r, c).flatMap(matrix.scale.share) else { continue }
                if best.map({ size(value) > size($0) }) ?? true { best = value }
            }
        }
        return best
    }

    private func size(_ share: Double) -> Double {
        matrix.scale.kind == .sequential ? share : (share - 0.5).magnitude
    }

    private func drawLabels(_ grid: inout TextGrid, _ top: Int, _ hasHeader: Bool) {
        let labels = matrix.labels.prefix(matrix.extent.rows).map(glyphs.line)
        var free = 0
        for (index, label) in labels.enumerated() {
            let text = StyledText(label).truncated(to: side - 1, glyphs: glyphs).plain
            grid.put(text, side - 1 - DisplayWidth.of(text), top + index, .faint)
            let x = side + index * cell
            guard hasHeader, x >= free, x + DisplayWidth.of(text) <= width else { continue }
            grid.put(text, x, top - 1, .faint)
            free = x + DisplayWidth.of(text) + 1
        }
    }
}
