import Synchronization

/// The title of the terminal's window while long work runs, and the one before it afterwards.
///
/// Nothing is written in the first second, and no more than once a second after that. Any thread may show one.
package final class WindowTitle: Sendable {
    package typealias Clock = @Sendable () -> ContinuousClock.Instant

    private struct State {
        var start: ContinuousClock.Instant
        var last: (text: String, time: ContinuousClock.Instant)?
    }

    private let now: Clock
    private let write: @Sendable (String) -> Void
    private let state: Mutex<State>

    package static let patience = Duration.seconds(1)

    package init(on screen: Screen, now: @escaping Clock = { .now }, write: (@Sendable (String) -> Void)? = nil) {
        self.now = now
        self.write = write ?? { screen.write($0) }
        state = Mutex(State(start: now()))
    }

    package func show(_ text: String) {
        state.withLock { state in
            let time = now()
            guard time - state.start >= Self.patience, text != state.last?.text else { return }
            if let last = state.last, time - last.time < Self.patience { return }
            // The terminal keeps the title it had.
            let keep = state.last == nil ? "\u{1B}[22;2t" : ""
            state.last = (text, time)
            write("\(keep)\u{1B}]2;\(Self.plain(text))\u{07}")
        }
    }

    /// Gives back the title there was. Terminals that keep none show their own.
    package func restore() {
        state.withLock { state in
            guard state.last != nil else { return }
            state.last = nil
            write("\u{1B}]2;\u{07}\u{1B}[23;2t")
        }
    }

    /// A name with control characters would end the sequence.
    private static func plain(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0.properties.generalCategory != .control }.map(Character.init))
    }
}
