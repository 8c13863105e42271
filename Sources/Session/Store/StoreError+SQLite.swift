import Foundation
import GRDB

extension StoreError {
    /// How errors call the file.
    static func place(_ path: String?) -> String { path ?? "the session in memory" }

    /// Runs a body and turns what SQLite reports into a `StoreError`; a `StoreError` passes as it is.
    static func translating<Result>(path: String?, _ body: () throws -> Result) throws(StoreError) -> Result {
        do {
            return try body()
        } catch let error as StoreError {
            throw error
        } catch let error as DatabaseError {
            throw StoreError(error, path: place(path))
        } catch {
            throw .corrupt(path: place(path), detail: String(describing: error))
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let detail = error.message ?? error.resultCode.description
        self =
            switch error.resultCode {
            case .SQLITE_NOTADB: .notADatabase(path: path)
            case .SQLITE_CORRUPT: .corrupt(path: path, detail: detail)
            case .SQLITE_FULL: .diskFull(path: path)
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN: .notWritable(path: path, detail: detail)
            case .SQLITE_TOOBIG: .tooLarge(path: path, bytes: nil)
            case .SQLITE_BUSY, .SQLITE_LOCKED: .inUse(path: path, processID: nil)
            case .SQLITE_MISUSE where error.message == "Connection is closed": .closed(path: path)
            default: .database(path: path, code: Int(error.extendedResultCode.rawValue), detail: detail)
            }
    }
}
