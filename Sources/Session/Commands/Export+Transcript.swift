import Checkpoints
import Foundation
import Language
import Report

// What 'export transcript' and 'export notebook' do.
extension Export {
    /// How figures stand in a document of Markdown.
    enum Pictures: String, CaseIterable { case within, beside }

    static let transcriptOptions = [
        OptionSpec(
            "times", .boolean, "when cells ran and how long, the machine, and what else differs from run to run",
            default: "yes"),
        OptionSpec(
            "figures", .word(of: Pictures.self), "in an .md file itself, or in .svg files beside it", default: "within"),
    ]

    /// What to say where the file's ending asks for nothing there is; nil where it does, or there is no file.
    static func wrongEnding(_ what: What, _ sentence: Sentence) -> Diagnostic? {
        guard let path = sentence.string("to"), !path.isEmpty else { return nil }
        let format = DocumentFormat(path: path)
        switch what {
        case .transcript where format == nil:
            return Diagnostic(
                "a transcript is a page, Markdown or a notebook, by the ending of its file's name",
                at: sentence.span(of: "to"), label: "end it in \(DocumentFormat.endings)")
        case .notebook where format != .notebook:
            return Diagnostic(
                "a notebook's file ends in .ipynb", at: sentence.span(of: "to"), label: "end it in .ipynb",
                hints: ["export transcript to \"….html\" or \"….md\" writes a page or Markdown"])
        case .transcript where format != .markdown:
            guard sentence.option("figures") != nil else { return nil }
            return Diagnostic(
                "figures= is for Markdown: pages and notebooks have their figures within", at: sentence.span(of: "to"),
                label: "end it in .md, or leave out figures=")
        default: return nil
        }
    }

    /// Whether a cell did nothing but write a transcript.
    static func writesTranscript(_ cell: JournalCell) -> Bool {
        cell.status == .ok
            && [What.transcript, .notebook].contains { cell.sentence.hasPrefix("\(spec.verb) \($0.rawValue)") }
    }

    static func transcript(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let path = sentence.string("to") ?? ""
        let includesTimes = sentence.option("times", as: Bool.self) ?? true
        let transcript = try Transcript(of: context, includesTimes: includesTimes, typed: context.typed)
        var outcomes: Set<Destination.Outcome> = []
        for (path, text) in files(of: transcript, path: path, sentence) {
            let destination = Destination(
                path: path, replaces: sentence.has("replace"), recurrence: includesTimes ? .dated : .figures, context)
            outcomes.insert(try destination.write { file in try file.write(Foundation.Data(text.utf8)) })
        }
        context.say(
            "transcript of \(count: transcript.cells.count) cells in \(strong: path)",
            data: ["path": .string(path), "what": .string("transcript")])
        if outcomes == [.unchanged] { context.status("\(faint: "exactly this was there already")") }
    }

    /// The document and the pictures beside it.
    private static func files(
        of transcript: Transcript, path: String, _ sentence: Sentence
    ) -> [(path: String, text: String)] {
        switch DocumentFormat(path: path) {
        case .html, nil: return [(path, HTMLDocument(transcript, generator: "amp \(Engine.version)").text)]
        case .notebook: return [(path, NotebookDocument(transcript, version: Engine.version).text)]
        case .markdown:
            let stem = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
            let isBeside = sentence.option("figures", as: Pictures.self) == .beside
            let document = MarkdownDocument(transcript, pictures: isBeside ? .beside(stem: stem) : .within)
            let folder = (path as NSString).deletingLastPathComponent as NSString
            return [(path, document.text)]
                + document.pictures.map { (folder.appendingPathComponent($0.name), $0.svg) }
        }
    }
}
