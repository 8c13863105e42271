import Foundation
import Testing

/// What is typed, pasted, completed and shown at a terminal.
@Suite("At the keyboard")
struct KeyboardTests {
    @Test("several pasted lines are one input: shown, not run until Return, and each answered under its number")
    func paste() throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal()
        try pty.expectLine("[1] ")
        pty.paste("load \"tiny\" as m\rshow models\n# a comment\nlet e = 0.01\r\n")
        try pty.expect("[1] load \"tiny\" as m\nshow models\n# a comment\nlet e = 0.01")
        #expect(!pty.text.contains("timm vision"))
        try pty.expectLine("let e = 0.01")
        pty.send("; let f = 2\r")
        try pty.expectLine("[5] ")
        #expect(pty.text.contains("[1] load \"tiny\" as m\n    m: timm vision transformer"), "\(pty.text)")
        #expect(pty.text.contains("[4] let f = 2"))
        // It comes back in one piece, in the next session too.
        pty.send("\u{1B}[A")
        try pty.expectLine("let e = 0.01; let f = 2")
        pty.send("\u{15}")
        try pty.expectLine("[5] ")
        pty.endInput()
        #expect(try pty.waitForExit() == 0)
        let second = try folder.terminal()
        try second.expectLine("[5] ")
        second.send("\u{1B}[A")
        try second.expect("[5] load \"tiny\" as m\nshow models\n# a comment\nlet e = 0.01; let f = 2")
        // The terminal is left as it was found.
        #expect(String(decoding: pty.written, as: UTF8.self).components(separatedBy: "\u{1B}[?2004l").count > 2)
    }

    @Test("a pasted loop, text with tabs and control characters, and nothing")
    func oddPastes() throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal()
        try pty.expectLine("[1] ")
        pty.paste("for e in 1, 2 {\n\tlet x = $e\n}\n")
        try pty.expectLine("}")
        pty.send("\r")
        try pty.expectLine("[2] ")
        pty.paste("let \u{07}y\u{1}\t= 3")
        try pty.expectLine("[2] let y = 3")
        pty.paste("")
        pty.paste("\n\n")
        try pty.expectLine("[2] let y = 3")
        pty.send("\r")
        try pty.expectLine("[3] ")
    }

    @Test("the arrow key finds lines that begin as what is typed")
    func prefixes() throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal()
        try pty.expectLine("[1] ")
        for (number, line) in ["let a = 1", "load \"tiny\" as m", "let b = 2", "show models"].enumerated() {
            pty.send(line + "\r")
            try pty.expectLine("[\(number + 2)] ")
        }
        pty.send("let")
        try pty.expectLine("[5] let")
        for (key, line) in [
            ("\u{1B}[A", "let b = 2"), ("\u{1B}[A", "let a = 1"), ("\u{1B}[A", "let a = 1"), ("\u{1B}OB", "let b = 2"),
            ("\u{1B}[B", "let"), ("\u{15}", ""), ("\u{10}", "show models"), ("\u{10}", "let b = 2"),
            ("\u{0E}", "show models"),
        ] {
            pty.send(key)
            try pty.expectLine("[5] " + line)
        }
    }

    @Test("Ctrl-R searches")
    func search() throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal()
        try pty.expectLine("[1] ")
        for (number, line) in ["let wide = \"漢字\"", "let b = 2"].enumerated() {
            pty.send(line + "\r")
            try pty.expectLine("[\(number + 2)] ")
        }
        pty.send("\u{12}wide")
        try pty.expect("bck:wide")
        pty.send("\u{1B}")
        pty.send("\r")
        try pty.expectLine("[4] ")
        #expect(pty.text.components(separatedBy: "let wide = \"漢字\"").count == 3, "\(pty.text)")
    }

    @Test("paths with blanks, quotes, wide characters and ~ are completed, with or without the quote")
    func paths() throws {
        let folder = try Folder.staged()
        try FileManager.default.copyItem(atPath: folder["tiny"], toPath: folder["ein Modell"])
        try FileManager.default.copyItem(atPath: folder["tiny"], toPath: folder["漢字 😀"])
        try FileManager.default.copyItem(atPath: folder["tiny"], toPath: folder["so \"called\""])
        let pty = try folder.terminal(environment: ["HOME": folder.path])
        try pty.expectLine("[1] ")
        for (typed, completed) in [
            ("load \"ein M\t", "load \"ein Modell/"), ("load \"漢\t", "load \"漢字 😀/"),
            ("load \"so\t", "load \"so \\\"called\\\"/"), ("load \"so \\\"c\t", "load \"so \\\"called\\\"/"),
            ("load ein\t", "load \"ein Modell/"), ("load ./tin\t", "load \"./tiny/"),
            ("load \"~\t", "load \"~/"), ("load \"~/tin\t", "load \"~/tiny/"),
            ("load \"tiny/mod\t", "load \"tiny/model.safetensors\" "),
        ] {
            pty.send(typed)
            try pty.expectLine("[1] " + completed)
            pty.send("\u{15}")
            try pty.expectLine("[1] ")
        }
        pty.send("load \"漢\t\u{7F}\" as k\r")
        try pty.expectLine("[2] ")
        #expect(pty.text.contains("k: timm vision transformer"), "\(pty.text)")
        pty.send("load \"~/tiny\" as h\r")
        try pty.expectLine("[3] ")
    }

    @Test("what was entered stands in colours where it was typed", arguments: [5, 70, 76, 77, 78, 79, 150, 160])
    func colours(length: Int) throws {
        let folder = try Folder()
        let text = "# " + String(repeating: "x", count: length - 2)
        let screens = try ["xterm", "dumb"].map { terminal in
            let pty = try folder.terminal(
                environment: ["TERM": terminal, "NO_COLOR": terminal == "dumb" ? "1" : ""])
            try pty.expectLine("[1] ")
            // What is typed ahead is shown by the terminal itself, so each line waits for the one before.
            pty.send(text)
            try pty.expect(String(text.prefix(70)))
            pty.send("\r")
            try pty.expectLine("[1] ")
            pty.send("help run\r")
            try pty.expectLine("[2] ")
            pty.send("undo\r")
            try pty.expectLine("[3] ")
            let written = String(decoding: pty.written, as: UTF8.self)
            #expect(written.contains("\u{1B}[1;36mhelp\u{1B}[0m") == (terminal == "xterm"))
            pty.endInput()
            _ = try pty.waitForExit()
            try FileManager.default.removeItem(atPath: folder["session.ampdb"])
            return pty.text
        }
        #expect(screens[0].contains("[1] " + text.prefix(70)))
        #expect(screens[0].components(separatedBy: "[1] help run").count == 2)
        #expect(screens[0].filter { $0 == "x" }.count == screens[1].filter { $0 == "x" }.count, "\(screens[0])")
    }

    @Test("wide characters are typed, erased and shown")
    func wide() throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal(columns: 40)
        try pty.expectLine("[1] ")
        pty.send("let t = \"漢字😀ab")
        try pty.expectLine("[1] let t = \"漢字😀ab")
        pty.send("\u{7F}\u{7F}\u{7F}\"")
        try pty.expectLine("[1] let t = \"漢字\"")
        pty.send("\u{02}字字字字字字字字字字字字")
        try pty.expect("字字字字字字")
        pty.send("\r")
        try pty.expectLine("[2] ")
        pty.send("show session\r")
        try pty.expectLine("[3] ")
        #expect(pty.text.contains("$t"), "\(pty.text)")
    }

    @Test("a window that changes its width while a line is typed shows it whole")
    func resize() throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal()
        try pty.expectLine("[1] ")
        pty.send("let text = \"0123456789\"")
        try pty.expectLine("[1] let text = \"0123456789\"")
        pty.resize(columns: 100)
        pty.send(" # more")
        try pty.expectLine("[1] let text = \"0123456789\" # more")
        pty.send("\r")
        try pty.expectLine("[2] ")
        #expect(pty.text.components(separatedBy: "let text").count == 2, "\(pty.text)")
    }

    @Test("long work says in the window's title how far it is, and gives the title back", arguments: [true, false])
    func title(isOn: Bool) throws {
        let folder = try Folder.slow()
        let pty = try folder.terminal()
        try pty.expectLine("[1] ")
        let preparation = Folder.slowPreparation + (isOn ? [] : ["set title no"])
        for (number, sentence) in preparation.enumerated() {
            pty.send(sentence + "\r")
            try pty.expectLine("[\(number + 2)] ")
        }
        pty.send(Folder.slowSearch + "\r")
        try pty.expectProgress(beyond: 1)
        // The first second says nothing in the title.
        if isOn { try pty.expectWritten(Array("\u{1B}]2;amp session.ampdb – searching m".utf8)) }
        pty.interrupt()
        try pty.expectLine("[\(preparation.count + 2)] ")
        let titles = pty.commands.filter { $0.hasPrefix("2;amp session.ampdb – searching m") }
        #expect(titles.isEmpty != isOn, "\(pty.commands)")
        if isOn { #expect(pty.commands.last == "2;") }
    }

    @Test("neither titles nor bells nor marks of pastes go to what is no terminal")
    func pipes() throws {
        let folder = try Folder.slow()
        let sentences = Folder.slowPreparation.joined(separator: "; ")
        let run = try folder.amp("-c", sentences)
        for text in [run.output, run.errors] {
            #expect(!text.contains("\u{1B}") && !text.contains("\u{07}"))
        }
    }
}
