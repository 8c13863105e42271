/// The inside of a chart as SVG: guides, bars, lines, points, and the texts beside them.
struct SeriesDrawing {
    let chart: Chart
    let scales: ChartScales
    let frame: PanelFrame

    /// Points of one series that follow each other without a gap, in pixels.
    private typealias Run = [(x: Double, y: Double)]

    func draw(with pen: inout SVGPen) {
        let many = chart.manySeries
        let looks = chart.series.map { SeriesLook($0, theme: pen.theme, many: many) }
        var placer = LabelPlacer(area: .init(x: frame.x, y: frame.y, width: frame.width, height: frame.height))

        drawBars(looks, &pen, &placer)
        for guide in chart.guides { draw(guide, &pen) }
        // What only leads the eye lies under the rest.
        let order = chart.series.indices.sorted {
            (chart.series[$0].tone == .faint ? 0 : 1, $0) < (chart.series[$1].tone == .faint ? 0 : 1, $1)
        }
        for index in order { drawLine(chart.series[index], looks[index], many != nil, &pen, &placer) }
        for index in order { drawPoints(chart.series[index], looks[index], &pen, &placer) }
        labelGuides(&pen, &placer)
        for index in order { labelPoints(chart.series[index], &pen, &placer) }
    }

    private func place(_ point: Chart.Point) -> (x: Double, y: Double)? {
        guard let x = scales.x.position(point.x), let y = scales.y.position(point.y) else { return nil }
        return (frame.x + x * frame.width, frame.bottom - y * frame.height)
    }

    // MARK: Lines

    private func drawLine(
        _ series: Chart.Series, _ look: SeriesLook, _ isOneOfMany: Bool, _ pen: inout SVGPen,
        _ placer: inout LabelPlacer
    ) {
        guard series.mark == .line || series.mark == .path else { return }
        var runs: [Run] = [[]]
        for point in series.points {
            if let place = place(point) {
                runs[runs.count - 1].append(place)
            } else if runs.last?.isEmpty == false {
                runs.append([])
            }
        }
        let path = runs.filter { $0.count > 1 }.map { run in
            let thinned = thinned(run)
            for (start, end) in zip(thinned, thinned.dropFirst()) { placer.add(line: start, to: end) }
            return thinned.enumerated().map { index, point in
                (index == 0 ? "M" : index == 1 ? "L" : " ") + pen.n(point.x) + " " + pen.n(point.y)
            }.joined()
        }.joined()
        let width = series.tone == .faint ? 0.085 : isOneOfMany ? 0.09 : 0.12
        pen.path(path, ink: look.ink, width: width * pen.em, dash: look.dash)
        // A point alone is no line, but it is there.
        for run in runs where run.count == 1 && series.mark == .line {
            pen.path(Marker.disc.path(run[0].x, run[0].y, 0.14 * pen.em), ink: look.ink, width: 0, filled: true)
        }
    }

    /// Of many points over one pixel those that are seen: the first, the lowest, the highest, the last.
    private func thinned(_ run: Run) -> Run {
        guard run.count > 4 * Int(frame.width) || run.count > 600 else { return run }
        var result: Run = []
        var index = 0
        while index < run.count {
            let column = run[index].x.rounded(.down)
            var end = index + 1
            while end < run.count, run[end].x.rounded(.down) == column { end += 1 }
            let part = run[index..<end]
            if part.count > 4, let low = part.indices.min(by: { part[$0].y < part[$1].y }),
                let high = part.indices.max(by: { part[$0].y < part[$1].y })
            {
                result += Set([index, low, high, end - 1]).sorted().map { run[$0] }
            } else {
                result += part
            }
            index = end
        }
        return result
    }

    // MARK: Points

