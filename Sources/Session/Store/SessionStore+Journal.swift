import Foundation
import GRDB
import Report

extension SessionStore {
    package var cellCount: Int {
        get throws(StoreError) { try read { db in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM cell") } ?? 0 }
    }

    /// Cells by number, ascending, without their outputs.
    ///
    /// - Parameter first: the number to begin at; a page is asked for with the number after its predecessor's last.
    package func cells(from first: Int = 1, limit: Int = 100) throws(StoreError) -> [JournalCell] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM cell WHERE number >= ? ORDER BY number LIMIT ?",
                arguments: [first, max(limit, 0)]
            ).map(journalCell)
        }
    }

    /// The last cells, ascending.
    package func lastCells(_ count: Int) throws(StoreError) -> [JournalCell] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM cell ORDER BY number DESC LIMIT ?", arguments: [max(count, 0)]
            ).reversed().map(journalCell)
        }
    }

    package func cell(_ number: Int) throws(StoreError) -> JournalCell {
        let row = try read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM cell WHERE number = ?", arguments: [number]).map(journalCell)
        }
        guard let row else { throw .noSuchCell(number) }
        return row
    }

    package func outputs(ofCell number: Int) throws(StoreError) -> [Output] {
        let json = try read { db in
            try Data.fetchOne(db, sql: "SELECT json FROM output WHERE cell = ?", arguments: [number])
        }
        guard let json else { throw .noSuchCell(number) }
        return try CanonicalJSON.decode([Output].self, from: json, path: path)
    }

    func insert(_ cell: NewCell, outputs: Data, state: StateID?, effective: Bool, in db: Database) throws -> Int {
        try db.execute(
            sql: """
                INSERT INTO cell (number, sentence, typed, status, error, started, seconds, engine, state, effective)
                VALUES ((SELECT IFNULL(MAX(number), 0) + 1 FROM cell), ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                cell.sentence, cell.typed, cell.status.rawValue, cell.error, cell.started.timeIntervalSince1970,
                cell.seconds.isFinite ? cell.seconds : 0, engineVersion, state?.hex, effective,
            ])
        let number = Int(db.lastInsertedRowID)
        try db.execute(sql: "INSERT INTO output VALUES (?, ?)", arguments: [number, outputs])
        return number
    }

    private func journalCell(_ row: Row) throws -> JournalCell {
        let word: String = try row.value("status")
        guard let status = CellStatus(rawValue: word) else {
            throw StoreError.corrupt(path: StoreError.place(path), detail: "cell status '\(word)'")
        }
        return JournalCell(
            number: try row.value("number"), sentence: try row.value("sentence"),
            typed: try row.value("typed"), status: status, error: try row.optional("error"),
            started: Date(timeIntervalSince1970: try row.value("started")),
            seconds: try row.value("seconds"), engineVersion: try row.value("engine"),
            state: try row.optional("state", as: String.self).map(StateID.init(hex:)),
            effective: try row.value("effective"))
    }
}
