extension Diagnostic {
    /// A stretch of a rendered diagnostic in one style, so that a terminal can colour it.
    package struct Run: Hashable, Sendable {
        package enum Style: Hashable, Sendable {
            case plain
            /// `script.amp:3:15:`
            case location
            /// `error:`
            case severity
            case message
            case source
            case caret
            case label
            /// The words `note:` and `hint:`.
            case heading
        }

        package let text: String
        package let style: Style
    }

    /// The diagnostic as plain text of several lines, without a last newline.
    ///
    /// The source line is cut to the width around the caret; a script's diagnostics begin with `file:line:column:`.
    package func rendered(source: Source?, width: Int = 80) -> String {
        runs(source: source, width: width).map(\.text).joined()
    }

    /// The same in styled runs.
    package func runs(source: Source?, width: Int = 80) -> [Run] {
        var runs: [Run] = []
        if let source, let name = source.name {
            var location = DisplayWidth.printable(name) + ":"
            if let span {
                let position = source.position(of: span.start)
                location += "\(position.line):\(position.column):"
            }
            runs += [Run(text: location, style: .location), Run(text: " ", style: .plain)]
        }
        runs.append(Run(text: kind.rawValue + ":", style: .severity))
        let lead = DisplayWidth.columns(of: runs.map(\.text).joined())
        runs.append(
            Run(text: Self.wrapped(" " + DisplayWidth.printable(message), from: lead, to: width), style: .message))
        var hints = hints[...]
        if let source, let span {
            let excerpt = SourceExcerpt(of: span, in: source, width: max(width, 20) - 2)
            runs.append(Run(text: "\n  ", style: .plain))
            runs.append(Run(text: excerpt.line, style: .source))
            runs.append(Run(text: "\n  " + String(repeating: " ", count: excerpt.offset), style: .plain))
            runs.append(Run(text: String(repeating: "^", count: excerpt.carets), style: .caret))
            let column = 2 + excerpt.offset + excerpt.carets
            if let text = labelText(room: width - column - 1) {
                runs.append(Run(text: " ", style: .plain))
                runs.append(Run(text: text, style: .label))
            } else if let text = labelText(room: max(width - 4, 40), always: true) {
                runs.append(Run(text: "\n    ", style: .plain))
                runs.append(Run(text: Self.wrapped(text, from: 4, to: width), style: .label))
            } else if notes.isEmpty, let hint = hints.first, column + 9 + DisplayWidth.columns(of: hint) <= width {
                hints.removeFirst()
                runs += line("hint:", hint, before: "   ", width: width)
            }
        } else if let text = labelText(room: max(width - 2, 40), always: true) {
            runs.append(Run(text: "\n  ", style: .plain))
            runs.append(Run(text: Self.wrapped(text, from: 2, to: width), style: .label))
        }
        for note in notes { runs += line("note:", note, before: "\n  ", width: width) }
        for hint in hints { runs += line("hint:", hint, before: "\n  ", width: width) }
        return runs
    }

    /// A note or a hint. One that quotes another diagnostic has lines of its own, which go below it.
    private func line(_ heading: String, _ text: String, before: String, width: Int) -> [Run] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { DisplayWidth.printable(String($0)) }
        let content =
            lines.count == 1
            ? Self.wrapped(" " + lines[0], from: 7, to: width, indent: 8)
            : " " + lines.joined(separator: "\n    ")
        return [
            Run(text: before, style: .plain), Run(text: heading, style: .heading), Run(text: content, style: .plain),
        ]
    }

    /// The text, broken between words where it would pass the last column; a word that is longer stays whole.
    private static func wrapped(_ text: String, from start: Int, to width: Int, indent: Int = 4) -> String {
        var result = ""
        var column = start
        for (index, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            let length = DisplayWidth.columns(of: String(word))
            if index > 0 {
                if column + 1 + length > max(width, 20), column > indent {
                    result += "\n" + String(repeating: " ", count: indent)
                    column = indent
                } else {
                    result += " "
                    column += 1
                }
            }
            result += word
            column += length
        }
        return result
    }

    /// The label and as many alternatives as fit; nil if there is nothing to say or too little room to say it.
    private func labelText(room: Int, always: Bool = false) -> String? {
        let label = label.map(DisplayWidth.printable) ?? ""
        guard !alternatives.isEmpty else {
            return label.isEmpty || (!always && DisplayWidth.columns(of: label) > room) ? nil : label
        }
        let lead = label.isEmpty ? "" : label + " "
        var shown = alternatives.map(DisplayWidth.printable)
        func text(_ cut: Bool) -> String { lead + shown.joined(separator: ", ") + (cut ? ", …" : "") }
        var cut = false
        while DisplayWidth.columns(of: text(cut)) > room, !shown.isEmpty {
            guard shown.count > 3 else { return always ? text(cut) : nil }
            shown.removeLast()
            cut = true
        }
        return text(cut)
    }
}
