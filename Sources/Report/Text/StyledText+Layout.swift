/// Texts as pieces of lines; widths are in columns.
extension StyledText {
    var width: Int { runs.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    static func spaces(_ count: Int) -> StyledText { StyledText(String(repeating: " ", count: max(count, 0))) }

    /// Filled with spaces up to a width.
    func padded(to width: Int, _ alignment: Table.Alignment = .left) -> StyledText {
        let space = StyledText.spaces(width - self.width)
        return alignment == .left ? self + space : space + self
    }

    /// The text in one style instead of its own.
    func styled(_ style: TextStyle) -> StyledText { StyledText(plain, style: style) }

    var trimmedAtEnd: StyledText {
        var kept = runs
        while let last = kept.popLast() {
            if let end = last.text.lastIndex(where: { $0 != " " }) {
                kept.append(Run(String(last.text[...end]), style: last.style))
                break
            }
        }
        return kept.reduce(into: StyledText()) { $0.append($1.text, style: $1.style) }
    }

    /// Cut to a width, with the ellipsis as its last characters if something went.
    func truncated(to width: Int, glyphs: Glyphs) -> StyledText {
        guard self.width > width else { return self }
        let mark = DisplayWidth.of(glyphs.ellipsis) <= width ? glyphs.ellipsis : ""
        var result = split(at: max(width, 0) - DisplayWidth.of(mark)).head
        result.append(mark, style: result.runs.last?.style ?? .plain)
        return result
    }

    /// The longest beginning within a width, and the rest.
    func split(at width: Int) -> (head: StyledText, rest: StyledText) {
        var head = StyledText()
        var rest = StyledText()
        var room = width
        for run in runs {
            for character in run.text {
                let size = DisplayWidth.of(character)
                if rest.isEmpty, size <= room {
                    head.append(String(character), style: run.style)
                    room -= size
                } else {
                    rest.append(String(character), style: run.style)
                }
            }
        }
        return (head, rest)
    }
}
