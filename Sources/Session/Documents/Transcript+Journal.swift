import Foundation
import Language
import Report

extension Transcript {
    /// The session as its journal has it.
    ///
    /// Sentences that wrote transcripts are left out, though not what is said before them: the document would otherwise be
    /// another one each time.
    ///
    /// - Parameters:
    ///   - includesTimes: whether it has what differs between two runs of the same script, on this machine or another.
    ///   - typed: the sentence that asks for it, as it was written; it is not in the journal yet.
    init(of context: CommandContext, includesTimes: Bool, typed: String?) throws {
        let store = context.store
        let inEffect = Set(try store.effectiveCells)
        var cells: [Cell] = []
        var said = Prose()
        var next = 1
        while true {
            let page = try store.cells(from: next, limit: 200)
            for cell in page {
                let passage = Passage(cell.typed)
                said = said + Prose(passage.opening)
                guard !Export.writesTranscript(cell) else {
                    said = said + Prose(passage.closing)
                    continue
                }
                let outputs = try store.outputs(ofCell: cell.number)
                cells.append(
                    Cell(
                        number: cell.number, opening: said,
                        sentence: SentenceText(passage, canonical: cell.sentence),
                        status: SentenceRecord.Status(cell.status),
                        isUndone: cell.effective && !inEffect.contains(cell.number),
                        outputs: includesTimes ? outputs : outputs.filter { !$0.isStatus }, error: cell.error,
                        time: includesTimes ? Cell.Time(started: cell.started, seconds: cell.seconds) : nil))
                said = Prose(passage.closing)
            }
            guard let last = page.last else { break }
            next = last.number + 1
        }
        let asking = typed.map { Passage($0) }
        self.init(
            title: Self.title(of: store), provenance: try context.provenance(includesTimes: includesTimes),
            cells: cells,
            closing: said + Prose(asking?.opening ?? "") + Prose(asking?.closing ?? ""))
    }

    /// The name of the session's file.
    private static func title(of store: SessionStore) -> String {
        let name = store.path.map { (($0 as NSString).lastPathComponent as NSString).deletingPathExtension }
        return name.map { "Session \($0)" } ?? "Transcript"
    }
}

extension SentenceText {
    /// As it was written where that says what ran; otherwise as it ran: a caller's value for a param, a full verb.
    fileprivate init(_ passage: Passage, canonical: String) {
        let written = Engine.vocabulary.parse(Source(passage.sentence))
        let isSame =
            written.diagnostics.isEmpty && written.sentences.count == 1
            && written.sentences.first?.canonical == canonical
        let text = isSame ? passage.sentence : canonical
        self.init(Engine.vocabulary.highlighted(Source(text)).map { Part($0.text, role: Role($0.role)) })
    }
}

extension SentenceText.Role {
    fileprivate init(_ role: HighlightedText.Role) {
        self =
            switch role {
            case .plain: .plain
            case .verb: .verb
            case .keyword: .keyword
            case .number: .number
            case .string: .string
            case .variable: .variable
            case .comment: .comment
            }
    }
}

extension SentenceRecord.Status {
    package init(_ status: CellStatus) {
        self =
            switch status {
            case .ok: .ok
            case .failed: .failed
            case .interrupted: .interrupted
            }
    }
}
