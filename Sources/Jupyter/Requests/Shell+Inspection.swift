import Language
import Report
import Session

struct InspectReply: Content {
    static let type = MessageType.inspectReply
    let status = Outcome.ok
    let found: Bool
    let data: MIMEBundle
    let metadata: [String: String] = [:]

    init(_ page: String?) {
        found = page != nil
        data = MIMEBundle(page.map { [.plain: $0] } ?? [:])
    }
}

extension Shell {
    /// The help page of the word at the cursor, or of its sentence's verb.
    func inspect(_ content: CursorRequest) -> InspectReply {
        let words = SentenceWords(content.code, cursor: content.cursorPos ?? content.code.unicodeScalars.count)
        return InspectReply(words.subjects.lazy.compactMap(Self.page).first)
    }

    private static func page(of word: String) -> String? {
        let commands = Engine.vocabulary.commands.filter { $0.verb.hasPrefix(word) }
        let command = Engine.vocabulary[word] ?? (commands.count == 1 ? commands.first : nil)
        return command?.page(width: Display.width)
    }
}
