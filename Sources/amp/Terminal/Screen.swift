import Glibc
import Report

/// What standard output or standard error can show, and the writing to it.
package struct Screen: Sendable {
    /// The answer to `--color`.
    package enum ColourChoice: String, CaseIterable, Sendable {
        case auto, always, never
    }

    package let descriptor: Int32
    package let isTerminal: Bool
    package let hasColour: Bool
    package let hasUnicode: Bool
    package let depth: ColourDepth
    /// Whether escape sequences that are none of the display, such as titles, are understood or passed over.
    package let knowsSequences: Bool
    private let columns: Int?

    package static func output(colour: ColourChoice = .auto) -> Screen { Screen(STDOUT_FILENO, colour: colour) }
    package static func error(colour: ColourChoice = .auto) -> Screen { Screen(STDERR_FILENO, colour: colour) }

    /// The one of the two that is a terminal, so that `amp > log` still shows its prompt.
    package static func forPrompts(colour: ColourChoice = .auto) -> Screen {
        let output = output(colour: colour)
        return output.isTerminal ? output : error(colour: colour)
    }

    private init(_ descriptor: Int32, colour: ColourChoice) {
        let environment = { (name: String) in getenv(name).map { String(cString: $0) } }
        self.init(descriptor, isTerminal: isatty(descriptor) == 1, colour: colour, environment: environment)
    }

    package init(
        _ descriptor: Int32, isTerminal: Bool, colour: ColourChoice = .auto, environment: (String) -> String?
    ) {
        self.descriptor = descriptor
        self.isTerminal = isTerminal
        func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
        let plain = (value("TERM") ?? "dumb") == "dumb"
        knowsSequences = isTerminal && !plain && value("TERM") != "linux"
        hasColour =
            switch colour {
            case .always: true
            case .never: false
            case .auto: isTerminal && !plain && value("NO_COLOR") == nil
            }
        // The first of these that is set decides, as for setlocale. A file or a pipe is read by programs that know UTF-8.
        let locale = (value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? "").lowercased()
        let namesUnicode = locale.contains("utf-8") || locale.contains("utf8")
        hasUnicode = isTerminal ? namesUnicode && value("TERM") != "linux" : namesUnicode || locale.isEmpty
        let term = value("TERM") ?? ""
        depth =
            ["truecolor", "24bit"].contains(value("COLORTERM")?.lowercased())
            ? .full : ["256color", "kitty", "ghostty", "foot"].contains { term.contains($0) } ? .cube : .sixteen
        columns = value("COLUMNS").flatMap { Int($0) }.flatMap { (1...10_000).contains($0) ? $0 : nil }
    }

    /// The columns there are now: of the window, or as COLUMNS says, or 80.
    package var width: Int { window.map { Int($0.ws_col) } ?? columns ?? 80 }

    /// The rows of the window.
    package var height: Int { window.map { Int($0.ws_row) } ?? 24 }

    private var window: winsize? {
        var size = winsize()
        guard isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return size
    }

    /// The size of a character in dots, as the terminal says, or a common one.
    package var cell: (width: Int, height: Int) {
        var size = winsize()
        guard isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0,
            size.ws_xpixel >= size.ws_col, size.ws_ypixel >= size.ws_row
        else { return (9, 18) }
        return (min(Int(size.ws_xpixel / size.ws_col), 64), min(Int(size.ws_ypixel / size.ws_row), 128))
    }

    /// Writes all of `text`. When nobody reads any more (`amp … | head`), asks the process to end and writes nothing.
    package func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count >= 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
                } else if errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&waiting, 1, -1)
                } else if errno != EINTR {
                    if errno == EPIPE { Interruption.requestTermination(SIGPIPE) }
                    return
                }
            }
        }
    }
}
