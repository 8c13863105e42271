import Foundation
import Language
import Session
import Testing

/// The parts of documents that are made from something else: `<!-- made: WHAT -->` … `<!-- end -->`.
///
/// `scripts/docs` runs this suite with AMP_WRITE_DOCS=1, which writes them anew.
@Suite("The documents")
struct DocumentsTests {
    private static let documents =
        ["README.md"] + Project.files(in: "docs", ending: ".md") + Project.files(in: "docs/tutorial", ending: ".md")
    private static let writes = ProcessInfo.processInfo.environment["AMP_WRITE_DOCS"] == "1"

    /// What has to stand in a made part.
    private func made(_ what: String) throws -> String {
        if what == "reference" { return ReferenceManual.markdown(Engine.vocabulary, level: 3) }
        if what == "lessons" {
            return Lesson.all.map { "- [\($0.title)](tutorial/\($0.name).md)\n" }.joined()
        }
        let language = ["py": "python", "swift": "swift"][(what as NSString).pathExtension] ?? ""
        return "```\(language)\n\(try Project.text(what))```\n"
    }

    @Test("what is made from the program and from files is as they are (else: scripts/docs)", arguments: documents)
    func madeParts(_ document: String) throws {
        let text = try Project.text(document)
        var result = ""
        var rest = text[...]
        while let start = rest.range(of: "<!-- made: ") {
            let opening = try #require(rest.range(of: " -->\n", range: start.upperBound..<rest.endIndex))
            let closing = try #require(rest.range(of: "<!-- end -->", range: opening.upperBound..<rest.endIndex))
            let what = String(rest[start.upperBound..<opening.lowerBound])
            result += rest[..<opening.upperBound] + "\n" + (try made(what)) + "\n"
            rest = rest[closing.lowerBound...]
        }
        result += rest
        guard Self.writes else {
            #expect(result == text, "\(document) is not up to date: run scripts/docs")
            return
        }
        try Data(result.utf8).write(to: URL(fileURLWithPath: Project.path + "/" + document))
    }

    @Test("every sentence shown in a document reads well", arguments: documents)
    func sentences(_ document: String) throws {
        for block in try blocks(of: document, language: "amp") {
            let script = Engine.vocabulary.check(Source(block, name: document), known: [:], overrides: [:])
            #expect(script.diagnostics.isEmpty, "\(script.diagnostics.map(\.message))\n\(block)")
        }
        // Transcripts show each sentence behind its number.
        for block in try blocks(of: document, language: "text") {
            for typed in sentences(shownIn: block) {
                let script = Engine.vocabulary.parse(Source(typed))
                #expect(script.diagnostics.isEmpty, "\(document): \(typed): \(script.diagnostics.map(\.message))")
            }
        }
    }

    /// `[4] score entropy` and what follows as long as a `{` is open.
    private func sentences(shownIn block: String) -> [String] {
        var sentences: [String] = []
        var isOpen = false
        for line in block.components(separatedBy: "\n") {
            if let match = line.firstMatch(of: /^\[\d+\] (.+)$/) {
                sentences.append(String(match.1))
            } else if isOpen {
                sentences[sentences.count - 1] += "\n" + line
            } else {
                continue
            }
            isOpen = Vocabulary.isIncomplete(sentences[sentences.count - 1])
        }
        return sentences
    }

    @Test("every link to a file leads somewhere", arguments: documents)
    func links(_ document: String) throws {
        let folder = (document as NSString).deletingLastPathComponent
        for match in try Project.text(document).matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/) {
            let path = ((folder as NSString).appendingPathComponent(String(match.1)) as NSString).standardizingPath
            #expect(
                FileManager.default.fileExists(atPath: Project.path + "/" + path), "\(document) links to \(match.1)")
        }
    }

    private func blocks(of document: String, language: String) throws -> [String] {
        try Project.text(document).components(separatedBy: "```\(language)\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }
}
