/// The reference of all commands as Markdown, made from their specifications.
package enum ReferenceManual {
    /// A table of contents and one section a command; `level` is the depth of the commands' headings.
    package static func markdown(_ vocabulary: Vocabulary, level: Int = 2) -> String {
        let heading = String(repeating: "#", count: max(level, 1))
        let contents = vocabulary.commands.map { "- [`\($0.verb)`](#\($0.verb)): \(escaped($0.summary))" }
        let sections = vocabulary.commands.map { section($0, heading: heading) }
        return ([contents.joined(separator: "\n")] + sections).joined(separator: "\n\n") + "\n"
    }

    private static func section(_ command: CommandSpec, heading: String) -> String {
        var blocks = ["\(heading) \(command.verb)", sentence(command.summary), fenced(command.usage(width: 100))]
        if !command.help.isEmpty { blocks.append(command.help) }
        if !command.abbreviable { blocks.append("The word is never abbreviated.") }
        for section in command.helpSections {
            let rows = section.entries.map { "| \(code($0.term)) | \(escaped($0.text)) |" }
            blocks.append((["| \(escaped(section.title)) | |", "|---|---|"] + rows).joined(separator: "\n"))
        }
        if !command.examples.isEmpty {
            let column = command.examples.map(\.text.count).max() ?? 0
            let lines = command.examples.map { example in
                guard !example.comment.isEmpty else { return example.text }
                let blanks = String(repeating: " ", count: column - example.text.count)
                return "\(example.text)\(blanks)  # \(example.comment)"
            }
            blocks.append(fenced(lines.joined(separator: "\n")))
        }
        return blocks.joined(separator: "\n\n")
    }

    private static func sentence(_ summary: String) -> String {
        escaped(summary.prefix(1).uppercased() + summary.dropFirst()) + "."
    }

    private static func fenced(_ text: String) -> String { "```\n\(text)\n```" }

    /// A bar would end the cell, in code too.
    private static func code(_ text: String) -> String { "`\(text.replacing("|", with: "\\|"))`" }

    private static func escaped(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("<", with: "&lt;")
    }
}
