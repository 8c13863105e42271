import CEditline
import Glibc

/// Reads the sentences of a user: edited lines at a terminal, plain lines from a file or a pipe.
final class LineEditor {
    enum Reading: Equatable {
        case line(String)
        /// Ctrl-C: the line is forgotten, the prompt comes again.
        case interrupted
        /// Ctrl-D, the end of the input, or a signal that ends the process (see `Interruption.termination`).
        case endOfFile
    }

    /// The line and the cursor in it, counted in Unicode scalars → what Tab offers there.
    typealias Completer = (_ line: String, _ cursor: Int) -> TabOffers

    private enum Source {
        case terminal(OpaquePointer)
        case plain(PlainLines)
    }

    private let source: Source
    private let history: History?
    private let completer: Completer
    private let screen: Screen

    /// Whether the lines come from someone at a keyboard.
    var isInteractive: Bool { if case .terminal = source { true } else { false } }

    /// - Parameter screen: where prompts and completions are drawn; the editor needs it to be a terminal.
    init(screen: Screen = .forPrompts(), history: History? = History(), completer: @escaping Completer) {
        self.screen = screen
        self.completer = completer
        let isTerminal = isatty(STDIN_FILENO) == 1 && screen.isTerminal
        if isTerminal, let editor = editline_open("amp", screen.descriptor, Int32(History.limit)) {
            source = .terminal(editor)
            self.history = history
            for line in history?.lines ?? [] { editline_remember(editor, line) }
            editline_set_completion(
                editor,
                { editor, context in
                    guard let editor, let context else { return EDITLINE_NOTHING_FOUND }
                    return Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue().complete(editor)
                }, Unmanaged.passUnretained(self).toOpaque())
        } else {
            source = .plain(PlainLines(descriptor: STDIN_FILENO))
            self.history = nil
        }
    }

    deinit {
        if case .terminal(let editor) = source { editline_close(editor) }
    }

    /// The next line, without its end. A prompt such as `[12] ` is only shown to someone at a keyboard.
    func readLine(prompt: String) -> Reading {
        switch source {
        case .plain(let lines): return lines.next()
        case .terminal(let editor):
            var text: UnsafePointer<CChar>?
            var length: Int32 = 0
            let typed = TypedAhead.take()
            if !typed.isEmpty { editline_push(editor, typed) }
            switch editline_read(editor, coloured(prompt), &text, &length) {
            case EDITLINE_READY:
                guard let text else { return .endOfFile }
                var line = String(decoding: UnsafeRawBufferPointer(start: text, count: Int(length)), as: UTF8.self)
                while line.last?.isNewline == true { line.removeLast() }
                remember(line, in: editor)
                return .line(line)
            case EDITLINE_INTERRUPTED:
                Interruption.clear()
                return .interrupted
            default: return .endOfFile
            }
        }
    }

    /// The prompt with escape sequences in \1. The last one needs a character after it: libedit drops it otherwise.
    private func coloured(_ prompt: String) -> String {
        guard screen.hasColour, let last = prompt.last else { return prompt }
        return "\u{1}\u{1B}[1;34m\u{1}\(prompt.dropLast())\u{1}\u{1B}[0m\u{1}\(last)"
    }

    private func remember(_ line: String, in editor: OpaquePointer) {
        // As libedit recalls it: without the spaces at the end.
        let end = line.lastIndex { !$0.isWhitespace }
        guard let kept = end.map({ String(line[...$0]) }) else { return }
        editline_remember(editor, kept)
        history?.append(kept)
    }

    private func complete(_ editor: OpaquePointer) -> editline_completed {
        var cursor: Int32 = 0
        var length: Int32 = 0
        guard let text = editline_line(editor, &cursor, &length) else { return EDITLINE_NOTHING_FOUND }
        let bytes = UnsafeRawBufferPointer(start: text, count: Int(length))
        let line = String(decoding: bytes, as: UTF8.self)
        let scalars = Array(line.unicodeScalars)
        // libedit counts wide characters, which are Unicode scalars here; only its text comes as bytes.
        let here = String(decoding: bytes[..<Int(cursor)], as: UTF8.self).unicodeScalars.count
        let offers = completer(line, here)
        guard !offers.candidates.isEmpty else { return EDITLINE_NOTHING_FOUND }
        let replaced = offers.replaced.clamped(to: 0..<scalars.count)

        let typed = String(String.UnicodeScalarView(scalars[replaced]))
        let insertion = offers.insertion(over: typed)
        if let insertion {
            // A space that stands there already is as good as the one a whole word would bring.
            let followed = replaced.upperBound < scalars.count && scalars[replaced.upperBound] == " "
            editline_move(editor, Int32(replaced.upperBound - here))
            editline_delete(editor, Int32(replaced.count))
            _ = editline_insert(editor, followed && insertion.last == " " ? String(insertion.dropLast()) : insertion)
        }
        guard offers.candidates.count > 1 else {
            return insertion == nil ? EDITLINE_NOTHING_FOUND : EDITLINE_LINE_CHANGED
        }
        editline_print(editor, "\n" + offers.listing(width: screen.width).joined(separator: "\n") + "\n")
        return EDITLINE_LIST_PRINTED
    }
}
