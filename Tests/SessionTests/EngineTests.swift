import Language
import Report
import Session
import Testing

/// Sentences as transactions, without files: variables and settings are state like any other.
@Suite("The engine")
struct EngineTests {
    private let engine: Engine

    init() throws { engine = try Engine.open(path: nil) }

    /// Runs sentences one after another; returns the last answer.
    @discardableResult
    private func run(_ text: String) throws -> Engine.Answer {
        let script = Engine.vocabulary.check(Source(text), known: engine.variables, overrides: engine.parameters)
        #expect(script.diagnostics.isEmpty, "\(script.diagnostics.map(\.message))")
        return try #require(script.sentences.map { engine.run($0) }.last)
    }

    @Test("has a vocabulary without flaws, whose examples parse")
    func vocabulary() {
        #expect(Engine.vocabulary.flaws.isEmpty, "\(Engine.vocabulary.flaws.joined(separator: "\n"))")
    }

    @Test("keeps a sentence's changes, and the journal holds it in full")
    func kept() throws {
        let answer = try run("let e = 0.01")
        #expect(answer.status == .ok)
        #expect(answer.number == 1)
        #expect(engine.variables["e"] == .number(0.01))
        #expect(engine.nextCell == 2)
    }

    @Test("leaves the session as it was when a sentence fails in its middle")
    func failed() throws {
        try run("let e = 0.01")
        let before = engine.state
        let answer = try run("for x in 1, 2 { let e = $x; prune }")
        #expect(answer.status == .failed)
        #expect(answer.diagnostic?.message.contains("needs a model") == true)
        #expect(engine.state == before)
        #expect(answer.number == 2)
    }

    @Test("leaves the session as it was when a sentence is stopped")
    func interrupted() throws {
        try run("let e = 0.01")
        let before = engine.state
        engine.isInterrupted = { true }
        let answer = try run("for x in 1, 2 { let e = $x }")
        #expect(answer.status == .interrupted)
        #expect(answer.diagnostic?.message.contains("the session is as it was before [2]") == true)
        #expect(engine.state == before)
        engine.isInterrupted = { false }
        #expect(try run("for x in 1, 2 { let e = $x }").status == .ok)
        #expect(engine.variables["e"] == .integer(2))
    }

    @Test("takes sentences back and does them again, until another one is said")
    func undo() throws {
        try run("let e = 1; let e = 2; let e = 3")
        try run("undo 2")
        #expect(engine.variables["e"] == .integer(1))
        try run("redo")
        #expect(engine.variables["e"] == .integer(2))
        try run("let f = 1")
        #expect(try run("redo").status == .failed)
        #expect(try run("undo 9").status == .failed)
        #expect(engine.variables["e"] == .integer(2))
    }

    @Test("journals the value of a param that counted")
    func parameters() throws {
        engine.parameters = ["e": .number(0.5)]
        #expect(try run("param e = 0.01").sentence == "param e = 0.5")
        #expect(engine.variables["e"] == .number(0.5))
    }

    @Test("tells an expectation that is not met from a sentence that failed, and a wish to leave from both")
    func outcomes() throws {
        #expect(try run("expect params < 1").failsExpectation == false)
        #expect(try run("undo").failsExpectation == false)
        let quit = try run("quit")
        #expect(quit.quits)
        #expect(quit.number == nil)
        #expect(engine.nextCell == 3)
    }

    @Test("takes settings back, too")
    func settings() throws {
        try run("set memory 100MB")
        #expect(engine.state.settings.memory == 100_000_000)
        try run("undo")
        #expect(engine.state.settings.memory == nil)
    }
}
