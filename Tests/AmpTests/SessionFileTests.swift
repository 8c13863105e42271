import Foundation
import Testing

/// What a session keeps, told by processes that come one after another.
@Suite("A session file")
struct SessionFileTests {
    private static let work = """
        load "tiny" as m; data "images.safetensors" tensor=images as cal; data "photos" as pics; let e = 0.02; \
        score entropy t=15 batch=8 using cal; search all within $e batch=8 using cal
        """

    private static let look = "show models; show data; show scores; show plan; show stats"

    private func say(_ sentences: String, _ folder: Folder, session: String = "s.ampdb") throws -> Run {
        try folder.amp(session, "-c", sentences, environment: ["COLUMNS": "200"])
    }

    @Test("gives models, data, scores, plan, variables and the undo stack back")
    func reopened() throws {
        let folder = try Folder.staged()
        #expect(try say(Self.work, folder).exitCode == 0)
        let before = try say(Self.look, folder).output
        #expect(before.contains("searched by [6] search"))
        #expect(try say("search layer 1 within $e batch=8 using cal", folder).output.contains("within 0.02 nats"))
        #expect(try say("prune; " + Self.look, folder).output.contains("pruned by"))
        #expect(try say("undo 2", folder).output.contains("undone: [12] search layer 1"))
        #expect(try say(Self.look, folder).output == before)
        #expect(try say("redo 2", folder).output.contains("done again: [13] prune"))
        #expect(try say("show models", folder).output.contains("pruned by [13] prune"))
        #expect(try say("undo 4", folder).exitCode == 0)
        #expect(try say("show plan", folder).exitCode == 1)
    }

    @Test("can be moved to another folder, with or without what it points to")
    func moved() throws {
        let folder = try Folder.staged()
        #expect(try say(Self.work, folder).exitCode == 0)
        let before = try say(Self.look, folder).output
        try FileManager.default.createDirectory(atPath: folder["elsewhere"], withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: folder["s.ampdb"], toPath: folder["elsewhere/s.ampdb"])
        let run = try Run(
            AmpBinary.path, ["s.ampdb", "-c", Self.look + "; prune"], environment: ["COLUMNS": "200"],
            in: folder["elsewhere"])
        #expect(run.output.hasPrefix(before))
        #expect(run.exitCode == 0, "\(run.errors)")
    }

    @Test("notices that a checkpoint has moved or changed, and takes it back when it is as before")
    func checkpoint() throws {
        let folder = try Folder.staged()
        #expect(try say(Self.work, folder).exitCode == 0)
        let manager = FileManager.default
        try manager.moveItem(atPath: folder["tiny"], toPath: folder["moved"])
        let gone = try say("prune", folder)
        #expect(gone.exitCode == 1)
        #expect(gone.errors.contains("error: the checkpoint of 'm' is no longer at"), "\(gone.errors)")
        #expect(gone.errors.contains("load it from where it is now"), "\(gone.errors)")
        #expect(try say("show models", folder).output.contains("source not as it was"))
        // Scores belong to the content, wherever it lies.
        let again = try say("load \"moved\" as m; score entropy t=15 batch=8 using cal; undo 2", folder)
        #expect(again.errors.contains("from cache"), "\(again.errors)")

        try manager.moveItem(atPath: folder["moved"], toPath: folder["tiny"])
        let original = try folder.bytes("tiny/model.safetensors")
        var flipped = original
        flipped[flipped.count - 3] ^= 1
        try folder.write(flipped, to: "tiny/model.safetensors")
        let changed = try say("prune", folder)
        #expect(changed.exitCode == 1)
        #expect(changed.errors.contains("error: the checkpoint of 'm' has changed since it was loaded"))
        #expect(changed.errors.contains("SHA-256 was"))

        try folder.write(original, to: "tiny/model.safetensors")
        #expect(try say("prune", folder).exitCode == 0)
    }

    @Test("notices that images have changed, but not that they were touched")
    func data() throws {
        let folder = try Folder.staged()
        #expect(try say("load \"tiny\" as m; data \"photos\" as pics; score entropy", folder).exitCode == 0)
        let original = try folder.bytes("photos/red/1.png")
        try folder.write(original, to: "photos/red/1.png")
        #expect(try say("score entropy", folder).errors.contains("from cache"))
        try folder.write(try folder.bytes("photos/blue/1.png"), to: "photos/red/1.png")
        let changed = try say("score entropy", folder)
        #expect(changed.exitCode == 1)
        #expect(changed.errors.contains("error: the images of 'pics' are not those of [2] data any more"))
        try folder.write(original, to: "photos/red/1.png")
        #expect(try say("score entropy", folder).exitCode == 0)
    }

