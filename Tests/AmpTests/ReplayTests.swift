import Foundation
import Testing

/// `amp run --record` and `amp verify`, as their users have them.
@Suite("Replay")
struct ReplayTests {
    private static let job = """
        param kept = 0.02
        load "tiny" as m
        data "images.safetensors" tensor=images as cal
        data "images.safetensors" tensor=images_val as val
        data "photos" as pics
        evaluate knn k=3 using pics
        score entropy t=15 batch=8 using cal
        show scores
        export scores to "scores.safetensors"
        search all within $kept batch=8 using val
        show plan
        prune
        evaluate agreement using val
        expect params < 100%
        export plan to "plan.json"
        save "slim"
        load "slim" as slim
        evaluate entropy batch=8 using val
        show session
        run "more.amp" t=7

        """

    /// The job's files, with a record of it.
    private func recorded(_ arguments: [String] = []) throws -> Folder {
        let folder = try Folder.staged()
        try folder.write(Self.job, to: "job.amp")
        try folder.write("param t = 5\nevaluate entropy t=$t batch=8 using val on m\n", to: "more.amp")
        let run = try Run(
            AmpBinary.path, ["run", "job.amp", "--record", "job.amplock"] + arguments, in: folder.path)
        #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
        return folder
    }

    @Test("on the same machine is identical to the last bit, and changes no file")
    func identical() throws {
        let folder = try recorded()
        let before = try (
            folder.bytes("plan.json"), folder.bytes("slim/model.safetensors"), folder.bytes("job.amplock")
        )
        let run = try folder.amp("verify", "job.amp", "--against", "job.amplock")
        #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains("19 of 20 sentences identical, 1 about the machine"), "\(run.output)")
        let after = try (folder.bytes("plan.json"), folder.bytes("slim/model.safetensors"), folder.bytes("job.amplock"))
        #expect(before == after)
        // What the script writes and reads again need not be there.
        try FileManager.default.removeItem(atPath: folder["slim"])
        try FileManager.default.removeItem(atPath: folder["plan.json"])
        let again = try folder.amp("verify", "job.amp", "--against", "job.amplock", "--tolerance", "0")
        #expect(again.exitCode == 0, "\(again.output)\(again.errors)")
        #expect(!folder.exists("slim") && !folder.exists("plan.json"))
        let left = try FileManager.default.contentsOfDirectory(atPath: FileManager.default.temporaryDirectory.path)
        #expect(!left.contains { $0.hasPrefix("amp-verify-") && folder.exists("../\($0)\(folder.path)") })
    }

    @Test("the same run gives the same record, with hashes of all that was read and written")
    func record() throws {
        let folder = try recorded()
        let first = try folder.text("job.amplock")
        for part in [
            "\"path\": \"tiny\"", "\"path\":\"tiny/config.json\"",
            "\"name\":\"pics\"", "\"path\":\"more.amp\"", "\"path\":\"slim/model.safetensors\"",
            "\"path\":\"scores.safetensors\"", "\"recurrence\":\"figures\"", "\"blas\": \"OpenBLAS",
            "\"status\": \"ok\"", "\"entropy_before\":", "\"recurrence\":\"exact\"",
        ] { #expect(first.replacing(": ", with: ":").contains(part.replacing(": ", with: ":")), "\(part)") }
        #expect(!first.contains(folder.path) && !first.contains("seconds\":0"))
        let refused = try folder.amp("run", "job.amp", "--record", "job.amplock")
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("\"job.amplock\" exists"))
        #expect(refused.output.isEmpty)
        let again = try folder.amp("run", "job.amp", "--record", "job.amplock", "--replace")
        #expect(again.exitCode == 0)
        #expect(try folder.text("job.amplock") == first)
    }

