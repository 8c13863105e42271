import Foundation
import Report
import Tensor

/// What is known about long work before most of it is done.
package struct WorkForecast: Sendable, Hashable {
    /// What is being done: "searching vit".
    package let label: String
    package let seconds: Double
    /// In bytes.
    package let memory: Int?

    /// "about 2 min 05 s and 310.0 MB of memory".
    package var text: StyledText {
        let time: StyledText = "about \(number: WorkWatch.coarse(seconds))"
        return memory.map { time + " and \(bytes: $0) of memory" } ?? time
    }

    /// Shorter work is over before anyone has read how long it will take.
    package static let worthSaying = 2.0
}

/// Follows one piece of long work, counted in operations: how far it is, and how long all of it will take.
///
/// The speed is that of the same model's work before, where there was any; otherwise the work's own, as soon as 2 % of it
/// or two seconds have passed. What comes before its first operations, such as reading images, is no part of that speed.
package final class WorkWatch: Sendable {
    package typealias Clock = @Sendable () -> Double

    private struct State {
        var begun: Double?
        /// When the first operations had been done, and how many.
        var first: (time: Double, done: Int)?
        var done = 0
        var total = 0
        /// Work of another kind that goes on in between, such as scoring within a search.
        var beside = 0
        var besideExpected = 0
        var predicted: Double?
        /// What of it is being done just now.
        var detail = ""
    }

    private let label: String
    private let memory: Int?
    private let rate: Double?
    private let clock: Clock
    private let progress: @Sendable (_ label: String, _ done: Int, _ total: Int) -> Void
    private let foretell: @Sendable (WorkForecast) -> Void
    private let isCancelled: @Sendable () -> Bool
    private let state = Locked(State())

    /// - Parameters:
    ///   - rate: operations a second, where they are known.
    ///   - clock: seconds since any fixed time.
    package init(
        _ label: String, memory: Int? = nil, rate: Double? = nil,
        clock: @escaping Clock = { ProcessInfo.processInfo.systemUptime },
        progress: @escaping @Sendable (String, Int, Int) -> Void,
        foretell: @escaping @Sendable (WorkForecast) -> Void = { _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.label = label
        self.memory = memory
        self.rate = rate
        self.clock = clock
        self.progress = progress
        self.foretell = foretell
        self.isCancelled = isCancelled
    }

    /// What the work itself reports to.
    package var monitor: Monitor {
        Monitor(
            report: { done, total in
                self.update { state in
                    state.done = done
                    state.total = total
                }
            }, isCancelled: isCancelled)
    }

    /// What of the work is being done just now: "epoch 3 of 20".
    func say(_ detail: String) { state.withLock { $0.detail = detail } }

    /// So much other work will be done in between.
    package func expect(beside operations: Int) { state.withLock { $0.besideExpected = operations } }

    /// What one piece of that other work reports to.
    package func monitorBeside() -> Monitor {
        let before = state.withLock { $0.beside }
        return Monitor(report: { done, _ in self.update { $0.beside = before + done } }, isCancelled: isCancelled)
    }

    /// The seconds that were predicted, where the work was long enough for that.
    package var predicted: Double? { state.withLock { $0.predicted } }

    /// Operations a second, of work that is done; nil where it was too short to tell.
    package var measuredRate: Double? {
        let now = clock()
        return state.withLock { state in
            guard let begun = state.begun, now - begun >= 0.2 else { return nil }
            return Double(state.done + state.beside) / (now - begun)
        }
    }

    private func update(_ change: (inout State) -> Void) {
        let now = clock()
        let (done, total, forecast, detail) = state.withLock { state -> (Int, Int, WorkForecast?, String) in
            change(&state)
            let begun = state.begun ?? now
            state.begun = begun
            let done = state.done + state.beside
            let total = state.total + max(state.beside, state.besideExpected)
            if state.first == nil, done > 0 { state.first = (now, done) }
            guard state.predicted == nil else { return (done, total, nil, state.detail) }
            let found = self.forecast(done: done, of: total, begun: begun, first: state.first, now: now)
            state.predicted = found?.seconds
            return (done, total, found, state.detail)
        }
        if let forecast { foretell(forecast) }
        progress(detail.isEmpty ? label : "\(label) · \(detail)", done, total)
    }

    private func forecast(
        done: Int, of total: Int, begun: Double, first: (time: Double, done: Int)?, now: Double
    ) -> WorkForecast? {
        guard total > 0 else { return nil }
        if let rate, rate > 0 { return WorkForecast(label: label, seconds: Double(total) / rate, memory: memory) }
        let elapsed = now - begun
        guard let first, done > first.done, now > first.time,
            elapsed >= 2 || (elapsed >= 0.05 && Double(done) >= 0.02 * Double(total))
        else { return nil }
        let speed = Double(done - first.done) / (now - first.time)
        let seconds = first.time - begun + Double(total - first.done) / speed
        return WorkForecast(label: label, seconds: seconds, memory: memory)
    }

    /// "4 s", "2 min 05 s", "1 h 20 min": nobody believes more of a prediction than two digits.
    static func coarse(_ seconds: Double) -> String {
        if seconds < 60 { return NumberFormat.fixed(seconds, digits: 0) + " s" }
        let step = seconds < 3600 ? 5.0 : 300
        return NumberFormat.duration(seconds: (seconds / step).rounded() * step)
    }
}

extension CommandContext {
    /// Follows work on a model, and lets it be stopped.
    ///
    /// - Parameter foretells: whether to say how long it will take.
    func watch(_ label: String, on model: OpenModel, memory: Int? = nil, foretells: Bool = true) -> WorkWatch {
        let silent: @Sendable (WorkForecast) -> Void = { _ in }
        return WorkWatch(
            label, memory: memory, rate: library.rate(of: model.model), progress: engine.progress,
            foretell: foretells ? engine.foretell : silent, isCancelled: engine.isInterrupted)
    }

    /// Says what work has taken, and remembers how fast it was.
    mutating func close(_ watch: WorkWatch, on model: OpenModel, share: MemoryShare, activations: Int) {
        library.remember(rate: watch.measuredRate, of: model.model)
        var text = share.prediction(activations: activations)
        if let predicted = watch.predicted, predicted >= WorkForecast.worthSaying {
            text += " · predicted: about \(number: WorkWatch.coarse(predicted))"
        }
        status(
            text,
            data: [
                "memory": .int(activations + share.weights), "memory_limit": .int(share.limit),
                "predicted_seconds": Report.Value(watch.predicted),
            ])
    }
}
