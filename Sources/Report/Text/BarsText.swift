/// Bars as lines: label, bar, figures; what a bar lost since `before` is drawn lighter.
struct BarsText {
    private static let longest = 40
    private static let shortest = 8
    private static let gap = 2

    private let bars: Bars
    private let width: Int
    private let glyphs: Glyphs
    private let labels: [StyledText]
    private let figures: [StyledText]

    init(_ bars: Bars, width: Int, glyphs: Glyphs) {
        self.bars = bars
        self.width = width
        self.glyphs = glyphs
        labels = bars.bars.map { glyphs.oneLine($0.label) }
        figures = Self.figures(bars.bars, glyphs: glyphs)
    }

    var lines: [StyledText] {
        let heading = bars.title.map { glyphs.clean($0).wrapped(width: width) } ?? []
        let figureWidth = figures.map(\.width).max() ?? 0
        var labelWidth = labels.map(\.width).max() ?? 0
        let room = width - 2 * Self.gap - figureWidth
        if room - labelWidth < Self.shortest { labelWidth = max(min(labelWidth, room - Self.shortest), 0) }
        let cells = min(room - labelWidth, Self.longest)
        guard cells >= Self.shortest, labelWidth >= min(4, labels.map(\.width).max() ?? 0) else {
            return heading + zip(labels, figures).flatMap { ($0 + .spaces(Self.gap) + $1).wrapped(width: width) }
        }
        let largest = bars.bars.reduce(0) { max($0, Self.size($1.value), Self.size($1.before ?? 0)) }
        return heading
            + bars.bars.indices.map { index in
                labels[index].truncated(to: labelWidth, glyphs: glyphs).padded(to: labelWidth + Self.gap)
                    + drawn(bars.bars[index], cells: cells, full: bars.bars[index].maximum ?? largest)
                    .padded(to: cells + Self.gap) + figures[index]
            }
    }

    private func drawn(_ bar: Bars.Bar, cells: Int, full: Double) -> StyledText {
        func length(_ value: Double) -> Double {
            guard full > 0, full.isFinite else { return 0 }
            return min(Self.size(value) / full, 1) * Double(cells)
        }
        let steps = glyphs.parts.count + 1
        var parts = Int((length(bar.value) * Double(steps)).rounded())
        // What is not zero is seen.
        if parts == 0, Self.size(bar.value) > 0, full > 0 { parts = 1 }
        var text = StyledText(String(repeating: glyphs.fill, count: parts / steps))
        if parts % steps > 0 { text.append(glyphs.parts[parts % steps - 1]) }
        let lost = Int(length(bar.before ?? 0).rounded()) - text.width
        if lost > 0 { text.append(String(repeating: glyphs.ghost, count: lost), style: .faint) }
        return text
    }

    /// Lengths are finite and not negative.
    private static func size(_ value: Double) -> Double { value.isFinite ? max(value, 0) : 0 }

    private static func figures(_ bars: [Bars.Bar], glyphs: Glyphs) -> [StyledText] {
        func figure(_ value: Double) -> String {
            value == value.rounded() && value.magnitude < 1e15
                ? NumberFormat.count(Int(value)) : NumberFormat.fixed(value, digits: 3)
        }
        let before = bars.map { $0.before.map(figure) ?? "" }
        let after = bars.map { figure($0.value) }
        let widths = (before.map(\.count).max() ?? 0, after.map(\.count).max() ?? 0)
        return bars.indices.map { index in
            if let text = bars[index].text { return glyphs.oneLine(text) }
            let value = StyledText(after[index], style: .number).padded(to: widths.1, .right)
            guard widths.0 > 0 else { return value }
            let arrow = before[index].isEmpty ? .spaces(glyphs.arrow.count) : StyledText(glyphs.arrow)
            return StyledText(before[index], style: .number).padded(to: widths.0, .right) + " " + arrow + " " + value
        }
    }
}