    @Test("runs with the recorded values of params")
    func parameters() throws {
        let folder = try recorded(["--set", "kept=1%"])
        #expect(try folder.text("job.amplock").contains("\"kept\":\"1%\""))
        let run = try folder.amp("verify", "job.amp", "--against", "job.amplock")
        #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    }

    @Test("with other kernels is within the tolerance, and says what is other")
    func kernels() throws {
        let folder = try recorded()
        let run = try folder.amp(
            "verify", "job.amp", "--against", "job.amplock", environment: ["OPENBLAS_CORETYPE": "Prescott"])
        // Kernels that add in another order; a processor of another make may have none of that name.
        #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
        let exact = try folder.amp(
            "verify", "job.amp", "--against", "job.amplock", "--tolerance", "0",
            environment: ["OPENBLAS_CORETYPE": "Prescott"])
        if run.output.contains("within tolerance") {
            #expect(run.output.contains("here other kernels: OpenBLAS"), "\(run.output)")
            #expect(exact.exitCode == 1)
        }
    }

    @Test(
        "with another number of threads is identical, where amp's own kernel does the products", arguments: ["1", "3"])
    func threads(count: String) throws {
        let folder = try recorded()
        let run = try folder.amp("verify", "job.amp", "--against", "job.amplock", "--threads", count)
        #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains("here other number of threads: \(count)"), "\(run.output)")
        #expect(try folder.amp("verify", "job.amp", "--against", "job.amplock", "--threads", "0").exitCode == 64)
    }

    @Test("says first that the model or the data are others")
    func inputs() throws {
        let folder = try recorded()
        let other = try folder.bytes("other/model.safetensors")
        try folder.write(other, to: "tiny/model.safetensors")
        try folder.write(PNG.rgb(width: 2, height: 2, [UInt8](repeating: 9, count: 12)), to: "photos/red/1.png")
        let run = try folder.amp("verify", "job.amp", "--against", "job.amplock")
        #expect(run.exitCode == 1)
        let text = run.output.split { $0.isWhitespace }.joined(separator: " ")
        #expect(
            text.contains(#"different [2] load "tiny" as m the model file of 'm' differs from the recorded one: tiny"#))
        #expect(text.contains(#"different [5] data "photos" as pics the data of 'pics' differs"#), "\(text)")
    }

    @Test("names the figure that is another one, and where it stands")
    func figure() throws {
        let folder = try Folder.staged()
        try folder.write("load \"tiny\" as m\ndata \"photos\" as p\nscore magnitude\nshow scores\n", to: "a.amp")
        #expect(try folder.amp("run", "a.amp", "--record", "a.amplock").exitCode == 0)
        try folder.write("load \"tiny\" as m\ndata \"photos\" as p\nscore magnitude\nshow stats\n", to: "a.amp")
        let changed = try folder.amp("verify", "a.amp", "--against", "a.amplock")
        #expect(changed.exitCode == 1)
        #expect(changed.errors.contains("the script is not the recorded one, so nothing ran"))
        #expect(changed.errors.contains("sentence 4 was: show scores"))
        #expect(changed.errors.contains("sentence 4 is:  show stats"))
    }

    @Test("of a run that failed fails the same way, or says that it does not")
    func failures() throws {
        let folder = try Folder.staged()
        let script = "load \"tiny\" as m\nprune\nexpect params < 1%\nshow stats\n"
        try folder.write(script, to: "f.amp")
        #expect(try folder.amp("run", "f.amp", "--record", "f.amplock").exitCode == 1)
        let same = try folder.amp("verify", "f.amp", "--against", "f.amplock")
        #expect(same.exitCode == 0, "\(same.output)\(same.errors)")
        #expect(same.output.contains("2 of 2 sentences identical"))

        let on = try folder.amp("run", "f.amp", "--keep-going", "--record", "on.amplock")
        #expect(on.exitCode == 1)
        #expect(on.output.contains("[4] show stats"))
        #expect(on.errors.contains("2 of 4 sentences did not do what they should"))
        #expect(on.errors.contains("[3] expect params < 1%: expected params < 1%, found 100.00 %"), "\(on.errors)")
        let again = try folder.amp("verify", "f.amp", "--against", "on.amplock")
        #expect(again.exitCode == 0)
        #expect(again.output.contains("4 of 4 sentences identical"))

        try folder.write("load \"tiny\" as m\nexpect params < 1%\nshow stats\n", to: "e.amp")
        #expect(try folder.amp("run", "e.amp", "--keep-going").exitCode == 2)

        try FileManager.default.removeItem(atPath: folder["tiny"])
        let gone = try folder.amp("verify", "f.amp", "--against", "f.amplock")
        #expect(gone.exitCode == 1)
        #expect(gone.output.contains("it succeeded then and fails now"), "\(gone.output)")
        #expect(gone.output.contains("1 different"), "\(gone.output)")
        #expect(gone.output.contains("1 not reached"), "\(gone.output)")
    }

    @Test("as JSON is one object a sentence, and one for all")
    func json() throws {
        let folder = try recorded()
        let run = try folder.amp("verify", "job.amp", "--against", "job.amplock", "--json")
        #expect(run.exitCode == 0)
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 21)
        for line in lines {
            let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let output = try #require((object["outputs"] as? [[String: Any]])?.first)
            #expect((output["data"] as? [String: Any])?["outcome"] is String)
        }
        let quiet = try folder.amp("verify", "job.amp", "--against", "job.amplock", "--quiet")
        #expect(quiet.output.split(separator: "\n").count == 1)
    }

    @Test(
        "says what is wrong with a record, and runs nothing",
        arguments: [
            (nil, 64, "there is nothing at this path"), ("", 65, "it ends too early"),
            ("{\"amplock\": 1", 65, "ends too early"),
            ("[1, 2]", 65, "is no record of a run"), ("{\"amplock\": 99}", 65, "written by a newer amp"),
            ("{\"amplock\": 1}", 65, "is damaged"), ("PK\u{3}\u{4}\u{0}\u{0}", 65, "is no record"),
        ] as [(String?, Int32, String)])
    func broken(content: String?, exitCode: Int32, message: String) throws {
        let folder = try Folder.staged()
        try folder.write("load \"tiny\" as m\n", to: "a.amp")
        if let content { try folder.write(content, to: "a.amplock") }
        let run = try folder.amp("verify", "a.amp", "--against", "a.amplock")
        #expect(run.exitCode == exitCode)
        #expect(run.errors.split { $0.isWhitespace }.joined(separator: " ").contains(message), "\(run.errors)")
        #expect(run.output.isEmpty)
    }

    @Test("needs a script, a record's place that can be written, and a session of its own")
    func places() throws {
        let folder = try Folder.staged()
        try folder.write("load \"tiny\" as m\n", to: "a.amp")
        #expect(try folder.amp("verify", "missing.amp", "--against", "a.amplock").exitCode == 64)
        #expect(try folder.amp("verify", "a.amp").exitCode == 64)
        let nowhere = try folder.amp("run", "a.amp", "--record", "no/such/a.amplock")
        #expect(nowhere.exitCode == 1)
        #expect(nowhere.output.isEmpty, "nothing runs that can't be recorded")
        #expect(try folder.amp("run", "a.amp", "--record", "photos").exitCode == 1)
        #expect(try folder.amp("run", "a.amp", "--record", "a.amplock", "--session", "s.ampdb").exitCode == 64)
        try folder.write("serach\n", to: "b.amp")
        #expect(try folder.amp("run", "b.amp", "--record", "b.amplock").exitCode == 65)
        #expect(!folder.exists("b.amplock"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.hasSuffix(".tmp") })
    }
}
