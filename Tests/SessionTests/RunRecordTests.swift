import Checkpoints
import Foundation
import Language
import Session
import Testing

/// The file of a recorded run: what is written is read, and what is not is refused with its reason.
@Suite("The record of a run")
struct RunRecordTests {
    /// A run of some sentences that need no files.
    private static func run(_ text: String) throws -> (RunRecord, Script) {
        let engine = try Engine.open(path: nil)
        engine.notesDependencies = true
        let source = Source(text, name: "x.amp")
        let script = Engine.vocabulary.check(source)
        #expect(script.diagnostics.isEmpty)
        var record = RunRecord(
            script: RunRecord.Script(name: "x.amp", source: source, parameters: ["a": .integer(2)], keepsGoing: true))
        for sentence in script.sentences { record.add(sentence, engine.run(sentence)) }
        record.isComplete = true
        return (record, script)
    }

    private static let text = "param a = 1; let b = 0.1; set threads 1; expect params < 1; help run"

    @Test("is read as it was written, and the same run gives the same bytes")
    func roundTrip() throws {
        let (record, _) = try Self.run(Self.text)
        let read = try RunRecord(decoding: record.encoded)
        #expect(read == record)
        #expect(read.encoded == record.encoded)
        // Other tests of this process change how many threads there are, which a record says of its machine.
        func lines(_ record: RunRecord) -> [Substring] {
            String(decoding: record.encoded, as: UTF8.self).split(separator: "\n")
                .filter { !$0.contains("\"threads\": ") }
        }
        let again = try Self.run(Self.text).0
        #expect(lines(again) == lines(record))
        #expect(read.sentences.map(\.status) == [.ok, .ok, .ok, .failed, .ok])
        #expect(read.sentences[3].error?.contains("needs a model") == true)
        #expect(lines(record).first == "{")
        #expect(lines(record).contains { $0.hasPrefix("  \"amplock\": 1") })
    }

    @Test("that is cut anywhere, or damaged, is refused")
    func truncated() throws {
        let bytes = try Self.run(Self.text).0.encoded
        for length in stride(from: 0, to: bytes.count - 2, by: 37) {
            #expect(throws: RunRecordError.notJSON) { try RunRecord(decoding: bytes.prefix(length)) }
        }
    }

    @Test(
        "says what is wrong with it",
        arguments: [
            ("\"amplock\": 1", "\"amplock\": 2", RunRecordError.newer(format: 2, amp: "0.1.0")),
            ("\"amplock\": 1", "\"amplock\": 0", .damaged("amplock")),
            ("\"amplock\": 1", "\"lock\": 1", .notARecord),
            ("\"status\": \"ok\"", "\"status\": \"fine\"", .damaged("sentence 1: status")),
            ("\"value\":1", "\"value\":2", .altered(sentence: 3)),
            ("\"sentences\"", "\"sentence\"", .damaged("its outer parts")),
            ("\"threads\": ", "\"thread\": ", .damaged("machine: threads")),
        ])
    func damaged(part: String, by other: String, error: RunRecordError) throws {
        let engine = try Engine.open(path: nil)
        var text = String(decoding: try Self.run(Self.text).0.encoded, as: UTF8.self)
        _ = engine
        if part.hasPrefix("\"value") {
            text = text.replacing("\"threads\":1", with: "\"threads\":2")
        } else {
            let place = try #require(text.range(of: part))
            text.replaceSubrange(place, with: other)
        }
        #expect(throws: error) { try RunRecord(decoding: Data(text.utf8)) }
    }

    @Test("names the first sentence in which a script is another one")
    func scripts() throws {
        let (record, script) = try Self.run("let a = 1; let b = 2")
        let verification = Verification(of: record)
        func change(_ text: String) -> Verification.ScriptChange {
            verification.change(of: Engine.vocabulary.check(Source(text)).sentences)
        }
        #expect(verification.change(of: script.sentences) == .none)
        #expect(change("# more words\nlet a = 1\n\nlet b = 2") == .none)
        #expect(change("let a = 1; let b = 2; quit; let c = 3") == .none)
        #expect(change("let a = 1; let b = 3") == .sentence(number: 2, recorded: "let b = 2", now: "let b = 3"))
        #expect(change("let a = 1") == .length(recorded: 2, now: 1))
        #expect(change("let a = 1; let b = 2; let c = 3") == .length(recorded: 2, now: 3))
        // A run that ended early says nothing about what came behind.
        var early = record
        early.isComplete = false
        let more = Engine.vocabulary.check(Source("let a = 1; let b = 2; let c = 3")).sentences
        #expect(Verification(of: early).change(of: more) == .none)
    }

    @Test("finds sentences identical, within tolerance, different and not reached")
    func verdicts() throws {
        let text = "let a = 1; expect params < 1; set threads 1; help run; let b = 2"
        let (record, script) = try Self.run(text)
        let engine = try Engine.open(path: nil)
        var verification = Verification(of: record)
        for sentence in script.sentences.prefix(4) { verification.judge(sentence, engine.run(sentence)) }
        verification.end()
        #expect(
            verification.verdicts.map(\.outcome) == [.identical, .identical, .notCompared, .identical, .notReached])
        #expect(!verification.holds)

        // The same sentence that fails now and did not then.
        var other = record
        other.sentences[1].status = .ok
        var second = Verification(of: other)
        for sentence in script.sentences { second.judge(sentence, engine.run(sentence)) }
        #expect(second.verdicts[1].outcome == .different)
        #expect(second.verdicts[1].reasons.first.map { if case .status = $0 { true } else { false } } == true)
    }

    @Test("says first that an input is another one")
    func inputs() throws {
        let (record, script) = try Self.run("let a = 1")
        var changed = record
        changed.sentences[0].dependencies = [Dependency(.model, name: "m", path: "vit/", sha256: "aa")]
        let engine = try Engine.open(path: nil)
        var verification = Verification(of: changed)
        let verdict = verification.judge(script.sentences[0], engine.run(script.sentences[0]))
        #expect(verdict.outcome == .different)
        #expect(verdict.reasons == [.unexpected(path: "vit/", wasRecorded: true)])
    }
}
