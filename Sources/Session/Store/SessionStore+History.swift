import Foundation
import GRDB

extension SessionStore {
    /// The present state; `nil` is that of a new session.
    package var head: StateID? {
        get throws(StoreError) { try read { db in try state(at: try position(db), in: db) } }
    }

    /// A stored state. The present one is `state(head, as:)`.
    package func state<State: Decodable>(_ id: StateID, as type: State.Type) throws(StoreError) -> State {
        let json = try read { db in
            try Data.fetchOne(db, sql: "SELECT json FROM state WHERE id = ?", arguments: [id.hex])
        }
        guard let json else { throw .noSuchState(id) }
        guard CanonicalJSON.identity(of: json) == id else {
            throw .corrupt(path: StoreError.place(path), detail: "state \(id.hex) has another content")
        }
        return try CanonicalJSON.decode(type, from: json, path: path)
    }

    /// The states that undoing and redoing lead to, the new session's excepted.
    package func steps<State: Decodable>(as type: State.Type) throws(StoreError) -> [State] {
        let states = try read { db in try String.fetchAll(db, sql: "SELECT DISTINCT state FROM step") }
        var result: [State] = []
        for hex in states { result.append(try state(StateID(hex: hex), as: type)) }
        return result
    }

    /// How many effective cells can be undone and redone.
    package var reach: (undo: Int, redo: Int) {
        get throws(StoreError) {
            try read { db in
                let position = try position(db)
                return (undo: position, redo: try lastPosition(db) - position)
            }
        }
    }

    /// What undoing the last `count` effective cells would do.
    ///
    /// Throws `nothingToUndo` if there are fewer, or `count` is not positive.
    package func undoStep(_ count: Int = 1) throws(StoreError) -> HistoryStep {
        try read { db in try undoMove(count, in: db).step }
    }

    package func redoStep(_ count: Int = 1) throws(StoreError) -> HistoryStep {
        try read { db in try redoMove(count, in: db).step }
    }

    /// The effective cells that lead to the present state, in order.
    package var effectiveCells: [Int] {
        get throws(StoreError) {
            try read { db in
                try Int.fetchAll(
                    db, sql: "SELECT cell FROM step WHERE position <= ? ORDER BY position", arguments: [position(db)])
            }
        }
    }

    struct Move {
        var position: Int
        var step: HistoryStep
    }

    func undoMove(_ count: Int, in db: Database) throws -> Move {
        let position = try position(db)
        guard count >= 1, count <= position else {
            throw StoreError.nothingToUndo(asked: count, available: position)
        }
        let target = position - count
        return Move(
            position: target,
            step: HistoryStep(
                cells: try stepCells(from: target + 1, through: position, in: db).reversed(),
                state: try state(at: target, in: db)))
    }

    func redoMove(_ count: Int, in db: Database) throws -> Move {
        let position = try position(db)
        let available = try lastPosition(db) - position
        guard count >= 1, count <= available else {
            throw StoreError.nothingToRedo(asked: count, available: available)
        }
        let target = position + count
        return Move(
            position: target,
            step: HistoryStep(
                cells: try stepCells(from: position + 1, through: target, in: db),
                state: try state(at: target, in: db)))
    }

    func position(_ db: Database) throws -> Int {
        guard let position = try Int.fetchOne(db, sql: "SELECT position FROM head"), position >= 0 else {
            throw StoreError.corrupt(path: StoreError.place(path), detail: "no head")
        }
        return position
    }

    func setPosition(_ position: Int, in db: Database) throws {
        try db.execute(sql: "UPDATE head SET position = ?", arguments: [position])
    }

    func state(at position: Int, in db: Database) throws -> StateID? {
        guard position > 0 else { return nil }
        let hex = try String.fetchOne(db, sql: "SELECT state FROM step WHERE position = ?", arguments: [position])
        guard let hex else {
            throw StoreError.corrupt(path: StoreError.place(path), detail: "no step \(position)")
        }
        return StateID(hex: hex)
    }

    private func lastPosition(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT IFNULL(MAX(position), 0) FROM step") ?? 0
    }

    private func stepCells(from first: Int, through last: Int, in db: Database) throws -> [Int] {
        try Int.fetchAll(
            db, sql: "SELECT cell FROM step WHERE position BETWEEN ? AND ? ORDER BY position",
            arguments: [first, last])
    }
}
