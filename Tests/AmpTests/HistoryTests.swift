import Foundation
import Testing
import amp

@Suite("History")
struct HistoryTests {
    private let path = FileManager.default.temporaryDirectory.path + "/amp-history-\(UUID().uuidString)/deep/history"

    private func removeFolder() {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().deletingLastPathComponent()
        try? FileManager.default.removeItem(at: folder)
    }

    @Test("lines come back in the next session, the same line twice in a row once, in a file of the owner alone")
    func comesBack() throws {
        defer { removeFolder() }
        let first = History(path: path)
        for line in ["load \"é\"", "score entropy", "score entropy", "prune"] { first.append(line) }
        #expect(History(path: path).lines == ["load \"é\"", "score entropy", "prune"])
        History(path: path).append("prune")
        #expect(History(path: path).lines.count == 3)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("the file does not grow without end, and the newest lines stay")
    func bounded() throws {
        defer { removeFolder() }
        History(path: path).append("first")
        let long = (0..<5000).map { "line \($0)" }.joined(separator: "\n") + "\n"
        try long.write(toFile: path, atomically: true, encoding: .utf8)
        let history = History(path: path)
        #expect(history.lines.count == History.limit)
        #expect(history.lines.last == "line 4999")
        #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == History.limit)
    }

    @Test("a place that cannot be written is no error", arguments: ["/proc/none/history", "/dev/null", "/"])
    func unwritable(path: String) {
        let history = History(path: path)
        history.append("score entropy")
        #expect(history.lines.isEmpty)
    }
}
