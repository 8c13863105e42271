import Foundation

/// A question to the terminal: its primary device attributes, among which 4 stands for sixel pictures.
package enum TerminalQuestion {
    package static let deviceAttributes = "\u{1B}[c"

    /// Whether an answer, `ESC [ ? 62 ; 4 ; … c`, says that there are sixel pictures; nil while it is not there in full.
    package static func hasSixel(_ answer: [UInt8]) -> Bool? {
        guard let start = answer.firstRange(of: Array("\u{1B}[?".utf8)) else { return nil }
        let rest = answer[start.upperBound...]
        guard let end = rest.firstIndex(where: { !(0x30...0x3B).contains($0) }), rest[end] == UInt8(ascii: "c") else {
            return nil
        }
        return rest[..<end].split(separator: UInt8(ascii: ";")).dropFirst().contains([UInt8(ascii: "4")])
    }

    /// Asks, and waits a tenth of a second for the answer.
    ///
    /// It is not asked while something typed waits to be read, nor from the background. What is typed meanwhile is read
    /// with the next line.
    ///
    /// - Returns: nil where there was no answer.
    static func askForSixel(input: Int32, output: Screen) -> Bool? {
        guard isatty(input) == 1, output.isTerminal, tcgetpgrp(input) == getpgrp() else { return nil }
        var before = termios()
        guard tcgetattr(input, &before) == 0 else { return nil }
        var quiet = before
        quiet.c_lflag &= ~tcflag_t(ICANON | ECHO)
        withUnsafeMutableBytes(of: &quiet.c_cc) { characters in
            characters[Int(VMIN)] = 0
            characters[Int(VTIME)] = 0
        }
        // What is there already is kept where it is by both changes of mode.
        guard tcsetattr(input, TCSANOW, &quiet) == 0 else { return nil }
        defer { tcsetattr(input, TCSANOW, &before) }
        guard !isReadable(input, within: 0) else { return nil }

        output.write(deviceAttributes)
        let limit = ContinuousClock.now + .milliseconds(100)
        var answer: [UInt8] = []
        defer { TypedAhead.add(typed(in: answer)) }
        while true {
            let left = limit - ContinuousClock.now
            guard left > .zero, isReadable(input, within: max(Int32(left / .milliseconds(1)), 1)) else { return nil }
            var byte: UInt8 = 0
            guard read(input, &byte, 1) == 1 else { return nil }
            answer.append(byte)
            if let found = hasSixel(answer) { return found }
            if answer.count > 1024 { return nil }
        }
    }

    /// What came before and after an answer, or an answer that was cut off.
    package static func typed(in bytes: [UInt8]) -> [UInt8] {
        guard let start = bytes.firstRange(of: Array("\u{1B}[?".utf8)) else { return bytes }
        let end = bytes[start.upperBound...].firstIndex { !(0x30...0x3B).contains($0) }
        return Array(bytes[..<start.lowerBound]) + (end.map { Array(bytes[($0 + 1)...]) } ?? [])
    }

    private static func isReadable(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, milliseconds) > 0 && watched.revents & Int16(POLLIN) != 0
    }
}
