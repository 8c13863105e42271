import GRDB

/// The tables of a session file and the way old files become new ones.
enum Schema {
    /// "ampd": tells `file` and other programs whose database this is.
    static let applicationID = 0x616D_7064

    /// The version that the last migration makes; also in the file's `user_version`.
    static let version = 1

    /// Each migration and the record of it are one transaction. A released migration never changes.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

                    CREATE TABLE state (id TEXT NOT NULL PRIMARY KEY, json BLOB NOT NULL) STRICT;

                    -- state is NULL for that of a new session.
                    CREATE TABLE cell (
                        number INTEGER PRIMARY KEY,
                        sentence TEXT NOT NULL,
                        typed TEXT NOT NULL,
                        status TEXT NOT NULL,
                        error TEXT,
                        started REAL NOT NULL,
                        seconds REAL NOT NULL,
                        engine TEXT NOT NULL,
                        state TEXT REFERENCES state (id),
                        effective INTEGER NOT NULL
                    ) STRICT;

                    -- Apart from the cells, so that reading those does not page through these.
                    CREATE TABLE output (
                        cell INTEGER PRIMARY KEY REFERENCES cell (number),
                        json BLOB NOT NULL
                    ) STRICT;

                    -- The effective cells in their order; those past the head can be redone.
                    CREATE TABLE step (
                        position INTEGER PRIMARY KEY,
                        cell INTEGER NOT NULL REFERENCES cell (number),
                        state TEXT NOT NULL REFERENCES state (id)
                    ) STRICT;

                    -- The position of the head; 0 is a new session.
                    CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL) STRICT;
                    INSERT INTO head VALUES (1, 0);

                    -- used counts uses of the whole cache: the smallest is the least recent.
                    CREATE TABLE cache (
                        id INTEGER PRIMARY KEY,
                        key TEXT NOT NULL UNIQUE,
                        kind TEXT NOT NULL,
                        bytes INTEGER NOT NULL,
                        created REAL NOT NULL,
                        used INTEGER NOT NULL
                    ) STRICT;
                    CREATE INDEX cache_used ON cache (used);
                    CREATE TABLE cache_data (
                        id INTEGER PRIMARY KEY REFERENCES cache (id) ON DELETE CASCADE,
                        data BLOB NOT NULL
                    ) STRICT;
                    """)
            try mark(db, version: 1)
        }
        return migrator
    }

    private static func mark(_ db: Database, version: Int) throws {
        try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
    }
}
