import Foundation
import Tensor
import Testing

/// A script that teaches: its comments are the text, its answers the figures.
struct Lesson: CustomTestStringConvertible, Sendable {
    /// `examples/lessons/01-neuron.amp`
    let path: String

    var testDescription: String { path }
    /// `01-neuron`
    var name: String { ((path as NSString).lastPathComponent as NSString).deletingPathExtension }
    var page: String { "docs/tutorial/\(name).md" }
    /// The first thing it says.
    var title: String {
        let lines = (try? Project.text(path))?.components(separatedBy: "\n") ?? []
        let comment = lines.first { $0.hasPrefix("#") } ?? ""
        return String(comment.drop { $0 == "#" || $0 == " " })
    }

    static let all = Project.files(in: "examples/lessons", ending: ".amp").map(Lesson.init)
}

/// `docs/tutorial` is made from `examples/lessons`: a page a lesson, with its figures beside it.
///
/// `.ci/run` runs this suite with AMP_LESSONS=1; `scripts/docs` with AMP_WRITE_DOCS=1, which writes the pages anew.
@Suite("The tutorial")
struct TutorialTests {
    private static let writes = ProcessInfo.processInfo.environment["AMP_WRITE_DOCS"] == "1"
    private static let runs = ProcessInfo.processInfo.environment["AMP_LESSONS"] == "1"

    @Test(
        "a lesson runs, and its page is what it says and what amp answers (else: scripts/docs)",
        .enabled(if: writes || runs, "takes minutes: AMP_LESSONS=1"), arguments: Lesson.all)
    func page(_ lesson: Lesson) throws {
        let folder = try Folder()
        try FileManager.default.copyItem(atPath: Project.path + "/examples", toPath: folder["examples"])
        let run = try folder.amp("run", lesson.path, "--session", "lesson.ampdb")
        try #require(run.exitCode == 0, "\(run.output)\(run.errors)")
        let sentence = "export transcript to \"\(lesson.name).md\" times=no figures=beside"
        let export = try folder.amp("lesson.ampdb", "-c", sentence)
        try #require(export.exitCode == 0, "\(export.errors)")
        let made = try Self.files(of: lesson, in: folder.path, arithmetic: try Self.arithmetic(in: folder))
        let present = try Self.files(of: lesson, in: Project.path + "/docs/tutorial", arithmetic: nil)
        guard Self.writes else {
            let isAlike = try Self.areAlike(made, present, lesson)
            #expect(isAlike, "\(lesson.page) is not up to date: run scripts/docs")
            return
        }
        let place = Project.path + "/docs/tutorial/"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        for name in present.keys where made[name] == nil { try FileManager.default.removeItem(atPath: place + name) }
        for (name, text) in made { try Data(text.utf8).write(to: URL(fileURLWithPath: place + name)) }
    }

    @Test("every page of the tutorial has its lesson")
    func pages() {
        let pages = Project.files(in: "docs/tutorial", ending: ".md").filter { !$0.hasSuffix("README.md") }
        #expect(pages == Lesson.all.map(\.page))
    }

    /// The page of a lesson and its pictures, by name.
    ///
    /// - Parameter arithmetic: what its numbers were computed with, to be noted at its end.
    private static func files(of lesson: Lesson, in folder: String, arithmetic: String?) throws -> [String: String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var files: [String: String] = [:]
        for name in names
        where name == lesson.name + ".md" || name.hasPrefix(lesson.name + "-") && name.hasSuffix(".svg") {
            files[name] = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
        }
        if let arithmetic {
            files[lesson.name + ".md", default: ""] +=
                "\n<!-- made by scripts/docs from \(lesson.path), \(arithmetic) -->\n"
        }
        return files
    }

    /// What amp computes with here: its last digits, and so a width now and then, depend on it.
    private static func arithmetic(in folder: Folder) throws -> String {
        let facts = try folder.amp("-c", "show session", "--json").output
        let library = facts.firstMatch(of: /float32, ([^"]*)"/)?.1 ?? "an unknown library"
        return "\(library), built for \(Processor.builtFor)"
    }

    /// Whether two pages are the same; apart from their numbers where these were computed with other arithmetic.
    private static func areAlike(_ made: [String: String], _ present: [String: String], _ lesson: Lesson) throws -> Bool
    {
        guard Set(made.keys) == Set(present.keys) else { return false }
        let name = lesson.name + ".md"
        if made[name]?.split(separator: "\n").last == present[name]?.split(separator: "\n").last {
            return made == present
        }
        return shape(made[name] ?? "") == shape(present[name] ?? "")
    }

    /// A page without its numbers, and without what their lengths do to columns and lines.
    private static func shape(_ text: String) -> String {
        let lines = text.split(separator: "\n").dropLast()
        let words = lines.joined(separator: "\n").split { $0.isWhitespace || $0 == "─" }
        return words.map { $0.replacing(/[0-9][0-9.,e+-]*/, with: "0").replacing(/[✓✗]/, with: "") }
            .joined(separator: " ")
    }
}
