/// A chart as SVG: axes, guides and series.
struct ChartDrawing: PanelDrawing {
    let chart: Chart
    let scales: ChartScales
    let theme: SVGTheme
    let em: Double
    /// Height beside width.
    var shape = 0.56
    /// Whether the ticks of each axis have labels, and whether the axis has its title.
    var labels: (x: Bool, y: Bool) = (true, true)
    var titles: (x: Bool, y: Bool) = (true, true)
    /// What is above the plot beside its title.
    var legend: Legend?

    static let tickSize = 0.92
    private static let tick = 0.35
    private static let longestLabel = 11.0

    func height(width: Double) -> Double { max(width * shape, 5 * em) }

    func margins(width: Double) -> PanelMargins {
        var margins = PanelMargins(left: 0.6 * em, right: 0.5 * em, top: 0.6 * em, bottom: 0.5 * em)
        if let title = chart.title { margins.top += 1.45 * em * Double(titleLines(title, width: width).count) }
        if let legend { margins.top += legend.height(width: width) }
        if labels.y {
            let widest = yTicks(height: height(width: width)).major.map { TextMetrics.width($0.label) }.max() ?? 0
            margins.left = (min(widest, Self.longestLabel) * Self.tickSize + Self.tick + 0.3) * em
        }
        if titles.y, !chart.y.heading.isEmpty { margins.left += 1.5 * em }
        let ticks = xTicks(width: width)
        if labels.x {
            margins.bottom = (Self.tick + 1.35) * em
            if isTurned(width: width) {
                let longest = ticks.major.map { TextMetrics.width($0.label) }.max() ?? 0
                margins.bottom = (Self.tick + 0.6 + 0.71 * (min(longest, Self.longestLabel) + 0.5)) * em
            }
            if !isTurned(width: width), let last = ticks.major.last, let place = scales.x.position(last.value) {
                let over = TextMetrics.width(last.label) * Self.tickSize * em / 2 - (1 - place) * width
                margins.right = max(margins.right, over)
            }
        }
        if titles.x, !chart.x.heading.isEmpty { margins.bottom += 1.4 * em }
        return margins
    }

    func draw(in frame: PanelFrame, with pen: inout SVGPen) {
        var top = frame.y - 0.6 * em
        if let legend {
            top -= legend.height(width: frame.width)
            legend.draw(x: frame.x, y: top, width: frame.width, with: &pen)
        }
        if let title = chart.title {
            let lines = titleLines(title, width: frame.width)
            for (index, line) in lines.enumerated() {
                pen.text(line, x: frame.x, y: top - (Double(lines.count - index) - 0.6) * 1.45 * em, bold: true)
            }
        }
        drawY(frame, &pen)
        drawX(frame, &pen)
        SeriesDrawing(chart: chart, scales: scales, frame: frame).draw(with: &pen)
    }

    private func drawY(_ frame: PanelFrame, _ pen: inout SVGPen) {
        let ticks = yTicks(height: frame.height)
        for tick in ticks.major {
            guard let place = scales.y.position(tick.value) else { continue }
            let y = frame.bottom - place * frame.height
            pen.line(frame.x, y, frame.right, y, ink: theme.grid)
            pen.line(frame.x - Self.tick * em, y, frame.x, y, ink: theme.ink)
            if labels.y {
                pen.text(
                    cut(tick.label), x: frame.x - (Self.tick + 0.25) * em, y: y, anchor: .end, size: Self.tickSize,
                    ink: theme.quiet)
            }
        }
        for value in ticks.minor {
            guard let place = scales.y.position(value) else { continue }
            let y = frame.bottom - place * frame.height
            pen.line(frame.x - 0.5 * Self.tick * em, y, frame.x, y, ink: theme.ink, width: 0.7)
        }
        pen.line(frame.x, frame.y, frame.x, frame.bottom, ink: theme.ink)
        if titles.y {
            pen.text(
                TextMetrics.cut(chart.y.heading, to: frame.height / em * 1.25),
                x: frame.x - margins(width: frame.width).left + 1.1 * em,
                y: frame.y + frame.height / 2, anchor: .middle, turned: -90)
        }
    }

    private func drawX(_ frame: PanelFrame, _ pen: inout SVGPen) {
        let ticks = xTicks(width: frame.width)
        let isTurned = isTurned(width: frame.width)
        for tick in ticks.major {
            guard let place = scales.x.position(tick.value) else { continue }
            let x = frame.x + place * frame.width
            pen.line(x, frame.bottom, x, frame.bottom + Self.tick * em, ink: theme.ink)
            guard labels.x else { continue }
            let y = frame.bottom + (Self.tick + (isTurned ? 0.4 : 0.75)) * em
            pen.text(
                cut(tick.label), x: x + (isTurned ? 0.25 * em : 0), y: y, anchor: isTurned ? .end : .middle,
                size: Self.tickSize, ink: theme.quiet, turned: isTurned ? -45 : 0)
        }
        for value in ticks.minor {
            guard let place = scales.x.position(value) else { continue }
            let x = frame.x + place * frame.width
            pen.line(x, frame.bottom, x, frame.bottom + 0.5 * Self.tick * em, ink: theme.ink, width: 0.7)
        }
        pen.line(frame.x, frame.bottom, frame.right, frame.bottom, ink: theme.ink)
        if titles.x {
            let y = frame.bottom + margins(width: frame.width).bottom - 0.75 * em
            pen.text(
                TextMetrics.cut(chart.x.heading, to: frame.width / em), x: frame.x + frame.width / 2, y: y,
                anchor: .middle)
        }
    }

    private func titleLines(_ title: String, width: Double) -> [String] {
        Array(TextMetrics.lines(title, width: width / em / 1.05).prefix(2))
    }

    private func cut(_ label: TickLabel) -> TickLabel {
        guard case .text(let text) = label else { return label }
        return .text(TextMetrics.cut(text, to: Self.longestLabel))
    }

    private func yTicks(height: Double) -> Ticks { scales.y.ticks(atMost: max(Int(height / (2.2 * em)), 2)) }

    /// As many as have room side by side.
    private func xTicks(width: Double) -> Ticks {
        let isTurned = isTurned(width: width)
        var count = Int(width / (isTurned ? 1.4 : 1.1) / em)
        if case .categories(let names) = scales.x.kind {
            count = min(count, names.count)
        } else {
            count = min(count, 11)
        }
        while count > 2 {
            let ticks = scales.x.ticks(atMost: count)
            if isTurned || fits(ticks, width: width) { return ticks }
            count -= 1
        }
        return scales.x.ticks(atMost: 2)
    }

    private func fits(_ ticks: Ticks, width: Double) -> Bool {
        let places = ticks.major.compactMap { scales.x.position($0.value) }
        let widths = ticks.major.map { TextMetrics.width(cut($0.label)) * Self.tickSize * em }
        return zip(zip(places, places.dropFirst()), zip(widths, widths.dropFirst())).allSatisfy { places, widths in
            (places.1 - places.0) * width >= (widths.0 + widths.1) / 2 + 0.5 * em
        }
    }

    /// Long names of few categories lean, so that all can be read.
    private func isTurned(width: Double) -> Bool {
        guard case .categories(let names) = scales.x.kind, names.count > 1 else { return false }
        let longest = names.prefix(1000).map(TextMetrics.width).max() ?? 0
        let step = width / Double(names.count) / em
        return longest > 2.2 && step < longest * Self.tickSize + 0.5
    }
}
