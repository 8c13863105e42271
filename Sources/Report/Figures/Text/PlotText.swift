/// The inside of a chart in characters.
struct PlotText {
    let chart: Chart
    let scales: ChartScales
    let glyphs: Glyphs
    let plot: (width: Int, height: Int)

    func draw(into grid: inout TextGrid, _ left: Int, _ top: Int) {
        var inside = TextGrid(width: plot.width, height: plot.height)
        for guide in chart.guides { draw(guide, &inside) }
        drawBars(&inside)
        var canvas = DotCanvas(columns: plot.width, rows: plot.height, unicode: glyphs.unicode)
        // What only leads the eye lies under the rest.
        let order = chart.series.indices.sorted {
            (chart.series[$0].tone == .faint ? 0 : 1, $0) < (chart.series[$1].tone == .faint ? 0 : 1, $1)
        }
        for index in order { drawLine(index, &canvas) }
        canvas.draw(into: &inside, 0, 0)
        var taken: Set<Place> = []
        for index in order { markLine(index, canvas, &inside, &taken) }
        for index in order { drawPoints(chart.series[index], canvas, &inside, &taken) }
        for guide in chart.guides { label(guide, &inside, &taken) }
        grid.put(inside, left, top)
    }

    private struct Place: Hashable {
        var x: Int
        var y: Int
    }

    private func place(_ point: Chart.Point) -> (x: Double, y: Double)? {
        guard let x = scales.x.position(point.x), let y = scales.y.position(point.y) else { return nil }
        return (x, y)
    }

    // MARK: Lines

    private func drawLine(_ index: Int, _ canvas: inout DotCanvas) {
        let series = chart.series[index]
        let look = SeriesText(index, of: chart, glyphs: glyphs)
        let letter = look.letter
        if series.mark == .line || series.mark == .path {
            var last: (x: Int, y: Int)?
            for point in series.points {
                let dot = place(point).map { canvas.dot($0.x, $0.y) }
                if let dot { canvas.line(from: last ?? dot, to: dot, look.ink, letter, stride: look.stride) }
                last = dot
            }
        }
        for point in series.points {
            guard let spread = point.spread, let x = scales.x.position(point.x),
                let low = scales.y.position(spread.lowerBound), let high = scales.y.position(spread.upperBound)
            else { continue }
            canvas.line(from: canvas.dot(x, low), to: canvas.dot(x, high), look.ink, "|")
        }
    }

    /// Lines that would look alike without colour carry their mark at some places.
    private func markLine(_ index: Int, _ canvas: DotCanvas, _ grid: inout TextGrid, _ taken: inout Set<Place>) {
        let series = chart.series[index]
        let look = SeriesText(index, of: chart, glyphs: glyphs)
        guard series.mark == .line, let marker = look.marker, glyphs.unicode else { return }
        let dots = series.points.compactMap { place($0).map { canvas.dot($0.x, $0.y) } }
        guard let first = dots.first, let last = dots.last, last.x > first.x else { return }
        let number = Double(Marker.place(look.place, of: 8))
        for part in 0..<4 {
            let wanted = Double(first.x) + (Double(part) + 0.3 + 0.08 * number) / 4.4 * Double(last.x - first.x)
            guard let dot = dots.min(by: { abs(Double($0.x) - wanted) < abs(Double($1.x) - wanted) }) else { continue }
            let cell = canvas.cell(dot)
            grid.put(marker, cell.x, cell.y, look.ink)
            taken.insert(Place(x: cell.x, y: cell.y))
        }
    }

    // MARK: Points

    private func drawPoints(
        _ series: Chart.Series, _ canvas: DotCanvas, _ grid: inout TextGrid, _ taken: inout Set<Place>
    ) {
        guard series.mark == .dots || series.mark == .path else { return }
        let (marker, ink) = (glyphs.marker(series.tone), TextInk(series.tone))
        for point in series.points {
            guard let place = place(point) else { continue }
            let cell = canvas.cell(canvas.dot(place.x, place.y))
            let label = cut(glyphs.line(point.label ?? ""), to: plot.width / 3)
            guard !label.isEmpty else {
                grid.put(marker, cell.x, cell.y, ink)
                taken.insert(Place(x: cell.x, y: cell.y))
                continue
            }
            draw(marker, label, ink, at: cell, &grid, &taken)
        }
    }

    /// A mark with its label, moved aside a little where another stands; a mark alone where that is not enough.
    private func draw(
        _ marker: String, _ label: String, _ ink: TextInk, at cell: (x: Int, y: Int), _ grid: inout TextGrid,
        _ taken: inout Set<Place>
    ) {
        let size = DisplayWidth.of(label) + 1
        func isFree(_ start: Int, _ size: Int) -> Bool {
            start >= 0 && start + size <= plot.width
                && (start..<(start + size)).allSatisfy { !taken.contains(Place(x: $0, y: cell.y)) }
        }
        for shift in [0, 1, -1, 2, -2, 3, -3] where isFree(cell.x + shift, size) {
            grid.put(marker + label, cell.x + shift, cell.y, ink)
            for column in 0..<size { taken.insert(Place(x: cell.x + shift + column, y: cell.y)) }
            return
        }
        guard isFree(cell.x, 1) else { return }
        grid.put(marker, cell.x, cell.y, ink)
        taken.insert(Place(x: cell.x, y: cell.y))
    }

    // MARK: Guides

