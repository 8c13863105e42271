/// What Tab offers for a line.
package struct Completion: Equatable, Sendable {
    package struct Candidate: Equatable, Sendable {
        package var text: String
        package var summary: String

        package init(_ text: String, summary: String = "") {
            self.text = text
            self.summary = summary
        }
    }

    /// The part of the line the candidates replace, in UTF-8 bytes.
    package var range: Range<Int>
    package var candidates: [Candidate]

    package init(range: Range<Int>, candidates: [Candidate]) {
        self.range = range
        self.candidates = candidates
    }

    /// What replaces `typed`: the one candidate, or what all of them begin with. Nil when that adds nothing.
    package func insertion(over typed: String) -> String? {
        guard let first = candidates.first else { return nil }
        guard candidates.count > 1 else {
            let ends = first.text.last.map { "=/".contains($0) } ?? true
            let text = ends || isOpenString(first.text) ? first.text : first.text + " "
            return text == typed ? nil : text
        }
        var common = Substring(first.text)
        for candidate in candidates.dropFirst() { common = common.prefix(common.commonPrefixLength(candidate.text)) }
        return common.count > typed.count && common.hasPrefix(typed) ? String(common) : nil
    }

    private func isOpenString(_ text: String) -> Bool { text.hasPrefix("\"") && (text.count == 1 || text.last != "\"") }

    /// The candidates as lines no wider than `width` columns; past `limit` they are only counted.
    package func listing(width: Int, limit: Int = 60) -> [String] {
        let shown = candidates.prefix(limit)
        let widest = shown.map(\.text.count).max() ?? 0
        var lines: [String]
        if shown.contains(where: { !$0.summary.isEmpty }) {
            lines = shown.map { candidate in
                let gap = String(repeating: " ", count: widest - candidate.text.count + 2)
                let line = candidate.summary.isEmpty ? candidate.text : candidate.text + gap + candidate.summary
                return line.cut(to: width)
            }
        } else {
            let columns = max(1, width / (widest + 2))
            let rows = (shown.count + columns - 1) / columns
            lines = (0..<rows).map { row in
                let cells = stride(from: row, to: shown.count, by: rows).map { shown[$0].text }
                let padded = cells.dropLast().map { $0 + String(repeating: " ", count: widest - $0.count + 2) }
                return (padded.joined() + (cells.last ?? "")).cut(to: width)
            }
        }
        if candidates.count > limit { lines.append("… and \(candidates.count - limit) more") }
        return lines
    }
}

extension StringProtocol {
    fileprivate func commonPrefixLength(_ other: String) -> Int {
        zip(self, other).prefix { $0 == $1 }.count
    }

    /// The text, shortened to `width` columns with an ellipsis.
    func cut(to width: Int) -> String {
        count <= width ? String(self) : String(prefix(Swift.max(0, width - 1))) + "…"
    }
}
