/// A paragraph broken into lines.
extension StyledText {
    /// Lines of at most `width` columns, broken at spaces but not inside a figure, a name or a key.
    ///
    /// - Parameter lead: stands before the first line; the others are indented by its width.
    func wrapped(width: Int, lead: StyledText = StyledText()) -> [StyledText] {
        let width = max(width, 2)
        // No room beside the lead: it is the text's beginning.
        if lead.width > width / 2 { return (lead + self).wrapped(width: width) }

        var lines: [StyledText] = []
        for paragraph in paragraphs {
            let first = lines.isEmpty ? lead : .spaces(lead.width)
            lines += paragraph.filled(width: width, first: first, hang: lead.width)
        }
        return lines
    }

    /// One for each line of the text as written; an empty text has one.
    private var paragraphs: [StyledText] {
        var all = [StyledText()]
        for run in runs {
            let parts = run.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            for (index, part) in parts.enumerated() {
                if index > 0 { all.append(StyledText()) }
                all[all.count - 1].append(String(part), style: run.style)
            }
        }
        return all
    }

    private func filled(width: Int, first: StyledText, hang: Int) -> [StyledText] {
        var lines: [StyledText] = []
        var line = first
        var isFresh = true
        for (spaces, word) in words {
            let gap = isFresh && !lines.isEmpty ? 0 : spaces
            if line.width + gap + word.width <= width {
                line += .spaces(gap) + word
                isFresh = word.isEmpty
                continue
            }
            if !isFresh {
                lines.append(line)
                line = .spaces(hang)
            }
            var rest = word
            while line.width + rest.width > width {
                let (head, tail) = rest.split(at: width - line.width)
                // A wide character in one column of room: over the edge, rather than never.
                if head.isEmpty { break }
                lines.append(line + head)
                line = .spaces(hang)
                rest = tail
            }
            line += rest
            isFresh = false
        }
        return lines + [line]
    }

    /// The words with the number of spaces before each.
    private var words: [(spaces: Int, word: StyledText)] {
        var all: [(spaces: Int, word: StyledText)] = []
        var spaces = 0
        var word = StyledText()
        for run in runs {
            switch run.style {
            case .number, .name, .key:
                word.append(run.text, style: run.style)
            case .plain, .strong, .good, .bad, .faint:
                for character in run.text {
                    if character != " " {
                        word.append(String(character), style: run.style)
                    } else if word.isEmpty {
                        spaces += 1
                    } else {
                        all.append((spaces, word))
                        (spaces, word) = (1, StyledText())
                    }
                }
            }
        }
        if !word.isEmpty { all.append((spaces, word)) }
        return all
    }
}
