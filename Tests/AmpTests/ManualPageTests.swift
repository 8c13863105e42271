import Foundation
import Language
import Session
import Testing

/// `docs/amp.1`, made from the command line's own description and the commands of the language.
///
/// `scripts/docs` runs this suite with AMP_WRITE_DOCS=1, which writes it anew.
@Suite("The manual page")
struct ManualPageTests {
    private static let path = "docs/amp.1"

    @Test("is what the program says of itself (else: scripts/docs)")
    func upToDate() throws {
        let page = try Self.page().roff
        if ProcessInfo.processInfo.environment["AMP_WRITE_DOCS"] == "1" {
            try Data(page.utf8).write(to: URL(fileURLWithPath: Project.path + "/" + Self.path))
        } else {
            let present = try? Project.text(Self.path)
            #expect(page == present, "\(Self.path) is not up to date: run scripts/docs")
        }
    }

    @Test("names every option, every word of the command line and every command, in ASCII")
    func complete() throws {
        let page = try Self.page().roff
        for option in [
            "\\-\\-json", "\\-\\-color <when>", "\\-\\-record", "\\-\\-against", "\\-\\-connection", "\\-c <sentences>",
        ] {
            #expect(page.contains("\\fB\(option)"), "\(option)")
        }
        for command in Engine.vocabulary.commands { #expect(page.contains(".SS \"\(command.verb)\"\n")) }
        #expect(page.utf8.allSatisfy { $0 < 0x80 })
    }

    private static let groff = "/usr/bin/groff"

    @Test(
        "is set without a warning", .enabled(if: FileManager.default.isExecutableFile(atPath: groff), "needs groff"))
    func warnings() throws {
        let folder = try Folder()
        try folder.write(try Self.page().roff, to: "amp.1")
        let run = try Run(Self.groff, ["-man", "-Tutf8", "-ww", folder["amp.1"]])
        #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
        #expect(run.output.contains("AMP(1)"))
    }

    private static func page() throws -> ManualPage {
        let folder = try Folder()
        let json = Data(try folder.amp("--experimental-dump-help").output.utf8)
        let line = try JSONDecoder().decode(CommandLineDescription.self, from: json).command
        let usage = try folder.amp("--help", environment: ["COLUMNS": "200"]).output
        let synopsis = usage.components(separatedBy: "USAGE: ").last?.components(separatedBy: "\n\n").first ?? ""
        let words = line.subcommands?.filter { $0.commandName != "help" } ?? []
        return ManualPage(
            program: "amp", version: Engine.version, summary: "prune vision transformers, at a prompt or from a script",
            opening: [
                .init(
                    "Synopsis",
                    lines: synopsis.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }),
                .init("Description", [line.abstract ?? ""] + line.paragraphs),
                .init("Options", entries: line.entries()),
            ]
                + words.map { word in
                    .init(
                        "amp " + word.commandName, [word.abstract ?? ""] + word.paragraphs,
                        entries: word.entries(besides: line))
                } + [.init("Language", language)],
            vocabulary: Engine.vocabulary,
            closing: [.init("Environment", entries: environment), .init("Files", entries: files)])
    }

    private static let language = [
        """
        A sentence is a verb, what it is about, then clauses and options in any order. It ends with the line or with ';', \
        and '#' starts a comment. Words say what, key=value says how. Paths are in double quotes. Layers count from 1.
        """,
        """
        At the prompt, 'help' lists the commands, 'help VERB' explains one, and Tab completes; the beginning of a verb \
        will do where it is the only one.
        """,
    ]

    private static let environment = [
        ("AMP_SESSION", "The session of 'amp kernel' where --session names none."),
        ("AMP_GRAPHICS", "How the terminal shows figures: auto, kitty, sixel or text."),
        ("NO_COLOR", "Where it is set, nothing is coloured."),
        ("OPENBLAS_CORETYPE", "The kernels OpenBLAS is to use; amp chooses them unless it is set."),
    ]

    private static let files = [
        ("session.ampdb", "The session of a notebook that was given no other name, in the folder amp was started in."),
        (
            "$XDG_CONFIG_HOME/amp/config.amp",
            "Settings for every session; else ~/.config/amp/config.amp."
        ),
        ("$XDG_STATE_HOME/amp/history", "What was typed; else ~/.local/state/amp/history."),
    ]
}

/// What ArgumentParser says of a command line with --experimental-dump-help.
private struct CommandLineDescription: Decodable {
    let command: Command

    struct Command: Decodable {
        let commandName: String
        let abstract: String?
        let discussion: String?
        let shouldDisplay: Bool
        let arguments: [Argument]?
        let subcommands: [Command]?

        var paragraphs: [String] { discussion?.components(separatedBy: "\n\n") ?? [] }

        /// Its options and arguments, with those of the words after it.
        func entries(besides outer: Command? = nil) -> [(term: String, text: String)] {
            let known = Set(outer?.arguments?.map(\.term) ?? [])
            let own = (arguments ?? []).filter { $0.shouldDisplay && !known.contains($0.term) }.map {
                ($0.term, $0.text)
            }
            let inner = outer == nil ? [] : (subcommands ?? []).filter { $0.commandName != "help" }
            return own
                + inner.flatMap { word in
                    (word.shouldDisplay ? [(word.commandName, word.abstract ?? "")] : []) + word.entries(besides: outer)
                }
        }
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String

            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        let kind: String
        let names: [Name]?
        let valueName: String?
        let abstract: String?
        let defaultValue: String?
        let allValues: [String]?
        let shouldDisplay: Bool

        var term: String {
            let value = "<\(valueName ?? "value")>"
            guard let names, kind != "positional" else { return value }
            return names.map(\.text).joined(separator: ", ") + (kind == "option" ? " " + value : "")
        }

        var text: String { (abstract ?? "") + (kind == "option" ? defaultValue.map { " Default: \($0)." } ?? "" : "") }
    }
}
