import Foundation
import Testing

/// `set`, the user's own file, and what takes which.
@Suite("Settings")
struct SettingsTests {
    private func lines(_ run: Run) -> [String] {
        run.output.components(separatedBy: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    }

    @Test("are listed with value, origin and meaning, in 80 columns, alone or by 'show settings'")
    func list() throws {
        let folder = try Folder()
        for sentence in ["set", "show settings"] {
            let run = try folder.amp("-c", "set bell no; set memory 2GB; \(sentence)")
            #expect(run.exitCode == 0, "\(run.errors)")
            let lines = lines(run)
            for start in [
                "setting value from what it does", "threads", "memory 2.0 GB session", "precision float32 standard",
                "color auto standard", "title yes standard", "bell no session", "graphics auto standard",
            ] { #expect(lines.contains { $0.hasPrefix(start) }, "\(start): \(run.output)") }
            #expect(run.output.components(separatedBy: "\n").allSatisfy { $0.count <= 80 })
        }
    }

    @Test("are kept in the session and taken back by undo")
    func kept() throws {
        let folder = try Folder()
        #expect(try folder.amp("s.ampdb", "-c", "set title no; set graphics sixel; set color never").exitCode == 0)
        let again = try folder.amp("s.ampdb", "-c", "undo; set")
        #expect(lines(again).contains { $0.hasPrefix("title no session") })
        #expect(lines(again).contains { $0.hasPrefix("graphics sixel session") })
        #expect(lines(again).contains { $0.hasPrefix("color auto standard") })
    }

    @Test("of the user's file hold for a notebook; a script takes from it only how things are shown")
    func userFile() throws {
        let folder = try Folder()
        try folder.write(
            "# mine\nset threads 1\nset title no\nset memory 1GB\nset graphics text\n", to: "config/amp/config.amp")
        let environment = ["XDG_CONFIG_HOME": folder["config"]]
        let script = try folder.amp("-c", "set", environment: environment)
        #expect(lines(script).contains { $0.hasPrefix("title no your file") }, "\(script.output)")
        #expect(lines(script).contains { $0.hasPrefix("graphics text your file") })
        #expect(lines(script).contains { $0.hasPrefix("memory") && $0.contains("standard") })
        let pty = try folder.terminal(environment: environment)
        try pty.expectLine("[1] ")
        pty.send("set bell no; set\r")
        try pty.expectLine("[3] ")
        let shown = pty.text.components(separatedBy: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(shown.contains { $0.hasPrefix("threads 1 your file") }, "\(pty.text)")
        #expect(shown.contains { $0.hasPrefix("memory 1.0 GB your file") })
        #expect(shown.contains { $0.hasPrefix("bell no session") })
        // Without the variable it is in the home.
        let home = try Folder()
        try home.write("set bell no\n", to: ".config/amp/config.amp")
        let run = try home.amp("-c", "set", environment: ["HOME": home.path])
        #expect(lines(run).contains { $0.hasPrefix("bell no your file") })
    }

    @Test(
        "a user's file with an error is named with its line, in one message, and amp starts",
        arguments: [
            ("set title no\nset belll yes\nset bell no\n", "config.amp:2:5: error: 'set' does not know 'belll'", true),
            ("set title no\nload \"x\"\n", "config.amp:2:1: error: this file holds 'set' sentences only", true),
            ("set title no\nset precision bfloat16\n", "config.amp:2:1: error: 'precision' changes results", true),
            ("set title no\nxyz\nset title 5\nabc\n", "and 2 more; the rest of the file counts", true),
            ("set\n", "this file holds 'set' sentences only", false),
            ("\u{0}\u{1}", "it is no text", false),
        ])
    func broken(text: String, message: String, goodLinesCount: Bool) throws {
        let folder = try Folder()
        try folder.write(text, to: "config/amp/config.amp")
        for arguments in [["-c", "set"], ["-c", "set", "--json"]] {
            let run = try Run(
                AmpBinary.path, arguments, environment: ["XDG_CONFIG_HOME": folder["config"]], in: folder.path)
            #expect(run.exitCode == 0)
            let said = run.errors.split { $0.isWhitespace }.joined(separator: " ")
            #expect(said.contains(message), "\(run.errors)")
            #expect(run.errors.components(separatedBy: "error:").count == 2, "\(run.errors)")
            if arguments.count == 2, goodLinesCount {
                #expect(lines(run).contains { $0.hasPrefix("title no your file") }, "\(run.output)")
            }
        }
    }

    @Test("a user's file that can't be read is said, and amp starts")
    func unreadable() throws {
        let folder = try Folder()
        try folder.write("x", to: "config/amp/config.amp/in-a-folder")
        let run = try folder.amp("-c", "set", environment: ["XDG_CONFIG_HOME": folder["config"]])
        #expect(run.exitCode == 0)
        #expect(run.errors.contains("can't be read"), "\(run.errors)")
    }

    @Test("of how things are shown are part of no record and change no verdict")
    func records() throws {
        let folder = try Folder.staged()
        try folder.write("load \"tiny\" as m\nshow stats\n", to: "a.amp")
        #expect(try folder.amp("run", "a.amp", "--record", "a.amplock").exitCode == 0)
        try folder.write("set color always\nset title no\nset threads 1\n", to: "config/amp/config.amp")
        let environment = ["XDG_CONFIG_HOME": folder["config"]]
        let run = try folder.amp(
            "verify", "a.amp", "--against", "a.amplock", "--tolerance", "0", environment: environment)
        #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
        #expect(try folder.amp("run", "a.amp", "--record", "b.amplock", environment: environment).exitCode == 0)
        #expect(try folder.bytes("a.amplock") == folder.bytes("b.amplock"))
        #expect(run.output.contains("\u{1B}"), "the file's colour")
    }
}
