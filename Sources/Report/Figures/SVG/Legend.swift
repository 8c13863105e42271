/// The names of a picture's series, in rows.
struct Legend: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        var name: String
        var look: SeriesLook
        var mark: Chart.Series.Mark
    }

    let entries: [Entry]
    let em: Double
    private let rowHeight = 1.5

    /// The named series of charts, each once; nil if there are none.
    init?(_ charts: [Chart], theme: SVGTheme, em: Double) {
        self.em = em
        var entries: [Entry] = []
        for chart in charts {
            let many = chart.manySeries
            for series in chart.series {
                guard let name = series.name, !name.isEmpty else { continue }
                let entry = Entry(name: name, look: SeriesLook(series, theme: theme, many: many), mark: series.mark)
                if entries.count < 1000, !entries.contains(entry) { entries.append(entry) }
            }
        }
        guard !entries.isEmpty else { return nil }
        self.entries = entries
    }

    /// Whether one look has two names: then each chart needs a legend of its own.
    var isAmbiguous: Bool {
        Set(entries.map { Entry(name: "", look: $0.look, mark: $0.mark) }).count < entries.count
    }

    func height(width: Double) -> Double { Double(rows(width: width).count) * rowHeight * em + 0.3 * em }

    func draw(x: Double, y: Double, width: Double, with pen: inout SVGPen) {
        for (index, row) in rows(width: width).enumerated() {
            var left = x
            let middle = y + (Double(index) + 0.5) * rowHeight * em
            for item in row {
                draw(item, x: left, y: middle, width: width, &pen)
                left += item.width(em)
            }
        }
    }

    private enum Item {
        case entry(Entry)
        /// So many that only the first and the last are named.
        case ramp(first: String, last: String)

        func width(_ em: Double) -> Double {
            switch self {
            case .entry(let entry): (2.2 + TextMetrics.width(entry.name) + 1.1) * em
            case .ramp(let first, let last): (TextMetrics.width(first) + TextMetrics.width(last) + 8.2) * em
            }
        }
    }

    private func rows(width: Double) -> [[Item]] {
        let inRamp = entries.filter(\.look.isInRamp)
        var items: [Item] = []
        if let first = inRamp.first, let last = inRamp.last {
            items.append(.ramp(first: TextMetrics.cut(first.name, to: 10), last: TextMetrics.cut(last.name, to: 10)))
        }
        items += entries.filter { !$0.look.isInRamp }.map { entry in
            var entry = entry
            entry.name = TextMetrics.cut(entry.name, to: max(width / em - 2.3, 2))
            return .entry(entry)
        }
        var rows: [[Item]] = [[]]
        var used = 0.0
        for item in items {
            // The gap after the last name of a row may stand over.
            if used > 0, used + item.width(em) - 1.1 * em > width {
                rows.append([])
                used = 0
            }
            rows[rows.count - 1].append(item)
            used += item.width(em)
        }
        return rows
    }

    private func draw(_ item: Item, x: Double, y: Double, width: Double, _ pen: inout SVGPen) {
        switch item {
        case .entry(let entry):
            draw(entry, x, y, &pen)
            pen.text(entry.name, x: x + 2.2 * em, y: y, size: 0.95)
        case .ramp(let first, let last):
            pen.text(first, x: x, y: y, size: 0.95)
            let start = x + (TextMetrics.width(first) + 0.3) * em
            let steps = 32
            pen.markup.begin("g", [("shape-rendering", "crispEdges")])
            let step = 6.5 * em / Double(steps)
            for index in 0..<steps {
                let colour = ColourRamp.line(Double(index) / Double(steps - 1))
                pen.rectangle(
                    start + Double(index) * step, y - 0.3 * em, step + 0.3, 0.6 * em,
                    fill: SVGTheme.Ink(colour: colour.hex))
            }
            pen.markup.end()
            pen.text(last, x: start + 6.8 * em, y: y, size: 0.95)
        }
    }

    private func draw(_ entry: Entry, _ x: Double, _ y: Double, _ pen: inout SVGPen) {
        let look = entry.look
        switch entry.mark {
        case .bars: pen.rectangle(x + 0.5 * em, y - 0.4 * em, 1.3 * em, 0.8 * em, fill: look.ink)
        case .line, .path: pen.line(x, y, x + 1.8 * em, y, ink: look.ink, width: 0.12 * em, dash: look.dash)
        case .dots: break
        }
        guard entry.mark == .dots || entry.mark == .path else { return }
        let path = look.marker.path(x + 0.9 * em, y, 0.32 * em)
        if look.marker.isStroked {
            pen.path(path, ink: look.ink, width: 0.14 * em)
        } else {
            pen.path(path, ink: look.ink, width: 0, filled: true)
        }
    }
}
