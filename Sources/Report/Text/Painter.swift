/// Turns styles into terminal colours.
///
/// Only attributes and the darker half of the sixteen colours are used, without yellow, blue and the greys:
/// what is left can be read on light and on dark.
struct Painter: Sendable, Hashable {
    var color: Bool
    var depth: ColourDepth = .sixteen

    func paint(_ text: StyledText) -> String {
        guard color else { return text.plain }
        return text.runs.map { run in
            guard let code = code(run.style), run.text.contains(where: { $0 != " " }) else { return run.text }
            return "\u{1B}[\(code)m\(run.text)\u{1B}[0m"
        }.joined()
    }

    /// A line of a drawing.
    func paint(_ runs: [(text: String, ink: TextInk)]) -> String {
        guard color else { return runs.map(\.text).joined() }
        return runs.map { run in
            guard let code = code(run.ink) else { return run.text }
            return "\u{1B}[\(code)m\(run.text)\u{1B}[0m"
        }.joined()
    }

    private func code(_ ink: TextInk) -> String? {
        switch ink {
        case .style(let style): return code(style)
        case .series(let number):
            let codes = ["36", "35", "32", "31", nil, "1;36", "1;35", "1;32"]
            return codes[Marker.place(number, of: codes.count)]
        case .colours(let upper, let lower):
            guard let lower else { return depth.code(upper, behind: true) }
            return depth.code(upper, behind: false).flatMap { front in
                depth.code(lower, behind: true).map { front + ";" + $0 }
            }
        }
    }

    private func code(_ style: TextStyle) -> String? {
        switch style {
        case .plain, .number: nil
        case .strong: "1"
        case .faint: "2"
        case .name: "1;36"
        case .key: "36"
        case .good: "32"
        case .bad: "31"
        }
    }
}