    private func drawPoints(
        _ series: Chart.Series, _ look: SeriesLook, _ pen: inout SVGPen, _ placer: inout LabelPlacer
    ) {
        let places = series.points.map(place)
        for (point, place) in zip(series.points, places) {
            guard let spread = point.spread, let x = scales.x.position(point.x),
                let low = scales.y.position(spread.lowerBound), let high = scales.y.position(spread.upperBound)
            else { continue }
            let column = place?.x ?? frame.x + x * frame.width
            let (top, bottom, half) = (
                frame.bottom - high * frame.height, frame.bottom - low * frame.height, 0.28 * pen.em
            )
            let path =
                "M\(pen.n(column)) \(pen.n(top))V\(pen.n(bottom))"
                + "M\(pen.n(column - half)) \(pen.n(top))h\(pen.n(2 * half))"
                + "M\(pen.n(column - half)) \(pen.n(bottom))h\(pen.n(2 * half))"
            pen.path(path, ink: look.ink, width: 0.08 * pen.em)
            placer.add(line: (column, top), to: (column, bottom))
        }
        guard series.mark == .dots || series.mark == .path else { return }
        let drawn = places.compactMap { $0 }
        // A cloud needs small points.
        let size = (drawn.count > 60 ? 0.17 : look.marker.isStroked ? 0.3 : 0.32) * pen.em
        let path = drawn.map { look.marker.path($0.x, $0.y, size) }.joined()
        if look.marker.isStroked {
            pen.path(path, ink: look.ink, width: 0.14 * pen.em)
        } else {
            pen.path(path, ink: look.ink, width: 0, filled: true)
        }
        for point in drawn {
            for (dx, dy) in [(0.0, 0.0), (-0.8, 0), (0.8, 0), (0, -0.8), (0, 0.8)] {
                placer.add(point.x + dx * size, point.y + dy * size)
            }
        }
    }

    private func labelPoints(_ series: Chart.Series, _ pen: inout SVGPen, _ placer: inout LabelPlacer) {
        let size = 0.88
        // More could not be told apart.
        for point in series.points.lazy.filter({ $0.label?.isEmpty == false }).prefix(60) {
            guard let label = point.label, let place = place(point) else { continue }
            let text = TextMetrics.cut(label, to: 12)
            let (width, height) = (TextMetrics.width(text) * size * pen.em, 0.95 * size * pen.em)
            let directions = [
                (1.0, -1.0), (-1, -1), (1, 1), (-1, 1), (0, -1.15), (0, 1.15), (1.2, 0), (-1.2, 0),
            ]
            let offsets = [0.42, 1.0, 1.7, 2.5].flatMap { reach in
                directions.map { ($0.0 * reach * pen.em, $0.1 * reach * pen.em) }
            }
            let boxes = offsets.map { dx, dy in
                LabelPlacer.Box(
                    x: place.x + dx - (dx > 0 ? 0 : dx < 0 ? width : width / 2),
                    y: place.y + dy - (dy > 0 ? 0.1 : dy < 0 ? height - 0.1 : height / 2), width: width, height: height)
            }
            guard let chosen = placer.place(boxes) else { continue }
            let box = boxes[chosen]
            if chosen >= directions.count {
                let end = (box.x + width / 2, box.y + (offsets[chosen].1 > 0 ? 0 : height))
                pen.line(place.x, place.y, end.0, end.1, ink: pen.theme.faint, width: 0.8)
            }
            pen.text(text, x: box.x + width / 2, y: box.y + height / 2, anchor: .middle, size: size)
        }
    }

    // MARK: Guides

    private func draw(_ guide: Chart.Guide, _ pen: inout SVGPen) {
        let dash = "\(pen.n(0.35 * pen.em)) \(pen.n(0.22 * pen.em))"
        switch guide.direction {
        case .horizontal:
            guard let place = scales.y.position(guide.value) else { return }
            let y = frame.bottom - place * frame.height
            pen.line(frame.x, y, frame.right, y, ink: pen.theme.quiet, width: 0.07 * pen.em, dash: dash)
        case .vertical:
            guard let place = scales.x.position(guide.value) else { return }
            let x = frame.x + place * frame.width
            pen.line(x, frame.y, x, frame.bottom, ink: pen.theme.quiet, width: 0.07 * pen.em, dash: dash)
        }
    }