    private func draw(_ guide: Chart.Guide, _ grid: inout TextGrid) {
        let canvas = DotCanvas(columns: plot.width, rows: plot.height, unicode: glyphs.unicode)
        switch guide.direction {
        case .horizontal:
            guard let place = scales.y.position(guide.value) else { return }
            let row = canvas.cell(canvas.dot(0, place)).y
            for column in stride(from: 0, to: plot.width, by: glyphs.unicode ? 1 : 2) {
                grid.put(glyphs.guides.horizontal, column, row, .faint)
            }
        case .vertical:
            guard let place = scales.x.position(guide.value) else { return }
            let column = canvas.cell(canvas.dot(place, 0)).x
            for row in 0..<plot.height { grid.put(glyphs.guides.vertical, column, row, .faint) }
        }
    }

    private func label(_ guide: Chart.Guide, _ grid: inout TextGrid, _ taken: inout Set<Place>) {
        guard let label = guide.label, !label.isEmpty, plot.width >= 8 else { return }
        let canvas = DotCanvas(columns: plot.width, rows: plot.height, unicode: glyphs.unicode)
        let text = " " + cut(glyphs.line(label), to: plot.width - 3) + " "
        let size = DisplayWidth.of(text)
        var candidates: [(x: Int, y: Int, cost: Int)] = []
        switch guide.direction {
        case .horizontal:
            guard let place = scales.y.position(guide.value) else { return }
            let row = canvas.cell(canvas.dot(0, place)).y
            let columns = [plot.width - size - 1, plot.width - size, 1, (plot.width - size) / 2, plot.width / 4]
            for (index, column) in columns.enumerated() { candidates.append((column, row, index)) }
            for near in [row - 1, row + 1] where (0..<plot.height).contains(near) {
                candidates.append((columns[0], near, 6))
            }
        case .vertical:
            guard let place = scales.x.position(guide.value) else { return }
            let column = canvas.cell(canvas.dot(place, 0)).x
            for row in 0..<plot.height {
                candidates.append((column + 1, row, row))
                candidates.append((column - size, row, row + 1))
            }
        }
        // What is drawn may be covered, but texts and marks may not.
        let best = candidates.filter { $0.x >= 0 && $0.x + size <= plot.width }.map { place in
            let cells = (place.x..<(place.x + size)).map { (grid[$0, place.y], Place(x: $0, y: place.y)) }
            let covered = cells.count { !$0.0.isBlank && $0.0.text != glyphs.guides.horizontal }
            return (place, place.cost + 3 * covered + 50 * cells.count { taken.contains($0.1) })
        }.min { $0.1 < $1.1 }
        guard let best, best.1 < 50 else { return }
        grid.put(text, best.0.x, best.0.y)
        for column in best.0.x..<(best.0.x + size) { taken.insert(Place(x: column, y: best.0.y)) }
    }

    // MARK: Bars

    private func drawBars(_ grid: inout TextGrid) {
        let bars = chart.series.indices.filter { chart.series[$0].mark == .bars }
        guard !bars.isEmpty else { return }
        let others = bars.filter { chart.series[$0].tone != .faint }
        let unit = unit(bars)
        let share = max(min(unit * 4 / 5, unit - 1), 1)
        let width = max(share / max(others.count, 1), 1)
        for index in bars where chart.series[index].tone == .faint {
            // As wide as the bars before it together.
            drawBars(
                chart.series[index], from: 0, width: others.isEmpty ? share : width * others.count,
                of: max(width * others.count, 1), glyphs.ghost, &grid)
        }
        for (place, index) in others.enumerated() {
            let fill = glyphs.fills[place % glyphs.fills.count]
            drawBars(chart.series[index], from: place * width, width: width, of: width * others.count, fill, &grid)
        }
    }

    private func drawBars(
        _ series: Chart.Series, from start: Int, width: Int, of group: Int, _ fill: String, _ grid: inout TextGrid
    ) {
        let ink = TextInk(series.tone)
        let floor = scales.y.floor * Double(plot.height)
        for point in series.points {
            guard let place = place(point) else { continue }
            let middle = place.x * Double(plot.width)
            let left = Int((middle - Double(group) / 2 + 1e-6).rounded()) + start
            let end = place.y * Double(plot.height)
            let (low, high) = (min(floor, end), max(floor, end))
            for row in 0..<plot.height {
                let bottom = Double(plot.height - 1 - row)
                let covered = min(high, bottom + 1) - max(low, bottom)
                guard let text = part(covered, isTop: high < bottom + 1, fill) else { continue }
                for column in left..<(left + width) where grid.contains(column, row) {
                    grid.put(text, column, row, ink)
                }
            }
            // What is not zero is seen.
            if high > low, high - low < 1.0 / 16, glyphs.unicode, fill == glyphs.fill {
                let row = plot.height - 1 - min(Int(low), plot.height - 1)
                for column in left..<(left + width) { grid.put(glyphs.heights[0], column, row, ink) }
            }
        }
    }

    /// The character for a share of a cell; nil for none.
    private func part(_ covered: Double, isTop: Bool, _ fill: String) -> String? {
        if isTop, fill == glyphs.fill, !glyphs.heights.isEmpty, covered < 15.0 / 16 {
            let eighths = Int((covered * 8).rounded())
            return eighths > 0 ? glyphs.heights[min(eighths, 7) - 1] : nil
        }
        return covered >= 0.5 ? fill : nil
    }

    /// Columns from one bar, or group of bars, to the next.
    private func unit(_ bars: [Int]) -> Int {
        if case .categories = scales.x.kind {
            return max(Int(Double(plot.width) / (scales.x.upper - scales.x.lower)), 1)
        }
        let places = Set(bars.flatMap { chart.series[$0].points.compactMap { scales.x.position($0.x) } }).sorted()
        let least = zip(places, places.dropFirst()).map { $1 - $0 }.min() ?? 0.2
        return max(Int(least * Double(plot.width)), 1)
    }

    private func cut(_ text: String, to width: Int) -> String {
        StyledText(text).truncated(to: max(width, 0), glyphs: glyphs).plain
    }
}
