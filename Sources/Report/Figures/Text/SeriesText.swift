/// How a series looks in characters.
struct SeriesText: Sendable, Hashable {
    /// On lines that have to be told apart.
    var marker: String?
    var ink: TextInk
    /// Its number, or for one of very many whether it is the first or the last.
    var place: Int
    /// What a line is made of in ASCII.
    var letter: Character
    /// Every which dot of a line is set.
    var stride = 1
    /// One of very many that is neither the first nor the last.
    var isBetween = false

    init(_ index: Int, of chart: Chart, glyphs: Glyphs) {
        let series = chart.series[index]
        ink = TextInk(series.tone)
        place = 0
        letter = series.tone == .faint ? "." : "*"
        if series.tone == .faint { stride = 3 }
        guard case .number(let number) = series.tone else { return }
        place = number
        if chart.manySeries != nil {
            let numbers = chart.series.compactMap { series -> Int? in
                if case .number(let number) = series.tone { number } else { nil }
            }
            if number == numbers.min() {
                place = 0
            } else if number == numbers.max() {
                place = 1
            } else {
                (ink, letter, stride, isBetween) = (.faint, ".", 4, true)
                return
            }
        }
        ink = .series(place)
        let lines = chart.series.count {
            if case .number = $0.tone { $0.mark == .line || $0.mark == .path } else { false }
        }
        guard lines > 1 else { return }
        marker = glyphs.marker(.number(place))
        letter = marker.flatMap(\.first) ?? "*"
    }
}

/// The names of series in characters, each after its mark.
struct LegendText {
    /// Mark and name.
    private(set) var entries: [(key: String, ink: TextInk, name: String)] = []

    init(_ charts: [Chart], glyphs: Glyphs) {
        for chart in charts {
            let others = chart.series.filter { $0.mark == .bars && $0.tone != .faint }
            for (index, series) in chart.series.enumerated() {
                guard let name = series.name.map(glyphs.line), !name.isEmpty else { continue }
                let look = SeriesText(index, of: chart, glyphs: glyphs)
                guard !look.isBetween else { continue }
                let key =
                    switch series.mark {
                    case .bars:
                        series.tone == .faint
                            ? glyphs.ghost
                            : glyphs.fills[(others.firstIndex(of: series) ?? 0) % glyphs.fills.count]
                    case .dots: glyphs.marker(series.tone)
                    case .path: series.tone == .faint ? glyphs.faintKey : look.marker ?? glyphs.marker(series.tone)
                    case .line: look.marker ?? (series.tone == .faint ? glyphs.faintKey : glyphs.lineKey)
                    }
                guard entries.count < 200, !entries.contains(where: { $0 == (key, look.ink, name) }) else { continue }
                entries.append((key, look.ink, name))
            }
        }
    }

    /// Whether one mark has two names.
    var isAmbiguous: Bool {
        Set(entries.map { $0.key }).count < Set(entries.map { $0.name }).count
    }

    func grid(width: Int, glyphs: Glyphs) -> TextGrid {
        var rows: [[(x: Int, key: String, ink: TextInk, name: String)]] = []
        var x = width
        for entry in entries {
            let lead = DisplayWidth.of(entry.key) + 1
            let name = StyledText(entry.name).truncated(to: max(width - lead, 1), glyphs: glyphs).plain
            let size = lead + DisplayWidth.of(name)
            if rows.isEmpty || x + size > width {
                rows.append([])
                x = 0
            }
            rows[rows.count - 1].append((x, entry.key, entry.ink, name))
            x += size + 3
        }
        var grid = TextGrid(width: width, height: rows.count)
        for (row, items) in rows.enumerated() {
            for item in items {
                grid.put(item.key, item.x, row, item.ink)
                grid.put(item.name, item.x + DisplayWidth.of(item.key) + 1, row)
            }
        }
        return grid
    }
}