    private func labelGuides(_ pen: inout SVGPen, _ placer: inout LabelPlacer) {
        let size = 0.88
        let gap = 0.25 * pen.em
        for guide in chart.guides {
            if guide.direction == .horizontal, let place = scales.y.position(guide.value) {
                let y = frame.bottom - place * frame.height
                placer.add(line: (frame.x, y), to: (frame.right, y))
            } else if guide.direction == .vertical, let place = scales.x.position(guide.value) {
                let x = frame.x + place * frame.width
                placer.add(line: (x, frame.y), to: (x, frame.bottom))
            }
        }
        for guide in chart.guides {
            guard let label = guide.label, !label.isEmpty else { continue }
            let text = TextMetrics.cut(label, to: max(frame.width / pen.em * 0.9, 3))
            let (width, height) = (TextMetrics.width(text) * size * pen.em, size * pen.em)
            var boxes: [LabelPlacer.Box] = []
            switch guide.direction {
            case .horizontal:
                guard let place = scales.y.position(guide.value) else { continue }
                let y = frame.bottom - place * frame.height
                for share in [1.0, 0, 0.75, 0.5, 0.25] {
                    let x = frame.x + gap + (frame.width - width - 2 * gap) * share
                    boxes.append(.init(x: x, y: y - height - gap / 2, width: width, height: height))
                    boxes.append(.init(x: x, y: y + gap / 2, width: width, height: height))
                }
            case .vertical:
                guard let place = scales.x.position(guide.value) else { continue }
                let x = frame.x + place * frame.width
                for share in [0, 0.15, 0.3, 0.5, 0.7, 0.9, 1] {
                    let y = frame.y + (frame.height - height) * share
                    boxes.append(.init(x: x + gap, y: y, width: width, height: height))
                    boxes.append(.init(x: x - gap - width, y: y, width: width, height: height))
                }
            }
            guard let chosen = placer.place(boxes) else { continue }
            let box = boxes[chosen]
            pen.text(
                text, x: box.x + width / 2, y: box.y + height / 2, anchor: .middle, size: size, ink: pen.theme.quiet)
        }
    }

    // MARK: Bars

    private func drawBars(_ looks: [SeriesLook], _ pen: inout SVGPen, _ placer: inout LabelPlacer) {
        let bars = chart.series.indices.filter { chart.series[$0].mark == .bars }
        guard !bars.isEmpty else { return }
        let unit = barUnit(bars)
        let ghosts = bars.filter { chart.series[$0].tone == .faint }
        let others = bars.filter { chart.series[$0].tone != .faint }
        // What was there before stands behind what is there now.
        let share = ghosts.isEmpty ? 0.76 : 0.56
        for index in ghosts {
            drawBars(chart.series[index], looks[index], from: -0.42 * unit, width: 0.84 * unit, &pen)
        }
        for (place, index) in others.enumerated() {
            let width = share * unit / Double(others.count)
            let start = -share * unit / 2 + Double(place) * width
            drawBars(chart.series[index], looks[index], from: start, width: width, &pen)
        }
        for index in bars {
            for point in chart.series[index].points {
                if let place = self.place(point) { placer.add(place.x, place.y) }
            }
        }
    }

    private func drawBars(
        _ series: Chart.Series, _ look: SeriesLook, from start: Double, width: Double, _ pen: inout SVGPen
    ) {
        let floor = frame.bottom - scales.y.floor * frame.height
        var path = ""
        for point in series.points {
            guard let place = place(point) else { continue }
            let left = min(max(place.x + start, frame.x), frame.right)
            let right = min(max(place.x + start + width, frame.x), frame.right)
            guard right > left, place.y != floor else { continue }
            path += "M\(pen.n(left)) \(pen.n(floor))V\(pen.n(place.y))H\(pen.n(right))V\(pen.n(floor))Z"
        }
        pen.path(path, ink: look.ink, width: 0, filled: true)
    }

    /// The room each bar has, in pixels.
    private func barUnit(_ bars: [Int]) -> Double {
        if case .categories = scales.x.kind { return frame.width / (scales.x.upper - scales.x.lower) }
        let places = Set(bars.flatMap { chart.series[$0].points.compactMap { scales.x.position($0.x) } }).sorted()
        let least = zip(places, places.dropFirst()).map { $1 - $0 }.min() ?? 0.2
        return max(least * frame.width, 1)
    }
}
