/// A table as aligned lines within a width.
///
/// When it is too wide, the columns marked `wide` go first, from the last; then texts are cut; then each row
/// becomes a block of its own, one cell a line.
struct TableText {
    private static let gap = 2
    /// Texts are not cut below this width.
    private static let leastText = 12

    private let title: StyledText?
    private let headers: [StyledText]
    private let rows: [[StyledText]]
    private let footer: [StyledText]?
    private let columns: [Table.Column]
    private let width: Int
    private let glyphs: Glyphs

    init(_ table: Table, width: Int, glyphs: Glyphs) {
        func cells(_ row: [Table.Cell]) -> [StyledText] {
            table.columns.indices.map { row.indices.contains($0) ? glyphs.oneLine(row[$0].text) : StyledText() }
        }
        title = table.title.map(glyphs.clean)
        headers = table.columns.map { column in
            glyphs.oneLine(StyledText(column.title + (column.unit.map { " (\($0))" } ?? "")))
        }
        rows = table.rows.map(cells)
        footer = table.footer.map(cells)
        columns = table.columns
        self.width = width
        self.glyphs = glyphs
    }

    var lines: [StyledText] {
        let heading = title.map { $0.wrapped(width: width) } ?? []
        guard !columns.isEmpty else { return heading }
        guard let (shown, widths) = fit() else { return heading + blocks }

        var lines = heading
        lines.append(line(headers.map { $0.styled(.strong) }, shown, widths))
        let rule = line(headers.indices.map { self.rule(widths[$0] ?? 0) }, shown, widths)
        lines.append(rule)
        lines += rows.map { line($0, shown, widths) }
        if let footer { lines += [rule, line(footer, shown, widths)] }
        let hidden = columns.indices.filter { !shown.contains($0) }
        if !hidden.isEmpty {
            let names = hidden.map { headers[$0].plain }.joined(separator: ", ")
            lines += StyledText("no room for: \(names)", style: .faint).wrapped(width: width)
        }
        return lines
    }

    private func rule(_ width: Int) -> StyledText {
        StyledText(String(repeating: glyphs.rule, count: width), style: .faint)
    }

    private func line(_ cells: [StyledText], _ shown: [Int], _ widths: [Int: Int]) -> StyledText {
        shown.map { index in
            let width = widths[index] ?? 0
            return cells[index].truncated(to: width, glyphs: glyphs).padded(to: width, columns[index].alignment)
        }.joined(separator: .spaces(Self.gap))
    }

    /// The columns to show and the width of each, or nothing if a table has no room at all.
    private func fit() -> (shown: [Int], widths: [Int: Int])? {
        var shown = Array(columns.indices)
        var widths: [Int: Int] = [:]
        for index in shown {
            let cells = rows.map { $0[index] } + [headers[index]] + (footer.map { [$0[index]] } ?? [])
            widths[index] = cells.map(\.width).max() ?? 0
        }
        func excess() -> Int {
            shown.reduce(0) { $0 + (widths[$1] ?? 0) } + Self.gap * (shown.count - 1) - width
        }
        while excess() > 0, shown.count > 1, let last = shown.last(where: { columns[$0].wide }) {
            shown.removeAll { $0 == last }
        }
        while excess() > 0 {
            let texts = shown.filter { columns[$0].alignment == .left && (widths[$0] ?? 0) > Self.leastText }
            guard let widest = texts.max(by: { (widths[$0] ?? 0) < (widths[$1] ?? 0) }) else { return nil }
            widths[widest, default: 0] -= 1
        }
        return (shown, widths)
    }

    /// One cell a line, `header  cell`, an empty line between rows.
    private var blocks: [StyledText] {
        let name = min(headers.map(\.width).max() ?? 0, max(width / 2 - Self.gap, 1))
        var lines: [StyledText] = []
        for row in rows + (footer.map { [$0] } ?? []) {
            if !lines.isEmpty { lines.append(StyledText()) }
            for (header, cell) in zip(headers, row) where !cell.isEmpty {
                let lead = header.styled(.strong).truncated(to: name, glyphs: glyphs).padded(to: name + Self.gap)
                lines += cell.wrapped(width: width, lead: lead)
            }
        }
        return lines
    }
}
