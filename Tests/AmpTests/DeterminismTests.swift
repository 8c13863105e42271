import Foundation
import Testing

@Suite("The same script")
struct DeterminismTests {
    /// Nearly every command; none whose answer is about the session itself.
    static let job = """
        load "tiny" as m
        data "images.safetensors" tensor=images as cal
        data "images.safetensors" tensor=images_val as val
        data "photos" as pics
        evaluate knn k=3 using pics
        score crossentropy batch=8 using cal
        score entropy t=15 batch=8 using cal
        show scores
        search all within 0.02 batch=8 using val
        show plan
        prune
        show stats
        evaluate agreement using val
        expect params < 100%
        export plan to "plan.json"
        save "slim"
        """

    private func output(_ folder: Folder, _ arguments: [String]) throws -> String {
        let run = try Run(AmpBinary.path, arguments, in: folder.path)
        #expect(run.exitCode == 0, "\(run.errors)")
        return run.output
    }

    @Test("gives the same output in memory, in a new session, in a restarted one and on one thread")
    func outputs() throws {
        let folder = try Folder.staged()
        try folder.write(Self.job, to: "job.amp")
        let first = try output(folder, ["run", "job.amp"])
        #expect(first.contains("[16] save \"slim\""))
        // What was written the first time is there the second time, byte for byte, so it may be "written" again.
        let second = try output(folder, ["run", "job.amp"])
        #expect(second == first)
        let session = try output(folder, ["run", "job.amp", "--session", "s.ampdb"])
        #expect(session == second)

        try folder.write("set threads 1\n" + Self.job, to: "single.amp")
        let single = try output(folder, ["run", "single.amp"])
        #expect(Self.answers(single, renumbered: 1).dropFirst() == Self.answers(second)[...])
    }

    @Test("in a session that has run it before is answered from there, with the same results")
    func cached() throws {
        let folder = try Folder.staged()
        try folder.write(Self.job, to: "job.amp")
        let first = try Run(AmpBinary.path, ["run", "job.amp", "--session", "s.ampdb"], in: folder.path)
        let second = try Run(AmpBinary.path, ["run", "job.amp", "--session", "s.ampdb"], in: folder.path)
        #expect(second.exitCode == 0, "\(second.errors)")
        #expect(!first.errors.contains("from cache"))
        #expect(second.errors.components(separatedBy: "from cache").count > 5, "\(second.errors)")
        #expect(second.errors.contains("3 of 3 layers from cache"))
        // Cells are counted on, and cells are named: [7] score is [23] score now. Only 'load' has one thing more to say.
        #expect(
            Self.answers(second.output, renumbered: 16).map { $0.replacing(#/\n.*is whole again.*/#, with: "") }
                == Self.answers(first.output))
    }

    @Test("comes out of 'export script' and replays to the same output")
    func replay() throws {
        let folder = try Folder.staged()
        try folder.write(Self.job, to: "job.amp")
        _ = try output(folder, ["run", "job.amp", "--session", "s.ampdb"])
        _ = try output(folder, ["s.ampdb", "-c", "undo; redo; export script to \"again.amp\""])
        let script = try folder.text("again.amp")
        #expect(script.hasPrefix("amp 1\nload \"tiny\" as m\n"))
        let direct = try output(folder, ["run", "job.amp"])
        let replayed = try output(folder, ["run", "again.amp"])
        #expect(Self.answers(replayed).prefix(16) == Self.answers(direct)[...])
        #expect(replayed.contains("done again: [16]") || replayed.contains("done again: [11] prune"))
    }

    @Test("as JSON is one object a sentence, the same twice")
    func json() throws {
        let folder = try Folder.staged()
        try folder.write(Self.job, to: "job.amp")
        _ = try output(folder, ["run", "job.amp", "--json"])
        let first = try output(folder, ["run", "job.amp", "--json"])
        let second = try output(folder, ["run", "job.amp", "--json"])
        let lines = first.split(separator: "\n")
        #expect(lines.count == 16)
        for (line, other) in zip(lines, second.split(separator: "\n")) {
            let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["sentence"] is String)
            #expect(object["status"] as? String == "ok")
            #expect(try Self.withoutStatus(line) == Self.withoutStatus(other))
        }
        let failed = try folder.amp("-c", "load \"nowhere\"", "--json")
        #expect(failed.exitCode == 1)
        #expect(failed.errors.isEmpty)
        let object = try #require(JSONSerialization.jsonObject(with: Data(failed.output.utf8)) as? [String: Any])
        let error = try #require(object["error"] as? [String: Any])
        #expect((error["message"] as? String)?.contains("there is nothing at") == true)
    }

    /// The answer to each sentence, without its number.
    private static func answers(_ output: String, renumbered by: Int = 0) -> [String] {
        var answers: [String] = []
        for line in output.components(separatedBy: "\n") {
            if let end = line.firstIndex(of: "]"), line.hasPrefix("[") {
                answers.append(String(line[end...]))
            } else if !answers.isEmpty, !line.isEmpty {
                answers[answers.count - 1] += "\n" + line.replacing(#/\[(\d+)\]/#) { "[\((Int($0.1) ?? 0) - by)]" }
            }
        }
        return answers
    }

    /// Times, and what came from the cache, stand in outputs of the kind "status".
    private static func withoutStatus(_ line: Substring) throws -> Data {
        var object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        object["outputs"] = (object["outputs"] as? [[String: Any]])?.filter { $0["kind"] as? String != "status" }
        return try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
    }
}
