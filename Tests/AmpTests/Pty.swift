import Foundation
import Glibc

/// A program under a terminal of its own, 80 columns by 24 lines unless said, typed at and watched as a user does.
final class Pty {
    enum Failure: Error, CustomStringConvertible {
        case refused(call: String, code: Int32)
        /// The text did not appear in time; the screen as it was then.
        case notSeen(String, screen: String)
        case stillRunning(screen: String)

        var description: String {
            switch self {
            case .refused(let call, let code): "\(call): \(String(cString: strerror(code)))"
            case .notSeen(let text, let screen): "'\(text)' did not appear. The screen:\n\(screen)"
            case .stillRunning(let screen): "the program did not end. The screen:\n\(screen)"
            }
        }
    }

    /// Long enough for a busy machine: a test that passes never waits for it.
    static let patience = 30.0

    let process: pid_t
    private let main: Int32
    private var screen: TerminalScreen
    private var undecoded: [UInt8] = []
    /// Every byte the program wrote.
    private(set) var written: [UInt8] = []
    private var status: Int32?

    /// Starts `program`; `environment` is added to a small one with TERM=xterm and UTF-8.
    init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], in directory: String? = nil,
        columns: Int = 80
    ) throws {
        screen = TerminalScreen(width: columns, height: 24)
        // What posix_openpt, unlockpt and ptsname do on Linux; Swift sees none of them.
        main = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var unlocked: Int32 = 0
        var number: UInt32 = 0
        guard main >= 0, ioctl(main, 0x4004_5431, &unlocked) == 0, ioctl(main, 0x8004_5430, &number) == 0 else {
            throw Failure.refused(call: "a new terminal", code: errno)
        }
        let name = "/dev/pts/\(number)"
        var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(main, UInt(TIOCSWINSZ), &size)

        // The first terminal the leader of a new session opens becomes the terminal that controls it.
        process = try Launch(program, arguments, environment: environment, in: directory).start(newSession: true) {
            actions in
            posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
            posix_spawn_file_actions_adddup2(&actions, 0, 1)
            posix_spawn_file_actions_adddup2(&actions, 0, 2)
        }
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        close(main)
    }

    /// Types `text`; "\r" is the Return key.
    func send(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = write(main, rest.baseAddress, rest.count)
                guard count > 0 || errno == EINTR else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
            }
        }
    }

    /// Presses Ctrl-C.
    func interrupt() { send("\u{03}") }

    /// Presses Ctrl-D.
    func endInput() { send("\u{04}") }

    /// Everything shown so far, lines that scrolled away included.
    var text: String { screen.text }

    /// The commands to the terminal, such as titles ("2;amp"), and how often it was rung.
    var commands: [String] { screen.commands }
    var bells: Int { screen.bells }

    /// Gives the window another width, as a user's mouse does.
    func resize(columns: Int) {
        var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(main, UInt(TIOCSWINSZ), &size)
    }

    /// Pastes text as terminals do that mark it.
    func paste(_ text: String) { send("\u{1B}[200~\(text)\u{1B}[201~") }

    /// Waits until the screen shows `text`, `times` times, and returns all of the screen.
    @discardableResult
    func expect(_ text: String, times: Int = 1, within seconds: Double = patience) throws -> String {
        let seen = try wait(within: seconds) { $0.text.ranges(of: text).count >= times }
        guard seen else { throw Failure.notSeen(text, screen: screen.text) }
        return screen.text
    }

    /// Waits until the line of the cursor is one of `lines` and nothing else, spaces at the end included.
    ///
    /// Wait for the prompt before pressing Ctrl-C or Ctrl-D: in between two lines they do not belong to the editor.
    func expectLine(_ lines: String..., within seconds: Double = patience) throws {
        let seen = try wait(within: seconds) { lines.contains($0.currentLine) }
        guard seen else { throw Failure.notSeen(lines.joined(separator: "' or '"), screen: screen.text) }
    }

    /// Waits until the program ends: its exit code, or 128 and the signal that ended it.
    func waitForExit(within seconds: Double = patience) throws -> Int32 {
        let limit = Date(timeIntervalSinceNow: seconds)
        _ = try wait(within: seconds) { _ in false }
        while status == nil {
            var raw: Int32 = 0
            if waitpid(process, &raw, WNOHANG) == process {
                status = exitCode(of: raw)
            } else if Date() > limit {
                throw Failure.stillRunning(screen: screen.text)
            } else {
                usleep(2000)
            }
        }
        return status ?? -1
    }

    /// Reads what the program writes until `condition` holds, the output ends or the time is over.
    private func wait(within seconds: Double, until condition: (TerminalScreen) -> Bool) throws -> Bool {
        let limit = Date(timeIntervalSinceNow: seconds)
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while !condition(screen) {
            let left = limit.timeIntervalSinceNow
            var watched = pollfd(fd: main, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&watched, 1, Int32(left * 1000) + 1) > 0 else { return false }
            let count = read(main, &buffer, buffer.count)
            // EIO: the program and whatever it started have closed the terminal.
            guard count > 0 else { return condition(screen) }
            undecoded += buffer[..<count]
            written += buffer[..<count]
            show()
        }
        return true
    }

    /// Shows all characters that are there in full.
    private func show() {
        let split = (max(0, undecoded.count - 3)..<undecoded.count).last { undecoded[$0] >= 0xC0 }
        var whole = undecoded.count
        if let split {
            let length = undecoded[split] >= 0xF0 ? 4 : undecoded[split] >= 0xE0 ? 3 : 2
            if split + length > undecoded.count { whole = split }
        }
        screen.show(String(decoding: undecoded[..<whole], as: UTF8.self))
        undecoded.removeFirst(whole)
    }
}

extension Pty {
    /// Waits until a progress line shows more than `percent`.
    func expectProgress(beyond percent: Int, within seconds: Double = patience) throws {
        let seen = try wait(within: seconds) { screen in
            screen.text.matches(of: #/searching .* (\d+) %/#).contains { (Int($0.1) ?? 0) > percent }
        }
        guard seen else { throw Failure.notSeen("more than \(percent) %", screen: text) }
    }

    /// Waits until the program has written `bytes`.
    func expectWritten(_ bytes: [UInt8], within seconds: Double = patience) throws {
        let seen = try wait(within: seconds) { _ in written.firstRange(of: bytes) != nil }
        guard seen else { throw Failure.notSeen(String(decoding: bytes, as: UTF8.self), screen: text) }
    }
}
