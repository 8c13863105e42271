import Report

/// What Tab offers for a line.
package struct TabOffers: Equatable, Sendable {
    package struct Candidate: Equatable, Sendable {
        package let text: String
        /// How it is called in the list; a path is listed by its last part.
        package let label: String
        package let summary: String

        package init(_ text: String, label: String? = nil, summary: String = "") {
            self.text = text
            self.label = label ?? text
            self.summary = summary
        }
    }

    /// The part of the line the candidates replace, in Unicode scalars.
    package let replaced: Range<Int>
    package let candidates: [Candidate]

    package init(replaced: Range<Int>, candidates: [Candidate]) {
        self.replaced = replaced
        self.candidates = candidates
    }

    package static let none = TabOffers(replaced: 0..<0, candidates: [])

    /// What replaces `typed`: the one candidate, or what all of them begin with. Nil when that adds nothing.
    package func insertion(over typed: String) -> String? {
        guard let first = candidates.first else { return nil }
        guard candidates.count > 1 else {
            let text = first.text + (Self.isWhole(first.text) ? " " : "")
            return text == typed ? nil : text
        }
        let common = candidates.dropFirst().reduce(Substring(first.text)) { common, candidate in
            common.prefix(zip(common, candidate.text).prefix { $0 == $1 }.count)
        }
        return common.count > typed.count && common.hasPrefix(typed) ? String(common) : nil
    }

    /// Whether a space may follow: not after `key=`, a folder, or a quote that only opens.
    private static func isWhole(_ text: String) -> Bool {
        guard let last = text.last else { return false }
        return last != "=" && last != "/" && text != "\""
    }

    /// The candidates as lines no wider than `width` columns; past `limit` they are only counted.
    package func listing(width: Int, limit: Int = 60) -> [String] {
        let shown = candidates.prefix(limit)
        // A few very long names must not push the summaries out of the window.
        let widest = min(shown.map { DisplayWidth.of($0.label) }.max() ?? 0, max(width - 2, 1))
        func padded(_ label: String) -> String {
            label + String(repeating: " ", count: max(widest - DisplayWidth.of(label), 0) + 2)
        }
        var lines: [String]
        if shown.contains(where: { !$0.summary.isEmpty }) {
            lines = shown.map { $0.summary.isEmpty ? $0.label : padded($0.label) + $0.summary }
        } else {
            let columns = max(1, width / (widest + 2))
            let rows = (shown.count + columns - 1) / columns
            lines = (0..<rows).map { row in
                let cells = stride(from: row, to: shown.count, by: rows).map { shown[$0].label }
                return cells.dropLast().map(padded).joined() + (cells.last ?? "")
            }
        }
        if candidates.count > limit { lines.append("… and \(candidates.count - limit) more") }
        return lines.map { $0.cut(to: width) }
    }
}

extension String {
    /// The text, shortened to `width` columns with an ellipsis.
    func cut(to width: Int) -> String {
        guard DisplayWidth.of(self) > width else { return self }
        var columns = 0
        let kept = prefix { character in
            columns += DisplayWidth.of(character)
            return columns < width
        }
        return kept + (width > 0 ? "…" : "")
    }
}
