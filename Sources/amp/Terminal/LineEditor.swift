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
    /// Whether pasted text comes marked as such.
    private let marksPastes: Bool
    /// All lines that can come back, oldest first.
    private var lines: [String] = []
    private var walk = HistoryWalk()
    private var prompt = ""

    /// Whether the lines come from someone at a keyboard.
    var isInteractive: Bool { if case .terminal = source { true } else { false } }

    /// - Parameter screen: where prompts and completions are drawn; the editor needs it to be a terminal.
    init(screen: Screen = .forPrompts(), history: History? = History(), completer: @escaping Completer) {
        self.screen = screen
        self.completer = completer
        marksPastes = screen.knowsSequences
        let isTerminal = isatty(STDIN_FILENO) == 1 && screen.isTerminal
        if isTerminal, let editor = editline_open("amp", screen.descriptor, Int32(History.limit)) {
            source = .terminal(editor)
            self.history = history
            lines = history?.lines ?? []
            for line in lines { editline_remember(editor, line) }
            editline_set_handler(
                editor,
                { editor, request, context in
                    guard let editor, let context else { return EDITLINE_NOTHING_FOUND }
                    return Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue().answer(request, editor)
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
    ///
    /// - Parameter hasColour: whether the line is shown in colours once it is there.
    func readLine(prompt: String, hasColour: Bool) -> Reading {
        switch source {
        case .plain(let lines): return lines.next()
        case .terminal(let editor):
            self.prompt = prompt
            walk = HistoryWalk()
            var text: UnsafePointer<CChar>?
            var length: Int32 = 0
            let typed = TypedAhead.take()
            if !typed.isEmpty { editline_push(editor, typed) }
            if marksPastes { screen.write("\u{1B}[?2004h") }
            let outcome = editline_read(editor, coloured(prompt, hasColour), &text, &length)
            if marksPastes { screen.write("\u{1B}[?2004l") }
            switch outcome {
            case EDITLINE_READY:
                guard let text else { return .endOfFile }
                var line = String(decoding: UnsafeRawBufferPointer(start: text, count: Int(length)), as: UTF8.self)
                while line.last?.isNewline == true { line.removeLast() }
                if hasColour { showInColours(line) }
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
    private func coloured(_ prompt: String, _ hasColour: Bool) -> String {
        guard hasColour, let last = prompt.last else { return prompt }
        return "\u{1}\(Self.promptColour)\u{1}\(prompt.dropLast())\u{1}\(Self.plain)\u{1}\(last)"
    }

    private static let promptColour = "\u{1B}[1;34m"
    private static let plain = "\u{1B}[0m"

    /// Writes what was just typed once more, where it stands above the cursor.
    private func showInColours(_ line: String) {
        guard !line.isEmpty else { return }
        let rows = LineLayout.end(of: prompt + line, columns: screen.width).row + 1
        // What has left the window can't be written again.
        guard rows < screen.height, !line.contains(where: Self.isShownOtherwise) else { return }
        let text = SentenceColours.paint(line, hasColour: true).replacing("\n", with: "\r\n")
        screen.write("\u{1B}7\u{1B}[\(rows)A\r\(Self.promptColour)\(prompt)\(Self.plain)\(text)\u{1B}8")
    }

    /// libedit shows control characters as ^X, and what it does not know as a number.
    private static func isShownOtherwise(_ character: Character) -> Bool {
        guard !character.isNewline, let scalar = character.unicodeScalars.first else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .unassigned, .privateUse: return true
        default: return false
        }
    }

    private func remember(_ line: String, in editor: OpaquePointer) {
        // As libedit recalls it: without the spaces at the end.
        let end = line.lastIndex { !$0.isWhitespace }
        guard let kept = end.map({ String(line[...$0]) }) else { return }
        editline_remember(editor, kept)
        history?.append(kept)
        if lines.last != kept { lines.append(kept) }
    }

    // MARK: While a line is typed

    private func answer(_ request: editline_request, _ editor: OpaquePointer) -> editline_reply {
        switch request {
        case EDITLINE_COMPLETE: return complete(editor)
        case EDITLINE_OLDER: return put(walk.older(than: line(of: editor).text, in: lines), editor)
        case EDITLINE_NEWER: return put(walk.newer(than: line(of: editor).text, in: lines), editor)
        case EDITLINE_RESIZED:
            let (text, cursor) = line(of: editor)
            let before = String(String.UnicodeScalarView(text.unicodeScalars.prefix(cursor)))
            let row = LineLayout.end(of: prompt + before, columns: screen.width).row
            screen.write((row > 0 ? "\u{1B}[\(row)A" : "") + "\r\u{1B}[J")
            return EDITLINE_LINE_CHANGED
        default: return EDITLINE_NOTHING_FOUND
        }
    }

    private func put(_ line: String?, _ editor: OpaquePointer) -> editline_reply {
        guard let line, editline_replace(editor, line) else { return EDITLINE_NOTHING_FOUND }
        return EDITLINE_LINE_CHANGED
    }

    /// The line as it stands, and the cursor in it, in Unicode scalars: libedit counts wide characters, which are that
    /// here; only its text comes as bytes.
    private func line(of editor: OpaquePointer) -> (text: String, cursor: Int) {
        var cursor: Int32 = 0
        var length: Int32 = 0
        guard let text = editline_line(editor, &cursor, &length) else { return ("", 0) }
        let bytes = UnsafeRawBufferPointer(start: text, count: Int(length))
        let before = String(decoding: bytes[..<Int(cursor)], as: UTF8.self)
        return (String(decoding: bytes, as: UTF8.self), before.unicodeScalars.count)
    }

    private func complete(_ editor: OpaquePointer) -> editline_reply {
        let (line, here) = line(of: editor)
        let scalars = Array(line.unicodeScalars)
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
