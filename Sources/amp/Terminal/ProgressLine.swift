import Report
import Synchronization

/// One line on standard error that says how far long work is: rewritten in place, erased when the work is done.
///
/// It shows nothing in the first second, nothing that is not for a terminal, and at most ten states a second.
/// Any thread may update it.
package final class ProgressLine: Sendable {
    package typealias Clock = @Sendable () -> ContinuousClock.Instant

    private struct State {
        var start: ContinuousClock.Instant
        var lastDrawn: ContinuousClock.Instant?
        /// The columns of what is drawn.
        var drawn = 0
    }

    private let screen: Screen
    private let now: Clock
    private let write: @Sendable (String) -> Void
    private let state: Mutex<State>

    package static let patience = Duration.seconds(1)
    package static let pause = Duration.milliseconds(100)

    /// Starts the clock of one piece of work.
    package init(
        on screen: Screen = .error(), now: @escaping Clock = { .now }, write: (@Sendable (String) -> Void)? = nil
    ) {
        self.screen = screen
        self.now = now
        self.write = write ?? { screen.write($0) }
        state = Mutex(State(start: now()))
    }

    /// Shows `text`, cut to the width of the window, unless it is too early or too soon after the last.
    package func update(_ text: @autoclosure () -> String) {
        guard screen.isTerminal else { return }
        state.withLock { state in
            let time = now()
            guard time - state.start >= Self.patience else { return }
            if let last = state.lastDrawn, time - last < Self.pause { return }
            state.lastDrawn = time
            // The last column stays free: some terminals wrap as soon as it is filled.
            let text = text().cut(to: screen.width - 1)
            write(erasure(of: state) + text)
            state.drawn = DisplayWidth.of(text)
        }
    }

    /// Erases the line. Call before anything else is written, and when the work is done; the next update may draw again.
    package func erase() {
        state.withLock { state in
            if state.lastDrawn != nil { write(erasure(of: state)) }
            state.lastDrawn = nil
            state.drawn = 0
        }
    }

    /// A window that has become narrower has wrapped what was in it.
    private func erasure(of state: State) -> String {
        let below = state.lastDrawn == nil ? 0 : max(state.drawn - 1, 0) / max(screen.width, 1)
        return below > 0 ? "\r\u{1B}[\(below)A\u{1B}[J" : "\r\u{1B}[K"
    }
}
