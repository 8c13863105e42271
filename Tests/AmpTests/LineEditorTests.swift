import Foundation
import Testing

@Suite("The line editor")
struct LineEditorTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func start() throws -> Pty { try folder.terminal() }

    @Test("Ctrl-C forgets the line, Ctrl-D leaves")
    func interrupt() throws {
        let pty = try start()
        try pty.expectLine("[1] ")
        pty.send("half a sentence")
        try pty.expectLine("[1] half a sentence")
        pty.interrupt()
        try pty.expect("[1] half a sentence^C")
        try pty.expectLine("[1] ")
        pty.endInput()
        #expect(try pty.waitForExit() == 0)
    }

    @Test("Tab completes a word, in the middle of a line too")
    func completion() throws {
        let pty = try start()
        try pty.expectLine("[1] ")
        pty.send("hel\t")
        try pty.expectLine("[1] help ")
        pty.send("\u{15}hel é\u{01}\u{06}\u{06}\u{06}\t")
        try pty.expectLine("[1] help é")
    }

    @Test("a line comes back with the arrow key in the next session, accents and all")
    func history() throws {
        let first = try start()
        try first.expectLine("[1] ")
        first.send("help # wörds")
        try first.expectLine("[1] help # wörds")
        first.send("\r")
        try first.expectLine("[2] ")
        first.endInput()
        #expect(try first.waitForExit() == 0)

        let second = try start()
        try second.expectLine("[2] ")
        second.send("\u{1B}[A")
        try second.expectLine("[2] help # wörds")
    }

    @Test("a signal ends amp cleanly", arguments: [SIGTERM, SIGHUP])
    func termination(signal: Int32) throws {
        let pty = try start()
        try pty.expectLine("[1] ")
        pty.send("half")
        try pty.expectLine("[1] half")
        kill(pty.process, signal)
        #expect(try pty.waitForExit() == 128 + signal)
    }

    @Test("lines from a pipe are read without a prompt, the last one without its newline too")
    func plain() throws {
        let run = try folder.amp("--quiet", input: "help\r\n\nhelp")
        #expect(run.exitCode == 0)
        #expect(!run.output.contains("[1]") && !run.errors.contains("[1]"))
    }
}
