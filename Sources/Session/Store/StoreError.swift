/// What can be wrong with a session file.
package enum StoreError: Error, Sendable, Hashable {
    /// The file is no SQLite database.
    case notADatabase(path: String)
    /// A database, but another program's.
    case notASession(path: String, applicationID: Int)
    /// Written by a newer version of the program.
    case newerVersion(path: String, found: Int, supported: Int)
    /// The database or a value in it cannot be read.
    case corrupt(path: String, detail: String)
    /// Another process, or this one, has the session open; its process id if the file tells.
    case inUse(path: String, processID: Int?)
    case isDirectory(path: String)
    case noSuchFolder(path: String)
    /// The file, or the folder it needs for its journal, cannot be written.
    case notWritable(path: String, detail: String)
    case diskFull(path: String)
    /// A value is larger than SQLite takes.
    case tooLarge(path: String, bytes: Int?)
    case notEncodable(type: String, detail: String)
    case notDecodable(path: String, type: String, detail: String)
    case noSuchCell(Int)
    case noSuchState(StateID)
    case nothingToUndo(asked: Int, available: Int)
    case nothingToRedo(asked: Int, available: Int)
    case closed(path: String)
    /// Anything else SQLite or the system reports.
    case database(path: String, code: Int, detail: String)
}
