import Tensor

/// Counts the floating-point operations that work has done, from any thread, and says how much is expected still.
package final class WorkMeter: Sendable {
    private let state = Locked((done: 0, rest: 0))
    private let monitor: Monitor

    package init(_ monitor: Monitor = .none) { self.monitor = monitor }

    package var done: Int { state.withLock { $0.done } }

    package func add(_ operations: Int) {
        state.withLock { state in
            state.done += operations
            state.rest = max(0, state.rest - operations)
            monitor.progress(state.done, of: state.done + state.rest)
        }
    }

    /// From here on, so much is left.
    package func expect(_ operations: Int) {
        state.withLock { state in
            state.rest = max(0, operations)
            monitor.progress(state.done, of: state.done + state.rest)
        }
    }
}
