import Foundation
import Report
import Synchronization

/// How far a sentence's work is, below its cell: one display that is rewritten, and empty when the work is done.
///
/// It shows nothing in the first second, and a few states a second at most. Any thread may update it.
final class ProgressDisplay: Sendable {
    private struct State {
        let start = ContinuousClock.now
        var starts: [String: ContinuousClock.Instant] = [:]
        var lastShown: ContinuousClock.Instant?
        var forecast: StyledText?
        var hasEnded = false
    }

    private static let patience = Duration.seconds(1)
    private static let pause = Duration.milliseconds(250)

    private let display: Display
    private let place = DisplayPlace(displayId: UUID().uuidString.lowercased())
    private let state = Mutex(State())

    init(_ display: Display) { self.display = display }

    /// Says beside the progress what all of the work will take.
    func foretell(_ forecast: StyledText) { state.withLock { $0.forecast = forecast } }

    func update(_ label: String, done: Int, total: Int) {
        state.withLock { state in
            let now = ContinuousClock.now
            let work = ProgressLine.work(of: label)
            let begun = state.starts[work] ?? now
            state.starts[work] = begun
            guard !state.hasEnded, now - state.start >= Self.patience else { return }
            if let last = state.lastShown, now - last < Self.pause { return }
            let line = ProgressLine(
                label: label, done: done, total: total, elapsed: (now - begun) / .seconds(1))
            show(Self.bundle(line, forecast: state.forecast), isFirst: state.lastShown == nil)
            state.lastShown = now
        }
    }

    /// Empties the display: what the work was for is shown by what comes next.
    func end() {
        state.withLock { state in
            if state.lastShown != nil { show(MIMEBundle([.plain: "", .html: ""]), isFirst: false) }
            state.hasEnded = true
        }
    }

    private func show(_ bundle: MIMEBundle, isFirst: Bool) {
        guard let request = display.request else { return }
        if isFirst {
            display.sender.publish(DisplayData(data: bundle, transient: place), because: request)
        } else {
            display.sender.publish(UpdateDisplayData(data: bundle, transient: place), because: request)
        }
    }

    private static func bundle(_ line: ProgressLine, forecast: StyledText?) -> MIMEBundle {
        let plain = [line.text(width: Display.width), forecast?.plain].compactMap { $0 }.joined(separator: "\n")
        let share = line.total > 0 ? min(max(Double(line.done) / Double(line.total), 0), 1) : 0
        let percent = Int(share * 100)
        let words = ["\(percent) %", line.remaining].compactMap { $0 }.joined(separator: " · ")
        let expected = forecast.map { "<div style=\"opacity:0.65\">\(escaped($0.plain))</div>" } ?? ""
        let html = """
            <div>\(escaped(line.label)) <progress max="100" value="\(percent)"></progress> \(words)</div>\(expected)
            """
        return MIMEBundle([.plain: plain, .html: html])
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
