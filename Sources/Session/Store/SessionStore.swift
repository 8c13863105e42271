import Foundation
import GRDB
import Synchronization

/// The session file: journal, states with undo and redo, cache and settings in one SQLite database.
///
/// Each method is one transaction. The file belongs to one process at a time, and to one store in it.
/// All methods throw `StoreError` and may be called from any thread; they run one after the other.
package final class SessionStore: Sendable {
    package struct Options: Sendable, Hashable {
        /// In bytes; the least recently used values go when the cache grows beyond it.
        package var cacheLimit: Int
        /// In bytes; a file that would grow beyond it answers as a full disk does. `nil` is no limit.
        package var fileLimit: Int?

        package init(cacheLimit: Int = 1_000_000_000, fileLimit: Int? = nil) {
            self.cacheLimit = cacheLimit
            self.fileLimit = fileLimit
        }
    }

    /// The path as given, `nil` for a session in memory.
    package let path: String?
    package let engineVersion: String
    package let options: Options
    /// `nil` once closed: GRDB crashes when a closed connection is used.
    private let database: Mutex<DatabaseQueue?>
    private let lock: FileLock?

    private init(path: String?, engineVersion: String, options: Options, database: DatabaseQueue, lock: FileLock?) {
        self.path = path
        self.engineVersion = engineVersion
        self.options = options
        self.database = Mutex(database)
        self.lock = lock
    }

    /// Opens a session file, or makes a new one where there is none or an empty one.
    ///
    /// A file that is anything else is left as it is.
    package static func open(
        path: String, engineVersion: String, options: Options = Options()
    ) throws(StoreError) -> SessionStore {
        let lock: FileLock
        do {
            lock = try FileLock.take(path: path)
        } catch .inUse(let path, nil) {
            throw .inUse(path: path, processID: holder(path: path))
        }
        do throws(StoreError) {
            return try open(path: path, lock: lock, engineVersion: engineVersion, options: options)
        } catch {
            // A file that is of no use and was not there before is not left behind.
            if lock.isNewFile { unlink(path) }
            lock.release()
            throw error
        }
    }

    private static func open(
        path: String, lock: FileLock, engineVersion: String, options: Options
    ) throws(StoreError) -> SessionStore {
        let head = lock.head(count: magic.count)
        guard head.isEmpty || head == magic else { throw StoreError.notADatabase(path: path) }
        let store = try StoreError.translating(path: path) {
            SessionStore(
                path: path, engineVersion: engineVersion, options: options,
                database: try DatabaseQueue(path: path, configuration: configuration(options)), lock: lock)
        }
        do throws(StoreError) {
            try store.prepare()
        } catch {
            try? store.closeDatabase()
            throw error
        }
        return store
    }

    /// A session without a file, gone with the process.
    package static func inMemory(
        engineVersion: String, options: Options = Options()
    ) throws(StoreError) -> SessionStore {
        let store = try StoreError.translating(path: nil) {
            SessionStore(
                path: nil, engineVersion: engineVersion, options: options,
                database: try DatabaseQueue(configuration: configuration(options)), lock: nil)
        }
        try store.prepare()
        return store
    }

    /// Gives the file back; every later call throws `closed`.
    ///
    /// A store that is never closed is closed with its last reference, or with the process.
    package func close() throws(StoreError) {
        // The process id is of no use afterwards, nor does it harm.
        try? write { db in try Setting.set(db, .processID, nil) }
        try closeDatabase()
        // The lock's descriptor must outlive the database, see `FileLock`.
        lock?.release()
    }

    deinit { try? close() }

    private func closeDatabase() throws(StoreError) {
        try StoreError.translating(path: path) {
            try database.withLock { database in
                try database?.close()
                database = nil
            }
        }
    }

    // MARK: - Transactions

    func read<Result: Sendable>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
        try use { database in try database.read(body) }
    }

    /// Either all that the body writes is in the file afterwards or nothing of it.
    func write<Result: Sendable>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
        try use { database in try database.write(body) }
    }

    /// Gives pages that hold nothing any more back to the file system.
    func compact() throws(StoreError) {
        try use { database in
            try database.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA incremental_vacuum") }
        }
    }

    private func use<Result: Sendable>(_ body: (DatabaseQueue) throws -> Result) throws(StoreError) -> Result {
        try StoreError.translating(path: path) {
            try database.withLock { database in
                guard let database else { throw StoreError.closed(path: StoreError.place(path)) }
                return try body(database)
            }
        }
    }

    // MARK: - Opening

    private static let magic = Array("SQLite format 3\0".utf8)

    private static func configuration(_ options: Options) -> Configuration {
        var configuration = Configuration()
        configuration.label = "session"
        // Another process that finds the file in use reads who has it; a commit waits for that moment to pass.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            if let limit = options.fileLimit {
                let pageSize = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4096
                try db.execute(sql: "PRAGMA max_page_count = \(max(limit / max(pageSize, 1), 1))")
            }
        }
        return configuration
    }

    /// Checks whose file it is before anything is written, then brings its schema up to date.
    private func prepare() throws(StoreError) {
        let isNew = try read { db in try checkOwner(db) }
        try use { database in
            if isNew {
                // Lets `compact` give pages back; only an empty file can be told.
                try database.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL") }
            }
            try Schema.migrator.migrate(database)
        }
        try write { db in
            if try Setting.get(db, .created) == nil {
                try Setting.set(db, .created, String(Date().timeIntervalSince1970))
                try Setting.set(db, .createdBy, engineVersion)
            }
            try Setting.set(db, .openedBy, engineVersion)
            try Setting.set(db, .processID, path == nil ? nil : String(getpid()))
        }
    }

    /// Returns whether the file is empty; throws if it is not whole or not a session of this or an older version.
    private func checkOwner(_ db: Database) throws -> Bool {
        let place = StoreError.place(path)
        func pragma(_ name: String) throws -> Int { try Int.fetchOne(db, sql: "PRAGMA \(name)") ?? 0 }
        let application = try pragma("application_id")
        let version = try pragma("user_version")
        let isEmpty = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") == 0
        let isNew = isEmpty && application == 0 && version == 0
        guard isNew || application == Schema.applicationID else {
            throw StoreError.notASession(path: place, applicationID: application)
        }
        guard version <= Schema.version else {
            throw StoreError.newerVersion(path: place, found: version, supported: Schema.version)
        }
        // SQLite takes a last page that was cut for one that ends in zeros.
        let (size, overflow) = try pragma("page_count").multipliedReportingOverflow(by: try pragma("page_size"))
        if let lock, overflow || lock.size < size {
            throw StoreError.corrupt(path: place, detail: "the file has \(lock.size) of its \(size) bytes")
        }
        return isNew
    }

    /// The process that has the file open, if the file can be read and tells.
    private static func holder(path: String) -> Int? {
        var configuration = Configuration()
        configuration.readonly = true
        let database = try? DatabaseQueue(path: path, configuration: configuration)
        defer { try? database?.close() }
        return try? database?.read { db in try Setting.get(db, .processID).flatMap(Int.init) }
    }
}
