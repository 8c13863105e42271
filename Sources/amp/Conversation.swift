import Foundation
import Language
import Report
import Session

/// Lets the engine run one sentence, with progress on the terminal and Ctrl-C heard.
struct Conversation {
    let engine: Engine
    let printer: Printer

    func answer(_ sentence: Sentence, typed: String? = nil) -> Engine.Answer {
        Interruption.clear()
        engine.isInterrupted = { Interruption.isRequested }
        let shows = !printer.writesJSON && !printer.isQuiet && printer.errors.isTerminal
        let line = ProgressLine(on: printer.errors)
        let errors = printer.errors
        let clock = WorkClock()
        let title = printer.presentation.title && printer.tellsMore ? printer.terminal.map { WindowTitle(on: $0) } : nil
        let session = engine.store.path.map { ($0 as NSString).lastPathComponent }
        if shows || title != nil {
            engine.progress = { label, done, total in
                let elapsed = clock.elapsed(label)
                if shows {
                    line.update(
                        Report.ProgressLine(label: label, done: done, total: total, elapsed: elapsed)
                            .text(width: errors.width, unicode: errors.hasUnicode))
                }
                let share = total > 0 ? " \(min(100, done * 100 / total)) %" : ""
                title?.show("amp\(session.map { " " + $0 } ?? "") – \(label)\(share)")
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
            title?.restore()
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
        let work = Report.ProgressLine.work(of: label)
        let start = starts[work] ?? Date()
        starts[work] = start
        return Date().timeIntervalSince(start)
    }
}
