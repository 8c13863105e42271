import Foundation
import Testing

/// A golden script: sentences, and in comments what they should answer.
///
/// `# expect: text` — the output of the sentence before holds the text.
/// `# expect-error: text` — so does what is said on standard error about the sentence before.
/// `# exit: N` — the exit code, 0 unless said. `# arguments: …` — more arguments for amp.
struct ScriptFile: Sendable, CustomTestStringConvertible {
    enum Place { case output, errors }

    struct Expectation {
        let text: String
        let place: Place
        /// How many sentences, counted from 1, begin before it; and the line of the last one.
        let sentence: Int
        let sentenceLine: Int
        let line: Int
    }

    let name: String
    let path: String
    var testDescription: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Scripts").path

    static let all: [ScriptFile] = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
        .filter { $0.hasSuffix(".amp") && !$0.hasPrefix("parts/") }.sorted()
        .map { ScriptFile(name: $0, path: folder + "/" + $0) }

    func read() throws -> (expectations: [Expectation], exitCode: Int32, arguments: [String]) {
        var reader = SentenceCounter()
        var expectations: [Expectation] = []
        var exitCode: Int32 = 0
        var arguments: [String] = []
        let lines = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
        for (index, line) in lines.enumerated() {
            guard let comment = reader.read(line, number: index + 1) else { continue }
            let halves = comment.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard halves.count == 2 else { continue }
            func expect(_ place: Place) {
                expectations.append(
                    Expectation(
                        text: halves[1], place: place, sentence: reader.sentences, sentenceLine: reader.lastLine,
                        line: index + 1))
            }
            switch halves[0] {
            case "expect": expect(.output)
            case "expect-error": expect(.errors)
            case "exit": exitCode = Int32(halves[1]) ?? -1
            case "arguments": arguments = halves[1].split(separator: " ").map(String.init)
            default: break
            }
        }
        return (expectations, exitCode, arguments)
    }
}

/// Counts the sentences of a script line by line, without knowing their words.
private struct SentenceCounter {
    private(set) var sentences = 0
    private(set) var lastLine = 0
    private var depth = 0
    private var isInSentence = false

    /// Reads a line; returns its comment.
    mutating func read(_ line: String, number: Int) -> Substring? {
        var isInString = false
        if depth == 0 { isInSentence = false }
        if line.hasPrefix("amp ") {
            lastLine = number
            return nil
        }
        for index in line.indices {
            switch line[index] {
            case "\"": isInString.toggle()
            case _ where isInString: break
            case "#": return line[line.index(after: index)...]
            case "{": depth += 1
            case "}": depth -= 1
            case ";" where depth == 0: isInSentence = false
            case " ": break
            default:
                if !isInSentence {
                    sentences += 1
                    lastLine = number
                }
                isInSentence = true
            }
        }
        return nil
    }
}
