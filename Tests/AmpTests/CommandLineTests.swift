import Foundation
import Testing

@Suite("The command line")
struct CommandLineTests {
    @Test(
        "takes its options before the word and behind it",
        arguments: [
            ["--quiet", "run", "a.amp"], ["run", "--quiet", "a.amp"], ["run", "a.amp", "--quiet"],
            ["--color", "never", "--quiet", "run", "a.amp"],
        ])
    func options(arguments: [String]) throws {
        let folder = try Folder.staged()
        try folder.write("load \"tiny\" as m\nshow models\n", to: "a.amp")
        let run = try Run(AmpBinary.path, arguments, in: folder.path)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output.contains("timm vision transformer"))
        #expect(!run.output.contains("[1]"))
    }

    @Test("says what its words are")
    func help() throws {
        let folder = try Folder()
        let help = try folder.amp("--help")
        #expect(help.exitCode == 0)
        for part in ["amp run FILE", "amp verify FILE --against RECORD", "Exit codes: 0"] {
            #expect(help.output.contains(part), "\(part)")
        }
        #expect(try folder.amp("run", "--help").output.contains("--keep-going"))
        #expect(try folder.amp("verify", "--help").output.contains("Exit codes: 0 identical"))
    }

    @Test("writes errors of syntax as JSON, too, an object each")
    func json() throws {
        let folder = try Folder()
        try folder.write("load \"tiny\"\nserach all\nprune 0.5\n", to: "a.amp")
        for arguments in [["run", "a.amp", "--json"], ["--json", "-c", "load \"tiny\"; serach all; prune 0.5"]] {
            let run = try Run(AmpBinary.path, arguments, in: folder.path)
            #expect(run.exitCode == 65)
            #expect(run.errors.isEmpty, "\(run.errors)")
            let lines = run.output.split(separator: "\n")
            #expect(lines.count == 2)
            let object = try #require(JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
            let error = try #require(object["error"] as? [String: Any])
            #expect(object["status"] as? String == "failed")
            #expect(error["message"] as? String == "unknown command 'serach'")
            #expect(error["column"] as? Int != nil)
        }
        let missing = try folder.amp("run", "missing.amp", "--json")
        #expect(missing.exitCode == 64)
        #expect(missing.output.contains("can't be read"))
    }

    @Test("refuses a script that is no text in one line")
    func binary() throws {
        let folder = try Folder.staged()
        let run = try folder.amp("run", "tiny/model.safetensors")
        #expect(run.exitCode == 64)
        #expect(run.errors == "error: the script \"tiny/model.safetensors\" can't be read: it is no text\n")
        try folder.write(String(repeating: "this is prose.\n", count: 300), to: "prose.amp")
        let prose = try folder.amp("run", "prose.amp")
        #expect(prose.exitCode == 65)
        #expect(prose.errors.contains("and 250 more sentences do not read well"))
    }

    @Test(
        "sets params of every kind; text needs no quotes where the script has a text",
        arguments: [
            ("e=1%", "e", "1%"), ("e=0.002", "e", "0.002"), ("l=2..3", "l", "2..3"), ("l=last", "l", "last"),
            ("l=2", "l", "2"), ("n=10k", "n", "10000"), ("p=a folder/with blanks", "p", "\"a folder/with blanks\""),
            ("p=\"quoted\"", "p", "\"quoted\""), ("p=5", "p", "\"5\""), ("p=a=b", "p", "\"a=b\""), ("p=", "p", "\"\""),
            ("m=500MB", "m", "500MB"),
        ])
    func parameters(setting: String, name: String, value: String) throws {
        let folder = try Folder.staged()
        try folder.write(
            "param e = 0.01\nparam l = 1..2\nparam n = 5\nparam p = \"x\"\nparam m = 1GB\nshow session\n", to: "a.amp")
        let run = try folder.amp("run", "a.amp", "--set", setting, "--json")
        #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
        let escaped = value.replacing("\"", with: "\\\"")
        #expect(run.output.contains("\"sentence\":\"param \(name) = \(escaped)\""), "\(run.output)")
    }

    @Test("a param reaches where it is used", arguments: [("l=2..3", 0), ("l=last", 0), ("e=1%", 0), ("e=x", 65)])
    func used(setting: String, exitCode: Int32) throws {
        let folder = try Folder.staged()
        try folder.write(
            """
            param e = 0.01
            param l = 1..2
            load "tiny" as m
            data "photos" as p
            score magnitude
            search layers $l within $e batch=4
            """, to: "a.amp")
        let run = try folder.amp("run", "a.amp", "--set", setting)
        #expect(run.exitCode == exitCode, "\(run.output)\(run.errors)")
    }

    @Test(
        "refuses a value that can't be read, and sentences in it",
        arguments: ["e=1%%", "e=1; prune", "e=1\nprune", "e", "=1", "e=two words", "2e=1"])
    func unreadable(setting: String) throws {
        let folder = try Folder()
        try folder.write("param e = 0.01\n", to: "a.amp")
        let run = try folder.amp("run", "a.amp", "--set", setting)
        #expect(run.exitCode == 64, "\(run.output)\(run.errors)")
        #expect(run.errors.contains("--set"))
    }

    @Test("does not take a wrong word of two letters for another one")
    func suggestion() throws {
        let run = try Folder().amp("-c", "search all at 50%")
        #expect(run.exitCode == 65)
        #expect(!run.errors.contains("did you mean"), "\(run.errors)")
        #expect(run.errors.contains("what can follow: within"), "\(run.errors)")
    }
}
