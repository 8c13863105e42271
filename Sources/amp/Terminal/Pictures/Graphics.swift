import Glibc
import Report

/// How figures are shown at a terminal: AMP_GRAPHICS, or what the terminal can do.
package enum Graphics: String, CaseIterable, Sendable {
    case auto, kitty, sixel, text

    /// As the environment says; anything else than one of these words is `auto`.
    package init(environment: (String) -> String?) {
        self = environment("AMP_GRAPHICS").flatMap { Graphics(rawValue: $0.lowercased()) } ?? .auto
    }
}

/// How a terminal takes pictures.
package enum PictureProtocol: Sendable {
    /// PNG files in kitty's escape sequences.
    case kitty
    /// Bands of six rows of dots, as on DEC's printers.
    case sixel

    /// What the environment tells about the terminal.
    package enum Hint: Sendable, Equatable {
        case kitty
        /// The terminal has to be asked.
        case unknown
        /// It has no pictures, or can't be asked.
        case none
    }

    package static func hint(environment: (String) -> String?) -> Hint {
        func value(_ name: String) -> String { environment(name) ?? "" }
        let term = value("TERM")
        if ["", "dumb", "linux"].contains(term) { return .none }
        // What runs inside tmux or screen inherits the variables of the terminal around them, but not its pictures.
        let isWrapped = !value("TMUX").isEmpty || ["tmux", "screen"].contains { term.hasPrefix($0) }
        let isKitty =
            term == "xterm-kitty" || term.contains("ghostty") || !value("KITTY_WINDOW_ID").isEmpty
            || ["ghostty", "wezterm"].contains(value("TERM_PROGRAM").lowercased())
        if isKitty, !isWrapped { return .kitty }
        // An answer over a network may come after the wait, and would then be read as typed.
        return value("SSH_CONNECTION").isEmpty ? .unknown : .none
    }
}
