/// The manual page of a program that speaks the language: its command line, then every command, as `man` reads it.
package struct ManualPage: Sendable {
    /// A heading over paragraphs, lines as they are, and terms with what they mean.
    package struct Section: Sendable {
        package let title: String
        package let paragraphs: [String]
        package let lines: [String]
        package let entries: [(term: String, text: String)]

        package init(
            _ title: String, _ paragraphs: [String] = [], lines: [String] = [],
            entries: [(term: String, text: String)] = []
        ) {
            self.title = title
            self.paragraphs = paragraphs
            self.lines = lines
            self.entries = entries
        }
    }

    private let program: String
    private let version: String
    private let summary: String
    private let opening: [Section]
    private let vocabulary: Vocabulary
    private let closing: [Section]

    /// - Parameters:
    ///   - opening: what comes before the commands of the language: synopsis, description, options.
    ///   - closing: what comes after them.
    package init(
        program: String, version: String, summary: String, opening: [Section], vocabulary: Vocabulary,
        closing: [Section]
    ) {
        self.program = program
        self.version = version
        self.summary = summary
        self.opening = opening
        self.vocabulary = vocabulary
        self.closing = closing
    }

    /// In the macros of man(7).
    package var roff: String {
        var page = Roff()
        page.request("TH", [program.uppercased(), "1", "", "\(program) \(version)"])
        page.request("SH", ["NAME"])
        page.text("\(program) - \(summary)")
        for section in opening { page.add(section) }
        page.request("SH", ["SENTENCES"])
        for command in vocabulary.commands { page.add(command) }
        for section in closing { page.add(section) }
        return page.lines.joined(separator: "\n") + "\n"
    }
}

/// Lines of a page in the macros of man(7).
private struct Roff {
    var lines: [String] = []

    mutating func request(_ name: String, _ arguments: [String] = []) {
        let quoted = arguments.map { "\"\(Roff.escaped($0).replacing("\"", with: "\\(dq"))\"" }
        lines.append(([".\(name)"] + quoted).joined(separator: " "))
    }

    /// A paragraph; what begins with a point or a quote is no request.
    mutating func text(_ text: String) {
        let words = Roff.escaped(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
        lines.append(words.hasPrefix(".") || words.hasPrefix("'") ? "\\&" + words : words)
    }

    mutating func asIs(_ text: [String]) {
        lines += [".RS 4", ".nf"]
        for line in text {
            let words = Roff.escaped(line)
            lines.append(words.hasPrefix(".") || words.hasPrefix("'") ? "\\&" + words : words)
        }
        lines += [".fi", ".RE"]
    }

    mutating func entry(_ term: String, _ text: String) {
        request("TP")
        lines.append("\\fB\(Roff.escaped(term))\\fR")
        self.text(text.isEmpty ? "\u{A0}" : text)
    }

    mutating func add(_ section: ManualPage.Section) {
        request("SH", [section.title.uppercased()])
        for (index, paragraph) in section.paragraphs.enumerated() {
            if index > 0 { request("PP") }
            text(paragraph)
        }
        if !section.lines.isEmpty {
            if !section.paragraphs.isEmpty { request("PP") }
            asIs(section.lines)
        }
        for (term, meaning) in section.entries { entry(term, meaning) }
    }

    mutating func add(_ command: CommandSpec) {
        request("SS", [command.verb])
        text(command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".")
        request("PP")
        asIs(command.usage(width: 68).split(separator: "\n").map(String.init))
        for paragraph in command.help.split(separator: "\n\n") {
            request("PP")
            text(String(paragraph))
        }
        for section in command.helpSections {
            request("PP")
            text(section.title.prefix(1).uppercased() + section.title.dropFirst() + ":")
            for one in section.entries { entry(one.term, one.text) }
        }
        if !command.examples.isEmpty {
            request("PP")
            text("Examples:")
            request("PP")
            asIs(command.examples.map { $0.comment.isEmpty ? $0.text : "\($0.text)  # \($0.comment)" })
        }
    }

    /// Characters that mean something to the formatter, and those that are not ASCII.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            case "\u{20}"..."\u{7E}": result.unicodeScalars.append(scalar)
            case "\u{A0}": result += "\\ "
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\[u\(String(repeating: "0", count: max(4 - digits.count, 0)))\(digits)]"
            }
        }
        return result
    }
}
