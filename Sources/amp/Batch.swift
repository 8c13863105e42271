import Foundation
import Language
import Report
import Session

/// Runs sentences that are all there from the start: a script, -c, or standard input.
struct Batch {
    let engine: Engine
    var printer: Printer
    /// Whether each sentence is shown before its answer.
    let echoes: Bool
    /// Whether a sentence that fails ends nothing but itself.
    var keepsGoing = false

    /// A sentence that did not do what it should.
    private struct Failure {
        let number: Int
        let sentence: String
        let message: String
        let isExpectation: Bool
    }

    /// Checks the whole before the first sentence runs; the first one that fails ends it.
    ///
    /// - Parameter heard: told of each answer.
    /// - Returns: the exit code, and whether the end was reached.
    mutating func run(
        _ source: Source, heard: (Sentence, Engine.Answer) -> Void = { _, _ in }
    ) -> (code: Int32, isComplete: Bool) {
        guard let script = Self.checked(source, engine, printer) else { return (ExitStatus.syntax, false) }
        if let unknown = engine.parameters.keys.sorted().first(where: { !script.parameters.contains($0) }) {
            let known =
                script.parameters.isEmpty ? "it has none" : "it has: " + script.parameters.joined(separator: ", ")
            printer.say(Diagnostic("the script has no param '\(unknown)'", notes: [known]), in: nil)
            return (ExitStatus.usage, false)
        }
        var failures: [Failure] = []
        let started = Date()
        defer { printer.ring(after: Date().timeIntervalSince(started)) }
        for (index, sentence) in script.sentences.enumerated() {
            if Interruption.termination != nil { return (Interruption.exitCode, false) }
            let number = engine.nextCell
            if echoes { printer.echo(sentence.canonical, number: number) }
            let answer = Conversation(engine: engine, printer: printer).answer(
                sentence, typed: script.passage(of: index))
            printer.follow(engine.presentation)
            printer.say(answer, in: source, at: source.name == nil ? nil : sentence.verbSpan)
            if answer.quits { break }
            if answer.status != .interrupted { heard(sentence, answer) }
            switch answer.status {
            case .ok where !answer.wasStopped: continue
            case .ok, .interrupted:
                return (Interruption.termination == nil ? ExitStatus.interrupted : Interruption.exitCode, false)
            case .failed:
                failures.append(
                    Failure(
                        number: answer.number ?? number, sentence: answer.sentence,
                        message: answer.diagnostic?.message ?? "", isExpectation: answer.failsExpectation))
                if !keepsGoing { return (Self.code(failures), false) }
            }
        }
        if !failures.isEmpty { tell(failures, of: script.sentences.count) }
        return (Interruption.termination == nil ? Self.code(failures) : Interruption.exitCode, true)
    }

    /// The script, if it reads well; otherwise what is wrong with it has been said.
    static func checked(_ source: Source, _ engine: Engine, _ printer: Printer) -> Script? {
        let script = Engine.vocabulary.check(source, known: engine.variables, overrides: engine.parameters)
        let diagnostics = script.diagnostics.isEmpty ? engine.foresee(script.sentences) : script.diagnostics
        guard diagnostics.isEmpty else {
            printer.say(diagnostics, in: source)
            return nil
        }
        return script
    }

    /// A sentence that failed weighs more than an expectation that was not met.
    private static func code(_ failures: [Failure]) -> Int32 {
        if failures.isEmpty { return ExitStatus.done }
        return failures.allSatisfy(\.isExpectation) ? ExitStatus.unmet : ExitStatus.failed
    }

    private func tell(_ failures: [Failure], of count: Int) {
        guard !printer.writesJSON else { return }
        printer.remark("\(bad: "\(failures.count)") of \(count: count) sentences did not do what they should:")
        for failure in failures {
            printer.remark("\(strong: "[\(failure.number)]") \(name: failure.sentence): \(failure.message)")
        }
    }
}
