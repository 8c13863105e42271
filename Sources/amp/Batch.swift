import Foundation
import Language
import Report
import Session

/// The codes amp ends with.
enum ExitStatus {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let unmet: Int32 = 2
    static let usage: Int32 = 64
    static let syntax: Int32 = 65
    static let interrupted: Int32 = 130
}

/// Runs sentences that are all there from the start: a script, -c, or standard input.
struct Batch {
    let engine: Engine
    let printer: Printer
    /// Whether each sentence is shown before its answer.
    let echoes: Bool

    /// Checks the whole before the first sentence runs; the first one that fails ends it.
    func run(_ source: Source) -> Int32 {
        let script = Engine.vocabulary.check(source, known: engine.variables, overrides: engine.parameters)
        let diagnostics = script.diagnostics.isEmpty ? engine.foresee(script.sentences) : script.diagnostics
        guard diagnostics.isEmpty else {
            for diagnostic in diagnostics { printer.say(diagnostic, in: source) }
            return ExitStatus.syntax
        }
        if let unknown = engine.parameters.keys.sorted().first(where: { !script.parameters.contains($0) }) {
            let known =
                script.parameters.isEmpty ? "it has none" : "it has: " + script.parameters.joined(separator: ", ")
            printer.say(Diagnostic("the script has no param '\(unknown)'", notes: [known]), in: nil)
            return ExitStatus.usage
        }
        for (index, sentence) in script.sentences.enumerated() {
            if Interruption.termination != nil { return Interruption.exitCode }
            if echoes { printer.echo(sentence.canonical, number: engine.nextCell) }
            let answer = Conversation(engine: engine, printer: printer).answer(
                sentence, typed: script.passage(of: index))
            printer.say(answer, in: source, at: source.name == nil ? nil : sentence.verbSpan)
            if answer.quits { break }
            switch answer.status {
            case .ok: continue
            case .interrupted: return Interruption.termination == nil ? ExitStatus.interrupted : Interruption.exitCode
            case .failed: return answer.failsExpectation ? ExitStatus.unmet : ExitStatus.failed
            }
        }
        return Interruption.termination == nil ? ExitStatus.done : Interruption.exitCode
    }
}

/// Lets the engine run one sentence, with progress on the terminal and Ctrl-C heard.
struct Conversation {
    let engine: Engine
    let printer: Printer

    func answer(_ sentence: Sentence, typed: String? = nil) -> Engine.Answer {
        Interruption.clear()
        engine.isInterrupted = { Interruption.isRequested }
        let shows = !printer.writesJSON && !printer.isQuiet && printer.errors.isTerminal
        let line = ProgressLine(on: printer.errors)
        let width = printer.errors.width
        let unicode = printer.errors.hasUnicode
        let clock = WorkClock()
        if shows {
            engine.progress = { label, done, total in
                let elapsed = clock.elapsed(label)
                line.update(
                    Report.ProgressLine(label: label, done: done, total: total, elapsed: elapsed)
                        .text(width: width, unicode: unicode))
            }
        }
        if !printer.writesJSON, !printer.isQuiet {
            let printer = printer
            engine.foretell = { forecast in
                guard forecast.seconds >= WorkForecast.worthSaying else { return }
                line.erase()
                printer.remark(forecast.text)
                if let note = Kernels.takeNote() { printer.remark(note) }
            }
        }
        defer {
            engine.progress = { _, _, _ in }
            engine.foretell = { _ in }
            line.erase()
        }
        let answer = engine.run(sentence, typed: typed)
        line.erase()
        return answer
    }
}

/// When each kind of work of a sentence began, so that its time left can be told.
private final class WorkClock: @unchecked Sendable {
    private var starts: [String: Date] = [:]
    private let lock = NSLock()

    func elapsed(_ label: String) -> Double {
        lock.lock()
        defer { lock.unlock() }
        let start = starts[label] ?? Date()
        starts[label] = start
        return Date().timeIntervalSince(start)
    }
}
