/// Turns styles into terminal colours.
///
/// Only attributes and the darker half of the sixteen colours are used, without yellow, blue and the greys:
/// what is left can be read on light and on dark.
struct Painter: Sendable, Hashable {
    var color: Bool

    func paint(_ text: StyledText) -> String {
        guard color else { return text.plain }
        return text.runs.map { run in
            guard let code = code(run.style), run.text.contains(where: { $0 != " " }) else { return run.text }
            return "\u{1B}[\(code)m\(run.text)\u{1B}[0m"
        }.joined()
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
