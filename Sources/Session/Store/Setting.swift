import Foundation
import GRDB

/// What a session file says about itself.
enum Setting: String {
    /// Seconds since 1970.
    case created
    /// The engine version that made the file, and that opened it last.
    case createdBy = "created_by"
    case openedBy = "opened_by"
    /// Of the process that has it open.
    case processID = "process_id"
    /// Words of the session's own: `user.NAME`.
    static let userPrefix = "user."

    static func get(_ db: Database, _ setting: Setting) throws -> String? { try get(db, name: setting.rawValue) }

    static func set(_ db: Database, _ setting: Setting, _ value: String?) throws {
        try set(db, name: setting.rawValue, value)
    }

    static func get(_ db: Database, name: String) throws -> String? {
        try String.fetchOne(db, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
    }

    static func set(_ db: Database, name: String, _ value: String?) throws {
        if let value {
            try db.execute(
                sql: "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                arguments: [name, value])
        } else {
            try db.execute(sql: "DELETE FROM setting WHERE name = ?", arguments: [name])
        }
    }
}

extension SessionStore {
    package var created: Date {
        get throws(StoreError) {
            let seconds = try read { db in try Setting.get(db, .created).flatMap(Double.init) }
            return Date(timeIntervalSince1970: seconds ?? 0)
        }
    }

    /// The engine version that made the file.
    package var createdBy: String {
        get throws(StoreError) { try read { db in try Setting.get(db, .createdBy) } ?? "" }
    }

    /// A setting of the session under a name of the caller's choice.
    package func setting(_ name: String) throws(StoreError) -> String? {
        try read { db in try Setting.get(db, name: Setting.userPrefix + name) }
    }

    /// - Parameter value: `nil` removes it.
    package func set(_ name: String, to value: String?) throws(StoreError) {
        try write { db in try Setting.set(db, name: Setting.userPrefix + name, value) }
    }
}
