import Foundation
import Language
import Report
import Session

struct ExecuteInput: Content {
    static let type = MessageType.executeInput
    let code: String
    let executionCount: Int
}

struct ExecuteReply: Content {
    static let type = MessageType.executeReply

    /// What a client is to do besides: leave, after `quit`.
    struct Payload: Encodable {
        let source = "ask_exit"
        let keepkernel = false
    }

    var status: Outcome
    var executionCount: Int?
    var payload: [Payload]?
    var userExpressions: [String: String]?
    var ename: String?
    var evalue: String?
    var traceback: [String]?

    static func done(_ count: Int, quits: Bool) -> ExecuteReply {
        ExecuteReply(status: .ok, executionCount: count, payload: quits ? [Payload()] : [], userExpressions: [:])
    }

    static func failed(_ failure: Failure, _ count: Int) -> ExecuteReply {
        ExecuteReply(
            status: .error, executionCount: count, ename: failure.ename, evalue: failure.evalue,
            traceback: failure.traceback)
    }

    static let aborted = ExecuteReply(status: .aborted)
}

extension Shell {
    /// Runs the sentences of a cell up to the first that fails.
    ///
    /// - Returns: the cells that are not to be run because of that.
    func execute(_ request: Request) throws(MessageFault) -> [Request] {
        let content = try request.content(ExecuteRequest.self)
        stop.takeDown()
        let isSilent = content.silent ?? false
        var count = 1
        let result: Result<Bool, Failure>
        do throws(Diagnostic) {
            let engine = try engine
            // Cells are numbered as the journal numbers sentences, so that "[7] prune" is where it can be found.
            count = engine.nextCell
            if !isSilent { sender.publish(ExecuteInput(code: content.code, executionCount: count), because: request) }
            let keepsHistory = !isSilent && content.storeHistory ?? true
            result = run(
                content.code, engine, isQuiet: !keepsHistory,
                display: Display(sender: sender, request: isSilent ? nil : request))
        } catch {
            result = .failure(Failure([error], in: nil))
        }
        switch result {
        case .success(let quits):
            sender.reply(ExecuteReply.done(count, quits: quits), to: request)
            return []
        case .failure(let failure):
            if !isSilent { sender.publish(failure, because: request) }
            let queued = content.stopOnError ?? true ? waitingExecutions() : []
            sender.reply(ExecuteReply.failed(failure, count), to: request)
            return queued
        }
    }

    /// - Returns: whether the cell asks to leave.
    private func run(_ code: String, _ engine: Engine, isQuiet: Bool, display: Display) -> Result<Bool, Failure> {
        let source = Source(code)
        let script = Engine.vocabulary.check(source, known: engine.variables, mode: .interactive)
        let diagnostics = script.diagnostics.isEmpty ? engine.foresee(script.sentences) : script.diagnostics
        guard diagnostics.isEmpty else { return .failure(Failure(diagnostics, in: source)) }
        let isAlone = script.sentences.count == 1
        for (index, sentence) in script.sentences.enumerated() {
            let answer = answer(sentence, typed: script.passage(of: index), engine, display)
            if let cell = answer.number, isQuiet { quietCells.insert(cell) }
            // Several answers in one place: each after its sentence, as in a script.
            let number = answer.number.map { "[\($0)] " } ?? ""
            let heading = isAlone ? [] : [Output.line("\(faint: number + answer.sentence)")]
            display.show(heading + answer.outputs)
            if let problem = answer.diagnostic {
                let placed = isAlone ? problem : problem.placed(at: sentence.verbSpan)
                return .failure(Failure([placed], in: source, isUnmet: answer.failsExpectation))
            }
            if answer.quits { return .success(true) }
        }
        return .success(false)
    }

    /// Lets the engine run one sentence, with its progress shown.
    private func answer(
        _ sentence: Sentence, typed: String, _ engine: Engine, _ display: Display
    ) -> Engine.Answer {
        let progress = ProgressDisplay(display)
        let note = surroundings.note
        engine.progress = { label, done, total in progress.update(label, done: done, total: total) }
        engine.foretell = { forecast in
            guard forecast.seconds >= WorkForecast.worthSaying else { return }
            progress.foretell(forecast.text)
            if let note = note() { display.show([.status(note)]) }
        }
        defer {
            engine.progress = { _, _, _ in }
            engine.foretell = { _ in }
            progress.end()
        }
        return engine.run(sentence, typed: typed)
    }

    /// The cells that were sent before their client knew of a failure.
    private func waitingExecutions() -> [Request] {
        // Those of one click come one after the other, through a server: the last may still be on its way.
        Thread.sleep(forTimeInterval: 0.05)
        return inbox.takeExecutions()
    }

    /// Answers a cell that is not run.
    func abort(_ request: Request) {
        sender.publish(Status(.busy), because: request)
        sender.reply(ExecuteReply.aborted, to: request)
        sender.publish(Status(.idle), because: request)
    }
}
