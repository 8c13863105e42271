/// How a series is drawn: colour, marker and dash.
struct SeriesLook: Sendable, Hashable {
    var ink: SVGTheme.Ink
    var marker: Marker
    var dash: String
    /// One of so many that colours run from the first to the last.
    var isInRamp = false

    private static let dashes = ["", "7 3", "2 2.5", "9 3 2 3", "4 2", "12 4", "1 3", "6 2 1 2 1 2"]

    /// - Parameter many: how many numbered series there are, where they are too many for colours of their own.
    init(_ series: Chart.Series, theme: SVGTheme, many: Int?) {
        marker = Marker(series.tone)
        dash = ""
        switch series.tone {
        case .number(let number):
            if let many {
                // The ends are too dark for lines on black, too light for lines on white.
                let share = many < 2 ? 0 : Double(min(max(number, 0), many - 1)) / Double(many - 1)
                ink = SVGTheme.Ink(colour: ColourRamp.line(share).hex)
                isInRamp = true
            } else {
                let place = Marker.place(number, of: SeriesColours.all.count)
                ink = SVGTheme.Ink(colour: SeriesColours.all[place].hex)
                if series.mark == .line { dash = Self.dashes[place] }
            }
        case .accepted: ink = SVGTheme.Ink(colour: SeriesColours.accepted.hex)
        case .rejected: ink = SVGTheme.Ink(colour: SeriesColours.rejected.hex)
        case .faint: ink = series.mark == .bars ? theme.ghost : theme.faint
        }
    }
}

extension Chart {
    /// The most numbered series that have colours of their own.
    static let mostColours = 8

    /// How many numbered series there are if they are more than colours.
    var manySeries: Int? {
        let numbers = series.compactMap { series -> Int? in
            if case .number(let number) = series.tone { number } else { nil }
        }
        return Set(numbers).count > Self.mostColours ? min((numbers.max() ?? 0), 100_000) + 1 : nil
    }
}