    @Test("says what came from its cache")
    func cache() throws {
        let folder = try Folder.staged()
        let first = try say(Self.work, folder)
        #expect(!first.errors.contains("from cache"))
        let score = try say("score entropy t=15 batch=8 using cal", folder)
        #expect(score.errors.contains("from cache"))
        #expect(score.output.contains("entropy 0.5779"))
        let search = try say("search all within 0.02 batch=8 using cal", folder)
        #expect(search.errors.contains("3 of 3 layers from cache"))
        #expect(first.output.hasSuffix(search.output))
        // Anything else is another question.
        for other in ["score entropy t=16 batch=8 using cal", "score entropy t=15 batch=4 using cal"] {
            #expect(try !say(other, folder).errors.contains("from cache"), "\(other)")
        }
    }

    @Test("is for one process at a time, and free again when that one ends or is killed", arguments: [true, false])
    func twoProcesses(isKilled: Bool) throws {
        let folder = try Folder.staged()
        let first = try folder.terminal("s.ampdb")
        try first.expectLine("[1] ")
        let second = try say("help", folder)
        #expect(second.exitCode == 1)
        #expect(
            second.errors.contains("error: the session \"s.ampdb\" is open in another amp (process \(first.process))"))
        #expect(second.errors.contains("hint: leave that one first, or name another session: amp other.ampdb"))
        #expect(try say("help", folder, session: "other.ampdb").exitCode == 0)
        if isKilled { kill(first.process, SIGKILL) } else { first.endInput() }
        #expect(try first.waitForExit() == (isKilled ? 128 + SIGKILL : 0))
        #expect(try say("help", folder).exitCode == 0)
    }

    /// The search that nobody stopped.
    private static let uninterrupted = Result<Run, any Error> {
        try Folder.slow().amp(
            "-c", (Folder.slowPreparation + [Folder.slowSearch]).joined(separator: "; "),
            environment: ["COLUMNS": "200"])
    }

    @Test(
        "loses at most the running sentence to kill -9 or Ctrl-C, and the search goes on from what it found",
        arguments: [SIGKILL, SIGINT, SIGTERM])
    func interruptedSearch(signal: Int32) throws {
        let folder = try Folder.slow()
        #expect(try say(Folder.slowPreparation.joined(separator: "; "), folder).exitCode == 0)
        let looked = "show models; show data; show stats"
        let before = try say(looked, folder).output

        let search = try folder.terminal("s.ampdb", "-c", Folder.slowSearch)
        try search.expect("searching m  ")
        // Past one layer at least, as the line says.
        try search.expectProgress(beyond: 20)
        kill(search.process, signal)
        let code = try search.waitForExit()
        #expect(code == 128 + signal || signal == SIGINT && code == 130)

        #expect(try say(looked, folder).output == before)
        let resumed = try say(Folder.slowSearch, folder)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        #expect(resumed.errors.contains("of 8 layers from cache"), "\(resumed.errors)")
        let whole = try Self.uninterrupted.get()
        #expect(!whole.errors.contains("from cache"))
        #expect(whole.output.hasSuffix(resumed.output))
    }

    @Test(
        "that is none is left as it is",
        arguments: [
            ("text.ampdb", "error: \"text.ampdb\" is not a session file"),
            ("photos", "error: \"photos\" is a folder, not a session file"),
            ("none/s.ampdb", "error: the folder for \"none/s.ampdb\" does not exist"),
            ("tiny/model.safetensors", "error: \"tiny/model.safetensors\" is not a session file"),
        ])
    func notASession(path: String, message: String) throws {
        let folder = try Folder.staged()
        try folder.write(String(repeating: "not a session\n", count: 100), to: "text.ampdb")
        let before = try? folder.bytes(path)
        let run = try say("help", folder, session: path)
        #expect(run.exitCode == 1)
        #expect(run.errors.contains(message), "\(run.errors)")
        #expect((try? folder.bytes(path)) == before)
        if !path.hasPrefix("none") { #expect(folder.exists(path)) }
    }

    @Test("that is cut off says so, and one with no bytes is a new one")
    func damaged() throws {
        let folder = try Folder.staged()
        #expect(try say(Self.work, folder).exitCode == 0)
        let bytes = try folder.bytes("s.ampdb")
        try folder.write(Array(bytes.prefix(bytes.count / 3)), to: "cut.ampdb")
        let run = try say(Self.look, folder, session: "cut.ampdb")
        #expect(run.exitCode == 1)
        #expect(run.errors.contains("error: "), "\(run.errors)")
        #expect(!run.errors.contains("unforeseen"), "\(run.errors)")
        try folder.write("", to: "empty.ampdb")
        #expect(try say("help", folder, session: "empty.ampdb").exitCode == 0)
    }
}
