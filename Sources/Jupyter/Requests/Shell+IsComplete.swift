import Language
import Session

struct IsCompleteReply: Content {
    enum Verdict: String, Encodable { case complete, incomplete, invalid }

    static let type = MessageType.isCompleteReply
    let status: Verdict
    /// What the next line may begin with.
    var indent: String?
}

extension Shell {
    /// Whether what was typed can be run, or wants another line.
    func judge(_ content: IsCompleteRequest) -> IsCompleteReply {
        if Vocabulary.isIncomplete(content.code) { return IsCompleteReply(status: .incomplete, indent: "    ") }
        let script = Engine.vocabulary.parse(Source(content.code), mode: .interactive)
        return IsCompleteReply(status: script.diagnostics.isEmpty ? .complete : .invalid)
    }
}
