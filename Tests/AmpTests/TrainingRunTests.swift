import Foundation
import Testing

@Suite("A training that is stopped")
struct TrainingRunTests {
    private static let training = "train epochs=12 batch=8 rate=0.01 warmup=0"
    private static let preparation = Folder.slowPreparation.dropLast().joined(separator: "; ")

    /// The weights of the training that nobody stopped.
    private static let uninterrupted = Result<[UInt8], any Error> {
        let folder = try Folder.slow()
        let run = try folder.amp("-c", "\(preparation); \(training); save \"out\"")
        #expect(run.exitCode == 0, "\(run.output)\n\(run.errors)")
        return try folder.bytes("out/model.safetensors")
    }

    private func say(_ sentences: String, _ folder: Folder) throws -> Run {
        try folder.amp("s.ampdb", "-c", sentences)
    }

    @Test("by kill -9 goes on to the same weights, bit by bit, and the session is as before until then")
    func killed() throws {
        let folder = try Folder.slow()
        #expect(try say(Self.preparation, folder).exitCode == 0)
        let before = try say("show models", folder).output
        let run = try folder.terminal("s.ampdb", "-c", Self.training)
        try run.expect("epoch 7 of 12")
        kill(run.process, SIGKILL)
        #expect(try run.waitForExit() == 128 + SIGKILL)
        #expect(try say("show models", folder).output == before)
        let resumed = try say("\(Self.training); save \"out\"", folder)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        #expect(resumed.errors.contains("goes on after epoch"), "\(resumed.errors)")
        #expect(try folder.bytes("out/model.safetensors") == Self.uninterrupted.get())
    }

    @Test("by Ctrl-C keeps the best so far; taken back, the same sentence goes on to the same weights")
    func interrupted() throws {
        let folder = try Folder.slow()
        #expect(try say(Self.preparation, folder).exitCode == 0)
        let run = try folder.terminal("s.ampdb", "-c", "\(Self.training); save \"never\"")
        try run.expect("epoch 5 of 12")
        run.interrupt()
        #expect(try run.waitForExit() == 130)
        let text = run.text.split { $0.isWhitespace }.joined(separator: " ")
        #expect(text.contains("m: trained for"), "\(text)")
        #expect(text.contains("of 12; the best so far is kept, that of epoch"), "\(text)")
        #expect(!folder.exists("never"), "a script ends where it was stopped")
        #expect(try say("undo", folder).exitCode == 0)
        let resumed = try say("\(Self.training); save \"out\"", folder)
        #expect(resumed.errors.contains("goes on after epoch"), "\(resumed.errors)")
        #expect(try folder.bytes("out/model.safetensors") == Self.uninterrupted.get())
    }

    @Test("begins anew where what it had reached is damaged, and says so")
    func damaged() throws {
        let folder = try Folder.slow()
        #expect(try say(Self.preparation, folder).exitCode == 0)
        let run = try folder.terminal("s.ampdb", "-c", Self.training)
        try run.expect("epoch 7 of 12")
        kill(run.process, SIGKILL)
        _ = try run.waitForExit()
        let states = try FileManager.default.contentsOfDirectory(atPath: folder["s.ampdb.weights"])
        let state = try #require(states.first { $0.hasPrefix("training-") && $0.hasSuffix(".safetensors") })
        try folder.write(Array(folder.bytes("s.ampdb.weights/" + state).dropLast(1000)), to: "s.ampdb.weights/" + state)
        let again = try say("\(Self.training); save \"out\"", folder)
        #expect(again.exitCode == 0, "\(again.errors)")
        let text = (again.output + again.errors).split { $0.isWhitespace }.joined(separator: " ")
        #expect(text.contains("was damaged and is gone: training starts anew"), "\(text)")
        #expect(try folder.bytes("out/model.safetensors") == Self.uninterrupted.get())
    }

    @Test(
        "or a compensation keeps its weights beside the session; without them there is one clear message",
        arguments: [true, false])
    func lost(isDamaged: Bool) throws {
        let folder = try Folder.staged()
        let made = try say(
            """
            load "tiny" as m; data "images.safetensors" tensor=images split 50% as cal; score magnitude; \
            search uniform to 80% params; prune compensate=ls; evaluate entropy batch=8
            """, folder)
        #expect(made.exitCode == 0, "\(made.errors)")
        let weights = try FileManager.default.contentsOfDirectory(atPath: folder["s.ampdb.weights"])
        let file = "s.ampdb.weights/" + (try #require(weights.first))
        let bytes = try folder.bytes(file)
        if isDamaged {
            try folder.write(bytes.map { ~$0 }, to: file)
        } else {
            try FileManager.default.removeItem(atPath: folder[file])
        }
        let lost = try say("evaluate entropy batch=8 t=3", folder)
        #expect(lost.exitCode == 1)
        #expect(lost.errors.contains("the changed weights of 'm' are not at"), "\(lost.errors)")
        #expect(lost.errors.contains("or undo and run the sentence that made them again"))
        try folder.write(bytes, to: file)
        #expect(try say("evaluate entropy batch=8 t=3", folder).exitCode == 0)
    }
}
