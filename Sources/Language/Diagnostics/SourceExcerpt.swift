/// The source line of a span, cut to a width, and where the carets go under it.
struct SourceExcerpt {
    let line: String
    /// Columns before the first caret.
    let offset: Int
    let carets: Int

    /// One character of the line as it is shown.
    private struct Cell {
        let text: String
        let columns: Int
        /// In scalars of the source.
        let start: Int
    }

    init(of span: SourceSpan, in source: Source, width: Int) {
        let whole = source.line(around: span.start)
        let width = max(width, 8)
        let cells = SourceExcerpt.cells(of: whole, in: source)
        var columns = [0]
        for cell in cells { columns.append((columns.last ?? 0) + cell.columns) }
        let total = columns.last ?? 0

        // What is missing at the end of a line is missing one blank behind it.
        let isPastEnd = span.isEmpty && span.start >= whole.end && whole.end > whole.start
        let firstCell = cells.lastIndex { $0.start <= span.start } ?? 0
        let from = isPastEnd ? total + 1 : span.start >= whole.end ? total : columns[firstCell]
        let endCell = cells.firstIndex { $0.start >= span.end } ?? cells.count
        let to = max(from + 1, isPastEnd ? from + 1 : min(columns[endCell], total))

        guard max(total, from + 1) > width else {
            line = cells.map(\.text).joined()
            offset = from
            carets = to - from
            return
        }
        let start = to <= width - 1 ? 0 : max(0, min(from - width / 4, total + 2 - width))
        var shown = ""
        var used = 0
        var skipped = 0
        if start > 0 {
            shown = "…"
            used = 1
        }
        for (index, cell) in cells.enumerated() {
            if columns[index] < start + (start > 0 ? 1 : 0) {
                skipped = columns[index + 1]
                continue
            }
            let isLast = index == cells.count - 1
            if used + cell.columns > width - (isLast ? 0 : 1) {
                shown += "…"
                break
            }
            shown += cell.text
            used += cell.columns
        }
        let shift = start > 0 ? skipped - 1 : 0
        line = shown
        offset = min(max(0, from - shift), width)
        carets = max(1, min(to - shift, width) - offset)
    }

    private static func cells(of line: SourceSpan, in source: Source) -> [Cell] {
        var cells: [Cell] = []
        var start = line.start
        var column = 0
        for character in source[line] {
            let text: String
            if character == "\t" {
                text = String(repeating: " ", count: 4 - column % 4)
            } else {
                text = DisplayWidth.printable(character)
            }
            let columns = DisplayWidth.columns(of: text)
            cells.append(Cell(text: text, columns: columns, start: start))
            column += columns
            start += character.unicodeScalars.count
        }
        return cells
    }
}
