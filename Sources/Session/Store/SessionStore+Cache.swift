import Foundation
import GRDB

extension SessionStore {
    /// The value of a key, which becomes the most recently used.
    package func cached(_ key: String) throws(StoreError) -> Data? {
        let found = try read { db in
            try Row.fetchOne(
                db, sql: "SELECT cache.id, data FROM cache JOIN cache_data USING (id) WHERE key = ?", arguments: [key]
            ).map { row in
                (id: try row.value("id", as: Int64.self), data: try row.value("data", as: Data.self))
            }
        }
        guard let found else { return nil }
        // A full disk may keep the use from being noted, but not the value from being used.
        try? write { db in
            try db.execute(
                sql: """
                    UPDATE cache SET used = (SELECT MAX(used) + 1 FROM cache)
                    WHERE id = ? AND used < (SELECT MAX(used) FROM cache)
                    """, arguments: [found.id])
        }
        return found.data
    }

    /// Whether a key has a value; this does not count as a use.
    package func hasCached(_ key: String) throws(StoreError) -> Bool {
        try read { db in try identifier(of: key, in: db) != nil }
    }

    /// Keeps a value in a transaction of its own, so that it stays when the sentence is interrupted.
    ///
    /// A value larger than the cache's limit is not kept, nor does it push others out.
    package func cache(_ entry: CacheEntry) throws(StoreError) {
        try write { db in try store(entry, in: db) }
    }

    /// Kinds by name with their number of values and bytes.
    package func cacheKinds() throws(StoreError) -> [CacheKind] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT kind, COUNT(*) AS count, SUM(bytes) AS bytes FROM cache GROUP BY kind ORDER BY kind"
            ).map { row in
                CacheKind(
                    kind: try row.value("kind"), count: try row.value("count"),
                    bytes: try row.value("bytes"))
            }
        }
    }

    /// Forgets the values of a kind, or all, and makes the file smaller by their size.
    ///
    /// Returns how many there were.
    @discardableResult
    package func clearCache(kind: String? = nil) throws(StoreError) -> Int {
        let count = try write { db in
            if let kind {
                try db.execute(sql: "DELETE FROM cache WHERE kind = ?", arguments: [kind])
            } else {
                try db.execute(sql: "DELETE FROM cache")
            }
            return db.changesCount
        }
        if count > 0 { try compact() }
        return count
    }

    func store(_ entry: CacheEntry, in db: Database) throws {
        let bytes = entry.data.count
        guard bytes <= options.cacheLimit else { return }
        try db.execute(sql: "DELETE FROM cache WHERE key = ?", arguments: [entry.key])
        try makeRoom(bytes, in: db)
        try db.execute(
            sql: """
                INSERT INTO cache (key, kind, bytes, created, used)
                VALUES (?, ?, ?, ?, (SELECT IFNULL(MAX(used), 0) + 1 FROM cache))
                """, arguments: [entry.key, entry.kind, bytes, Date().timeIntervalSince1970])
        try db.execute(
            sql: "INSERT INTO cache_data VALUES (?, ?)", arguments: [db.lastInsertedRowID, entry.data])
    }

    /// Deletes the least recently used values until `bytes` more fit.
    private func makeRoom(_ bytes: Int, in db: Database) throws {
        var excess = try Int.fetchOne(db, sql: "SELECT IFNULL(SUM(bytes), 0) FROM cache") ?? 0
        excess = excess - options.cacheLimit + bytes
        while excess > 0 {
            let oldest = try Row.fetchOne(db, sql: "SELECT id, bytes FROM cache ORDER BY used LIMIT 1")
            guard let oldest else { return }
            let id: Int64 = try oldest.value("id")
            excess -= try oldest.value("bytes", as: Int.self)
            try db.execute(sql: "DELETE FROM cache WHERE id = ?", arguments: [id])
        }
    }

    private func identifier(of key: String, in db: Database) throws -> Int64? {
        try Int64.fetchOne(db, sql: "SELECT id FROM cache WHERE key = ?", arguments: [key])
    }
}
