import Foundation
import Language
import Report
import Session

/// The prompt: reads sentences at a keyboard and answers them, until Ctrl-D or 'quit'.
struct Notebook {
    let engine: Engine
    var printer: Printer

    mutating func run() -> Int32 {
        greet()
        let engine = engine
        let editor = LineEditor { line, cursor in Self.offers(line, cursor, engine) }
        var text = ""
        var remarks = ""
        while true {
            if Interruption.termination != nil { return Interruption.exitCode }
            let prompt = "[\(engine.nextCell)] "
            switch editor.readLine(
                prompt: text.isEmpty ? prompt : String(repeating: ".", count: prompt.count - 1) + " ",
                hasColour: Screen.forPrompts(colour: printer.colour).hasColour)
            {
            case .interrupted: text = ""
            case .endOfFile:
                if Interruption.termination == nil { printer.output.write("\n") }
                return Interruption.termination == nil ? ExitStatus.done : Interruption.exitCode
            case .line(let line):
                text += text.isEmpty ? line : "\n" + line
                if Vocabulary.isIncomplete(text) { continue }
                let typed = text
                text = ""
                // A line that only says something belongs to the sentence after it.
                if Passage(typed).sentence.isEmpty {
                    remarks += typed + "\n"
                    continue
                }
                if answer(typed, remarks: &remarks) { return ExitStatus.done }
            }
        }
    }

    private func greet() {
        let cells = engine.nextCell - 1
        let path = engine.store.path ?? "in memory"
        let session: StyledText =
            cells == 0
            ? "session new (\(name: path))" : "session \(name: path), \(count: cells) cells"
        printer.greet("\(strong: "amp") \(Engine.version) · \(session) · 'help' or 'help start'")
        if let note = Kernels.takeNote() { printer.remark(note) }
        if let model = engine.state.currentModel {
            let data = engine.state.currentData.map { ", data \($0)" } ?? ""
            printer.greet("\(faint: "in use: model \(model)\(data); 'show history' says what was done")")
        }
    }

    /// Runs what was typed; true when the user wants to leave.
    ///
    /// - Parameter remarks: lines of comments that were typed before it; taken by the first sentence that runs.
    private mutating func answer(_ typed: String, remarks: inout String) -> Bool {
        let source = Source(typed)
        let script = Engine.vocabulary.check(source, known: engine.variables, mode: .interactive)
        guard script.diagnostics.isEmpty else {
            printer.say(script.diagnostics, in: source)
            return false
        }
        for (index, sentence) in script.sentences.enumerated() {
            // Several at once, as they were pasted: which answer is whose must be seen.
            if script.sentences.count > 1 { printer.echo(sentence.canonical, number: engine.nextCell) }
            let started = Date()
            let answer = Conversation(engine: engine, printer: printer).answer(
                sentence, typed: remarks + script.passage(of: index))
            remarks = ""
            printer.follow(engine.presentation)
            printer.say(answer, in: source)
            printer.ring(after: Date().timeIntervalSince(started))
            if answer.quits { return true }
            if answer.status != .ok { return false }
        }
        return false
    }

    private static func offers(_ line: String, _ cursor: Int, _ engine: Engine) -> TabOffers {
        let completions = Engine.vocabulary.completions(for: line, cursor: cursor, names: engine.names)
        guard let first = completions.first else { return .none }
        if case .path(let prefix, let opens) = first.kind {
            return TabOffers(
                replaced: first.replaced.start..<first.replaced.end,
                candidates: TabOffers.paths(from: prefix, opens: opens))
        }
        return TabOffers(
            replaced: first.replaced.start..<first.replaced.end,
            candidates: completions.map { TabOffers.Candidate($0.text, summary: $0.summary) })
    }
}
