import Checkpoints
import Compression
import Foundation

/// A file of text, read whole.
struct TextFile {
    let path: String
    let bytes: [UInt8]

    /// The most bytes of a tokenizer's file.
    static let tokenizerLimit = 64 << 20
    /// The most bytes of a file of captions, names or templates.
    static let captionsLimit = 1 << 30

    /// - Throws: `TextError.missing`, `.notAFile`, `.unreadable`, `.fileTooLarge`.
    init(path: String, limit: Int) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let code = errno
            throw code == ENOENT || code == ENOTDIR
                ? TextError.missing(path: path) : TextError.unreadable(path: path, code: code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw TextError.notAFile(path: path) }
        guard Int(status.st_size) <= limit else { throw TextError.fileTooLarge(path: path, limit: limit) }
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            // UTF-8 may begin with a mark that it is UTF-8.
            bytes = data.starts(with: [0xEF, 0xBB, 0xBF]) ? [UInt8](data.dropFirst(3)) : [UInt8](data)
        } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            throw TextError.unreadable(path: path, code: Int32(truncatingIfNeeded: cause?.code ?? Int(EIO)))
        }
        self.path = path
    }

    private init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// The content of a gzip file; any other file as it is.
    func inflated(limit: Int) throws -> TextFile {
        guard bytes.starts(with: Gzip.signature) else { return self }
        do {
            let content = try Gzip.inflate(bytes, limit: limit + 1)
            guard content.count <= limit else { throw TextError.fileTooLarge(path: path, limit: limit) }
            return TextFile(path: path, bytes: content)
        } catch let damage as Gzip.Damage {
            throw TextError.damagedGzip(path: path, truncated: damage == .truncated)
        }
    }

    /// The lines without their ends; what follows the last end is a line unless it is empty.
    func lines() throws -> [String] {
        var slices = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if slices.last?.isEmpty == true { slices.removeLast() }
        return try slices.enumerated().map { index, slice in
            let line = slice.last == UInt8(ascii: "\r") ? slice.dropLast() : slice
            return try Self.string(line, path: path, line: index + 1)
        }
    }

    static func string(_ bytes: some Sequence<UInt8>, path: String, line: Int) throws -> String {
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw TextError.notUTF8(path: path, line: line)
        }
        return string
    }

    func json() throws -> JSON { try Self.json(Data(bytes), path: path, line: nil) }

    static func json(_ data: Data, path: String, line: Int?) throws -> JSON {
        do {
            return try JSON(parsing: data)
        } catch {
            let detail = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
            throw TextError.notJSON(path: path, line: line, detail: detail ?? error.localizedDescription)
        }
    }
}

extension JSON {
    /// What kind of value this is, for messages; short strings and numbers are shown.
    var described: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let value): Int(exactly: value).map(String.init) ?? String(value)
        case .string(let value): value.utf8.count <= 40 ? "\"\(value)\"" : "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
