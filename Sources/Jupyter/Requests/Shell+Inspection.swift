import Language
import Report
import Session

struct InspectReply: Content {
    static let type = MessageType.inspectReply
    let status = Outcome.ok
    let found: Bool
    let data: MIMEBundle
    let metadata: [String: String] = [:]

    init(_ page: [Output]?) {
        found = page != nil
        data = page.map(Display.text) ?? MIMEBundle([:])
    }
}

extension Shell {
    /// The help page of the word at the cursor, or of its sentence's verb.
    func inspect(_ content: CursorRequest) -> InspectReply {
        let words = SentenceWords(content.code, cursor: content.cursorPos ?? content.code.unicodeScalars.count)
        return InspectReply(words.subjects.lazy.compactMap(Self.page).first)
    }

    private static func page(of word: String) -> [Output]? {
        if let page = Engine.help(on: word) { return page }
        let verbs = Engine.vocabulary.commands.map(\.verb).filter { $0.hasPrefix(word) }
        return verbs.count == 1 ? Engine.help(on: verbs[0]) : nil
    }
}
