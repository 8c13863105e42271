extension HTMLRenderer {
    func html(_ bars: Bars) -> HTML {
        let caption = bars.title.map { HTML("<caption>\($0.html)</caption>") } ?? ""
        let largest = bars.bars.reduce(0) { max($0, Self.size($1.value), Self.size($1.before ?? 0)) }
        let rows = bars.bars.map { bar -> HTML in
            """
            <tr><th scope="row">\(bar.label.oneLine.html)</th>\
            <td class="amp-drawing">\(drawing(of: bar, full: bar.maximum ?? largest))</td>\
            <td class="amp-right">\(figures(of: bar))</td></tr>

            """
        }
        return """
            <div class="amp-scroll"><table class="amp-table amp-bars">\(caption)<tbody>\(rows)</tbody></table></div>

            """
    }

    /// What is left, over what there was; the figures beside it say the same.
    private func drawing(of bar: Bars.Bar, full: Double) -> HTML {
        func length(_ value: Double) -> String {
            guard full > 0, full.isFinite else { return "0" }
            let share = min(Self.size(value) / full, 1) * 100
            // What is not zero is seen.
            return NumberFormat.fixed(share > 0 ? max(share, 0.5) : 0, digits: 2)
        }
        let before = bar.before.map {
            HTML("<rect class=\"amp-before\" width=\"\(text: length($0))\" height=\"10\"/>")
        }
        return """
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">\(before ?? "")\
            <rect class="amp-bar" width="\(text: length(bar.value))" height="10"/></svg>
            """
    }

    private func figures(of bar: Bars.Bar) -> HTML {
        func figure(_ value: Double) -> String {
            value == value.rounded() && value.magnitude < 1e15
                ? NumberFormat.count(Int(value)) : NumberFormat.fixed(value, digits: 3)
        }
        if let text = bar.text { return text.oneLine.html }
        return "\(text: bar.before.map { figure($0) + " → " } ?? "")\(text: figure(bar.value))"
    }

    /// Lengths are finite and not negative.
    private static func size(_ value: Double) -> Double { value.isFinite ? max(value, 0) : 0 }
}
