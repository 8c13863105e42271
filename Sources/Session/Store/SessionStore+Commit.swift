import Foundation
import GRDB

extension SessionStore {
    /// Writes a cell, what it does to the state, and values for the cache, in one transaction.
    ///
    /// A new state ends the redo branch. The state of a failed or interrupted cell does not change whatever is asked.
    @discardableResult
    package func commit<State: Codable & Sendable>(
        _ cell: NewCell, _ change: StateChange<State>, cache entries: [CacheEntry] = []
    ) throws(StoreError) -> Commit {
        let outputs = try CanonicalJSON.encode(cell.outputs)
        var newState: (id: StateID, json: Data)?
        if case .to(let state) = change, cell.status == .ok {
            let json = try CanonicalJSON.encode(state)
            newState = (CanonicalJSON.identity(of: json), json)
        }
        return try write { db in
            let position = try position(db)
            var after = try state(at: position, in: db)
            var effective = false
            if cell.status == .ok {
                switch change {
                case .none: break
                case .to:
                    if let newState, newState.id != after {
                        try db.execute(
                            sql: "INSERT INTO state VALUES (?, ?) ON CONFLICT DO NOTHING",
                            arguments: [newState.id.hex, newState.json])
                        after = newState.id
                        effective = true
                    }
                case .undo(let count):
                    let move = try undoMove(count, in: db)
                    try setPosition(move.position, in: db)
                    after = move.step.state
                case .redo(let count):
                    let move = try redoMove(count, in: db)
                    try setPosition(move.position, in: db)
                    after = move.step.state
                }
            }
            let number = try insert(cell, outputs: outputs, state: after, effective: effective, in: db)
            if effective, let after {
                try db.execute(sql: "DELETE FROM step WHERE position > ?", arguments: [position])
                try db.execute(
                    sql: "INSERT INTO step VALUES (?, ?, ?)", arguments: [position + 1, number, after.hex])
                try setPosition(position + 1, in: db)
            }
            for entry in entries { try store(entry, in: db) }
            return Commit(number: number, state: after, effective: effective)
        }
    }

    /// Writes a cell that leaves the state as it is.
    @discardableResult
    package func commit(_ cell: NewCell, cache entries: [CacheEntry] = []) throws(StoreError) -> Commit {
        try commit(cell, StateChange<Bool>.none, cache: entries)
    }
}
