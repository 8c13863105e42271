import GRDB

extension Row {
    /// A column's value; in a damaged file it may be of any type or missing, on which GRDB's subscript traps.
    func value<Value: DatabaseValueConvertible>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
        guard let value = try optional(column, as: type) else { throw mismatch(column) }
        return value
    }

    func optional<Value: DatabaseValueConvertible>(
        _ column: String, as type: Value.Type = Value.self
    ) throws -> Value? {
        guard hasColumn(column) else { throw mismatch(column) }
        let stored: DatabaseValue = self[column]
        if stored.isNull { return nil }
        guard let value = Value.fromDatabaseValue(stored) else { throw mismatch(column) }
        return value
    }

    private func mismatch(_ column: String) -> any Error {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unexpected value in column '\(column)'")
    }
}
