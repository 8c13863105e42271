/// What people write around sentences: paragraphs, headings, lists and examples in Markdown's marks.
///
///     # Heading      - item      `code`      *stressed*      **strong**      [text](https://…)
///
/// Lines indented by four are shown as they are, and so is what stands between lines of ```. Of Markdown it is that much;
/// the rest stays as it is written.
package struct Prose: Sendable, Hashable {
    enum Block: Sendable, Hashable {
        case heading(level: Int, String)
        case paragraph(String)
        case list([String])
        case code(String)
    }

    /// As it was written.
    package private(set) var text: String

    package init(_ text: String = "") { self.text = text }

    package var isEmpty: Bool { text.allSatisfy(\.isWhitespace) }

    /// One text after another, a blank line between them.
    package static func + (left: Prose, right: Prose) -> Prose {
        if left.isEmpty { return right }
        return right.isEmpty ? left : Prose(left.text + "\n\n" + right.text)
    }

    /// What the text begins with, where that is a heading of the highest level, or a line that stands alone, is no
    /// sentence and leads to more.
    var title: String? {
        let blocks = blocks
        return switch blocks.first {
        case .heading(level: 1, let text)?: text
        case .paragraph(let line)?
        where blocks.count > 1 && !line.contains("\n") && !".:;,".contains(line.last ?? "."): line
        default: nil
        }
    }

    mutating func removeTitle() {
        guard title != nil else { return }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let rest = lines.drop { $0.allSatisfy(\.isWhitespace) }.dropFirst()
        text = rest.drop { $0.allSatisfy(\.isWhitespace) }.joined(separator: "\n")
    }

    var blocks: [Block] {
        var blocks: [Block] = []
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)[...]
        var paragraph: [String] = []
        func close() {
            if !paragraph.isEmpty { blocks.append(.paragraph(paragraph.joined(separator: "\n"))) }
            paragraph = []
        }
        while let line = lines.first {
            let words = line.trimmed
            if words.hasPrefix("```") {
                close()
                lines.removeFirst()
                let code = lines.prefix { !$0.trimmed.hasPrefix("```") }
                lines = lines.dropFirst(code.count + 1)
                blocks.append(.code(code.joined(separator: "\n")))
                continue
            }
            if paragraph.isEmpty, line.hasPrefix("    "), !words.isEmpty {
                let code = lines.prefix { $0.hasPrefix("    ") && !$0.trimmed.isEmpty }
                lines = lines.dropFirst(code.count)
                blocks.append(.code(code.map { String($0.dropFirst(4)) }.joined(separator: "\n")))
                continue
            }
            lines.removeFirst()
            if words.isEmpty {
                close()
            } else if let (level, title) = Prose.heading(words) {
                close()
                blocks.append(.heading(level: level, title))
            } else if let item = Prose.item(words) {
                close()
                if case .list(let items)? = blocks.last {
                    blocks[blocks.count - 1] = .list(items + [item])
                } else {
                    blocks.append(.list([item]))
                }
            } else if paragraph.isEmpty, line.hasPrefix("  "), case .list(var items)? = blocks.last, !items.isEmpty {
                items[items.count - 1] += "\n" + words
                blocks[blocks.count - 1] = .list(items)
            } else {
                paragraph.append(words)
            }
        }
        close()
        return blocks
    }

    private static func heading(_ line: String) -> (level: Int, text: String)? {
        let marks = line.prefix { $0 == "#" }
        let rest = line.dropFirst(marks.count)
        guard (1...6).contains(marks.count), rest.hasPrefix(" ") else { return nil }
        return (marks.count, String(rest).trimmed)
    }

    private static func item(_ line: String) -> String? {
        line.hasPrefix("- ") || line.hasPrefix("* ") ? String(line.dropFirst(2)).trimmed : nil
    }
}

extension String {
    /// Without blanks at its ends.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace ?? false { text.removeFirst() }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text)
    }
}
