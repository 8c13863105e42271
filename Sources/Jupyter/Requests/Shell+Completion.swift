import Language
import Session

struct CompleteReply: Content {
    static let type = MessageType.completeReply

    /// What JupyterLab reads beside the protocol: the sort of each match.
    struct Metadata: Encodable {
        let typed: [Match]

        private enum CodingKeys: String, CodingKey { case typed = "_jupyter_types_experimental" }
    }

    struct Match: Encodable {
        let start: Int
        let end: Int
        let text: String
        let type: String
    }

    let status = Outcome.ok
    let matches: [String]
    let cursorStart: Int
    let cursorEnd: Int
    let metadata: Metadata

    init(_ matches: [(text: String, type: String)], replacing span: SourceSpan) {
        self.matches = matches.map(\.text)
        cursorStart = span.start
        cursorEnd = span.end
        metadata = Metadata(
            typed: matches.map { Match(start: span.start, end: span.end, text: $0.text, type: $0.type) })
    }
}

extension Shell {
    /// What could stand at the cursor. The protocol counts as amp does, in Unicode scalars.
    func complete(_ content: CursorRequest) -> CompleteReply {
        let scalars = Array(content.code.unicodeScalars)
        let cursor = min(max(content.cursorPos ?? scalars.count, 0), scalars.count)
        let names = (try? engine)?.names ?? CompletionNames()
        let completions = Engine.vocabulary.completions(for: content.code, cursor: cursor, names: names)
        guard let first = completions.first else {
            return CompleteReply([], replacing: SourceSpan(cursor, cursor))
        }
        guard case .path(let prefix, let opens) = first.kind else {
            return CompleteReply(completions.map { ($0.text, $0.kind.word) }, replacing: first.replaced)
        }
        // Editors that close what was opened have written the quote already.
        let isClosed = cursor < scalars.count && scalars[cursor] == "\""
        let paths = surroundings.paths(prefix, opens).map { path in
            isClosed && path.hasSuffix("\"") ? String(path.dropLast()) : path
        }
        return CompleteReply(paths.map { ($0, "path") }, replacing: first.replaced)
    }
}

extension Completion.Kind {
    /// One of the words JupyterLab has an icon for, where there is one.
    fileprivate var word: String {
        switch self {
        case .verb: "function"
        case .choice, .value: "value"
        case .clause, .punctuation: "keyword"
        case .option: "property"
        case .name: "instance"
        case .path: "path"
        }
    }
}
