/// The characters of drawings.
extension Glyphs {
    var axis: (vertical: String, verticalTick: String, horizontal: String, horizontalTick: String, corner: String) {
        unicode ? ("│", "┤", "─", "┬", "└") : ("|", "+", "-", "+", "+")
    }
    var guides: (horizontal: String, vertical: String) { unicode ? ("╌", "┆") : ("-", ":") }
    /// Of one eighth to seven eighths of a cell's height.
    var heights: [String] { unicode ? ["▁", "▂", "▃", "▄", "▅", "▆", "▇"] : [] }
    /// Of bars side by side.
    var fills: [String] { unicode ? ["█", "▓", "▒"] : ["#", "=", "%"] }
    var lineKey: String { unicode ? "⠒⠒" : "**" }
    var faintKey: String { unicode ? "⠂⠐" : ".." }

    func marker(_ tone: Chart.Series.Tone) -> String {
        let all =
            unicode ? ["●", "■", "▲", "◆", "+", "▼", "○", "★"] : ["o", "#", "^", "*", "+", "v", "@", "%"]
        switch tone {
        case .number(let number): return all[Marker.place(number, of: all.count)]
        case .accepted: return unicode ? "✓" : "+"
        case .rejected: return unicode ? "✗" : "x"
        case .faint: return unicode ? "·" : "."
        }
    }

    /// From nothing to all.
    var shades: [String] { (unicode ? " ░▒▓█" : " .:-=+*#%@").map { String($0) } }
    /// Below the middle of a range, from little to all.
    var shadesBelow: [String] { (unicode ? " -=≡#" : " -=~@").map { String($0) } }
    /// Above it.
    var shadesAbove: [String] { (unicode ? " ░▒▓█" : " .+*#").map { String($0) } }
    var missing: String { unicode ? "╳" : "?" }

    func label(_ tick: TickLabel) -> String {
        oneLine(StyledText(unicode ? tick.plain : tick.ascii)).plain
    }

    func line(_ text: String) -> String { oneLine(StyledText(text)).plain }
}

extension TextInk {
    init(_ tone: Chart.Series.Tone) {
        switch tone {
        case .number(let number): self = .series(number)
        case .accepted: self = .style(.good)
        case .rejected: self = .style(.bad)
        case .faint: self = .faint
        }
    }
}
