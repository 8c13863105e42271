import Foundation
import Language
import Session
import Testing

@Suite("Golden scripts")
struct ScriptTests {
    @Test("answer as their comments say", arguments: ScriptFile.all)
    func script(_ script: ScriptFile) throws {
        let (expectations, exitCode, arguments) = try script.read()
        let folder = try Folder.staged()
        try Self.copyParts(to: folder)
        let run = try Run(AmpBinary.path, ["run", script.path] + arguments, in: folder.path)
        #expect(run.exitCode == exitCode, "\(run.output)\n\(run.errors)")
        #expect(!expectations.isEmpty, "the script expects nothing")
        let answers = Self.answers(run.output)
        for expectation in expectations {
            let found: String
            switch expectation.place {
            case .output:
                found = Self.joined(
                    answers.indices.contains(expectation.sentence - 1) ? answers[expectation.sentence - 1] : "")
            case .errors: found = Self.joined(Self.errors(run.errors, line: expectation.sentenceLine))
            }
            #expect(
                found.contains(Self.joined(expectation.text)),
                "line \(expectation.line): '\(expectation.text)' is not in: \(found)")
        }
    }

    @Test("use every command of the language")
    func commands() throws {
        let help = Set(try Run(AmpBinary.path, ["-c", "help"]).output.split { !$0.isLetter }.map(String.init))
        let scripts = try ScriptFile.all.map { try String(contentsOfFile: $0.path, encoding: .utf8) }.joined(
            separator: "\n")
        let words = Set(scripts.split { !$0.isLetter }.map(String.init))
        for verb in Engine.vocabulary.commands.map(\.verb) {
            #expect(words.contains(verb), "no script uses '\(verb)'")
            #expect(help.contains(verb) || ["help", "quit"].contains(verb), "'help' does not know '\(verb)'")
        }
    }

    /// What stands after each sentence's own line: `[1] load "tiny"`.
    private static func answers(_ output: String) -> [String] {
        var answers: [String] = []
        for line in output.components(separatedBy: "\n") {
            if line.hasPrefix("[\(answers.count + 1)] ") {
                answers.append(line)
            } else if !answers.isEmpty {
                answers[answers.count - 1] += "\n" + line
            }
        }
        return answers
    }

    /// What was said about the sentence in a line, or all that was said where nothing names a line.
    private static func errors(_ text: String, line: Int) -> String {
        let lines = text.components(separatedBy: "\n")
        let starts = lines.indices.filter {
            lines[$0].range(of: #"^\S*\.amp:\d+:\d+: "#, options: .regularExpression) != nil
        }
        guard !starts.isEmpty else { return text }
        return zip(starts, starts.dropFirst() + [lines.count]).filter { lines[$0.0].contains(".amp:\(line):") }
            .map { lines[$0.0..<$0.1].joined(separator: "\n") }.joined(separator: "\n")
    }

    /// Without line breaks: they depend on the width, which is another test's matter.
    private static func joined(_ text: String) -> String {
        text.split { $0.isWhitespace }.joined(separator: " ")
    }

    private static func copyParts(to folder: Folder) throws {
        let parts = ScriptFile.folder + "/parts"
        try FileManager.default.copyItem(atPath: parts, toPath: folder["parts"])
    }
}
