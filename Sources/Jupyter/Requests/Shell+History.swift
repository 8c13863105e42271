import Foundation
import Language
import Report
import Session

struct HistoryRequest: Decodable {
    enum Access: String, Decodable { case tail, range, search }

    let histAccessType: Access
    let output: Bool?
    let raw: Bool?
    let session: Int?
    let start: Int?
    let stop: Int?
    let n: Int?
    let pattern: String?
    let unique: Bool?
}

struct HistoryReply: Content {
    static let type = MessageType.historyReply

    /// `[session, number, sentence]`, or `[session, number, [sentence, output]]`.
    struct Entry: Encodable {
        let session: Int
        let number: Int
        let sentence: String
        /// nil where no outputs are asked for.
        let output: String?

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.unkeyedContainer()
            try fields.encode(session)
            try fields.encode(number)
            if let output { try fields.encode([sentence, output]) } else { try fields.encode(sentence) }
        }
    }

    let status = Outcome.ok
    let history: [Entry]
}

extension Shell {
    /// The journal holds one session; clients also call the present one 0.
    private static let session = 1
    private static let page = 1000

    /// What was run, from the session's journal.
    func history(_ content: HistoryRequest) -> HistoryReply {
        guard let store = try? engine.store else { return HistoryReply(history: []) }
        let cells: [JournalCell]
        switch content.histAccessType {
        case .tail: cells = lastCells(content.n, of: store) { _ in true }
        case .range:
            guard [0, Self.session].contains(content.session ?? 0) else { return HistoryReply(history: []) }
            let start = max(content.start ?? 1, 1)
            let stop = content.stop ?? Int.max
            cells = allCells(of: store, from: start).filter { $0.number < stop }
        case .search:
            let pattern = content.pattern ?? "*"
            let matches = { (cell: JournalCell) in fnmatch(pattern, cell.typed, 0) == 0 }
            if content.unique ?? false {
                // The last time something was said is what counts.
                var seen: Set<String> = []
                let unique = allCells(of: store, from: 1).filter(matches).reversed()
                    .filter { seen.insert($0.typed).inserted }
                cells = unique.prefix(max(content.n ?? Int.max, 0)).reversed()
            } else {
                cells = lastCells(content.n, of: store, where: matches)
            }
        }
        let history = cells.map { cell in
            HistoryReply.Entry(
                session: Self.session, number: cell.number,
                sentence: content.raw ?? true ? cell.typed : cell.sentence,
                output: content.output ?? false ? output(of: cell, in: store) : nil)
        }
        return HistoryReply(history: history)
    }

    private func lastCells(
        _ count: Int?, of store: SessionStore, where isWanted: (JournalCell) -> Bool
    ) -> [JournalCell] {
        allCells(of: store, from: 1).filter(isWanted).suffix(max(count ?? Int.max, 0))
    }

    private func allCells(of store: SessionStore, from first: Int) -> [JournalCell] {
        var cells: [JournalCell] = []
        var next = first
        while let page = try? store.cells(from: next, limit: Self.page), let last = page.last {
            cells += page
            next = last.number + 1
        }
        return cells.filter { !quietCells.contains($0.number) }
    }

    private func output(of cell: JournalCell, in store: SessionStore) -> String {
        let outputs = (try? store.outputs(ofCell: cell.number)) ?? []
        return outputs.isEmpty ? cell.error ?? "" : Display.plain(outputs)
    }
}
