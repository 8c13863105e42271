extension CommandSpec {
    /// The page `help VERB` shows: summary, usage, what it knows, examples.
    package func page(width: Int = 80) -> String {
        var blocks = [HelpPage.wrapped("\(verb): \(summary)", width: width)]
        blocks.append(HelpPage.indented(usage(width: max(width - 2, 20)), by: 2))
        if !help.isEmpty {
            blocks += help.split(separator: "\n\n").map { HelpPage.wrapped(String($0), width: width) }
        }
        for section in helpSections {
            let entries = section.entries.map { ($0.term, $0.text) }
            blocks.append(section.title + "\n" + HelpPage.table(entries, width: width))
        }
        if !examples.isEmpty {
            let entries = examples.map { ($0.text, $0.comment) }
            blocks.append("examples\n" + HelpPage.table(entries, width: width))
        }
        if !abbreviable { blocks.append("The word is never abbreviated.") }
        return blocks.joined(separator: "\n\n")
    }
}

extension Vocabulary {
    /// The list of commands `help` shows.
    package func overview(width: Int = 80) -> String {
        HelpPage.table(commands.map { ($0.verb, $0.summary) }, width: width)
    }
}

/// Plain text in columns.
enum HelpPage {
    /// Terms in a column, their texts wrapped beside them; a long term takes a line of its own.
    static func table(_ entries: [(term: String, text: String)], width: Int) -> String {
        let widths = entries.map { DisplayWidth.columns(of: $0.term) }
        let column = min(widths.max() ?? 0, max(12, width * 2 / 5))
        var lines: [String] = []
        for (entry, length) in zip(entries, widths) {
            let indent = String(repeating: " ", count: column + 4)
            let text = wrapped(entry.text, width: max(width - column - 4, 24))
                .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            var rest = text[...]
            if length > column || text == [""] {
                lines.append("  " + entry.term)
                if text == [""] { continue }
            } else {
                let blanks = String(repeating: " ", count: column - length + 2)
                lines.append("  " + entry.term + blanks + (rest.popFirst() ?? ""))
            }
            lines += rest.map { indent + $0 }
        }
        return lines.joined(separator: "\n")
    }

    /// The words of a text in lines of a width.
    static func wrapped(_ text: String, width: Int) -> String {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if line.isEmpty {
                line = String(word)
            } else if DisplayWidth.columns(of: line) + 1 + DisplayWidth.columns(of: String(word)) > width {
                lines.append(line)
                line = String(word)
            } else {
                line += " " + word
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }

    static func indented(_ text: String, by count: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String(repeating: " ", count: count) + $0 }.joined(separator: "\n")
    }
}
