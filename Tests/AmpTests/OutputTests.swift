import Foundation
import Testing

@Suite("What amp writes")
struct OutputTests {
    private func everything(_ environment: [String: String], _ options: [String] = []) throws -> Run {
        let folder = try Folder.staged()
        let job =
            DeterminismTests.job + "\nshow models\nshow data\nshow session\nshow history\nhelp\nhelp search\nhelp start"
        try folder.write(job, to: "a script with a name that is not short.amp")
        return try Run(
            AmpBinary.path, ["run", "a script with a name that is not short.amp"] + options, environment: environment,
            in: folder.path)
    }

    @Test("is no wider than the window", arguments: [40, 60, 80, 120])
    func width(columns: Int) throws {
        let run = try everything(["COLUMNS": "\(columns)"])
        #expect(run.exitCode == 0, "\(run.errors)")
        // What the user wrote is repeated as it was; help pages are set in 78 columns.
        let wide = run.output.components(separatedBy: "\n").filter { $0.count > columns && !$0.hasPrefix("[") }
        #expect(wide.isEmpty, "\(wide.joined(separator: "\n"))")
    }

    @Test("holds no escape codes unless there is a terminal or they are asked for")
    func colour() throws {
        #expect(try !everything(["NO_COLOR": "1"]).output.contains("\u{1B}"))
        #expect(try everything(["NO_COLOR": "1"], ["--color", "always"]).output.contains("\u{1B}"))
        #expect(try !everything([:], ["--color", "never"]).output.contains("\u{1B}"))
    }

    @Test("is plain ASCII where the locale cannot show more")
    func ascii() throws {
        let run = try everything(["LC_ALL": "C"])
        #expect(run.exitCode == 0)
        let answers = run.output.components(separatedBy: "\n").filter { !$0.unicodeScalars.allSatisfy(\.isASCII) }
        #expect(answers.isEmpty, "\(answers.joined(separator: "\n"))")
    }

    @Test("is only the results with --quiet")
    func quiet() throws {
        let run = try everything([:], ["--quiet"])
        #expect(run.errors.isEmpty)
        #expect(!run.output.contains("[1]"))
        #expect(!run.output.contains("note:"))
        #expect(run.output.contains("m: timm vision transformer"))
    }

    @Test("ends quietly when nobody reads on")
    func closedPipe() throws {
        let folder = try Folder.staged()
        try folder.write(String(repeating: "help search\n", count: 200), to: "long.amp")
        let run = try Run(
            "/bin/bash", ["-c", "\"\(AmpBinary.path)\" run long.amp | head -n 1; echo \"${PIPESTATUS[0]}\""],
            in: folder.path)
        #expect(run.output == "[1] help search\n\(128 + SIGPIPE)\n")
        #expect(run.errors == "")
    }

    @Test(
        "ends with the code that says how it went",
        arguments: [
            (["-c", "help"], 0), (["-c", "load \"nowhere\""], 1), (["run", "unmet.amp"], 2), (["run", "none.amp"], 64),
            (["--nonsense"], 64), (["run"], 64), (["job.amp"], 64), (["run", "unmet.amp", "--set", "x"], 64),
            (["run", "typo.amp"], 65), (["-c", "serach all"], 65), (["--version"], 0), (["--help"], 0),
            (["run", "photos"], 64),
        ] as [([String], Int32)])
    func exitCodes(arguments: [String], code: Int32) throws {
        let folder = try Folder.staged()
        try folder.write("load \"tiny\" as m\nexpect params < 50%\n", to: "unmet.amp")
        try folder.write("help\nserach all\n", to: "typo.amp")
        let run = try Run(AmpBinary.path, arguments, in: folder.path)
        #expect(run.exitCode == code, "\(run.output)\n\(run.errors)")
        #expect(code == 0 || code == 65 || !run.errors.isEmpty)
    }

    @Test("a script that does not read well runs not at all")
    func checkedWhole() throws {
        let folder = try Folder.staged()
        try folder.write("load \"tiny\" as m\nsave \"out\"\nsaev \"out\"\n", to: "typo.amp")
        let run = try folder.amp("run", "typo.amp")
        #expect(run.exitCode == 65)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("typo.amp:3:1: error: unknown command 'saev'"))
        #expect(!folder.exists("out"))
    }

    @Test("sentences from standard input are a script")
    func standardInput() throws {
        let folder = try Folder.staged()
        let run = try folder.amp(input: "load \"tiny\" as m\r\nshow models")
        #expect(run.exitCode == 0)
        #expect(run.output.contains("[2] show models"))
        #expect(!folder.exists("session.ampdb"))
        #expect(try folder.amp(input: "load \"tiny\n").exitCode == 65)
        #expect(try folder.amp(input: "").exitCode == 0)
    }
}
