import Glibc

/// The lines of earlier sessions, one a line in a file that only its owner can read.
///
/// Each new line is appended at once, so sessions side by side do not lose each other's. A file that cannot be read or
/// written is no error: the lines then last as long as the session.
package final class History {
    /// How many lines are kept.
    package static let limit = 1000
    private static let largestFile = 1 << 20
    /// Stands for the line breaks in what was pasted as one piece: the separator of lines that is no end of a line.
    private static let newline = "\u{2028}"

    private static func stored(_ line: String) -> String { line.replacing("\n", with: newline) + "\n" }

    private let path: String
    private var last: String?
    package private(set) var lines: [String] = []

    /// `$XDG_STATE_HOME/amp/history`, or `~/.local/state/amp/history`; nil without a home.
    package convenience init?() {
        func directory(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        guard let state = directory("XDG_STATE_HOME") ?? directory("HOME").map({ $0 + "/.local/state" }) else {
            return nil
        }
        self.init(path: state + "/amp/history")
    }

    package init(path: String) {
        self.path = path
        guard let (text, isWhole) = Self.read(path) else { return }
        let all = text.split(separator: "\n").map { String($0.replacing(Self.newline, with: "\n")) }
        lines = Array(all.suffix(Self.limit))
        last = lines.last
        if !isWhole || all.count > 2 * Self.limit { rewrite() }
    }

    /// Remembers a line, unless it is the same as the one before.
    package func append(_ line: String) {
        guard line != last else { return }
        last = line
        createDirectories()
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        _ = Self.write(Self.stored(line), to: descriptor)
    }

    /// The text of the file, or of its end when it is very long.
    private static func read(_ path: String) -> (text: String, isWhole: Bool)? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        let start = max(0, Int(facts.st_size) - largestFile)
        var bytes = [UInt8](repeating: 0, count: min(Int(facts.st_size), largestFile))
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(start)) }
        guard count >= 0 else { return nil }
        var text = bytes[..<count]
        if start > 0 { text = text.drop { $0 != UInt8(ascii: "\n") } }
        return (String(decoding: text, as: UTF8.self), start == 0)
    }

    /// Replaces the file by the lines that are kept; a reader sees the old file or the new one.
    private func rewrite() {
        let temporary = path + ".\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let written = Self.write(lines.map(Self.stored).joined(), to: descriptor)
        close(descriptor)
        if !written || rename(temporary, path) != 0 { unlink(temporary) }
    }

    private func createDirectories() {
        guard access(path, F_OK) != 0 else { return }
        for index in path.indices.dropFirst() where path[index] == "/" { mkdir(String(path[..<index]), 0o700) }
    }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in Glibc.write(descriptor, bytes.baseAddress, bytes.count) == bytes.count }
    }
}
