import Dispatch
import Synchronization

/// The requests that wait for the engine, in the order they came.
package final class Inbox: Sendable {
    private struct State {
        var requests: [Request] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let arrivals = DispatchSemaphore(value: 0)

    package init() {}

    package func put(_ request: Request) {
        state.withLock { $0.requests.append(request) }
        arrivals.signal()
    }

    /// Lets no one wait any more; what still waits is not done.
    package func close() {
        state.withLock { $0.isClosed = true }
        arrivals.signal()
    }

    /// Waits for the next request; nil once the inbox is closed.
    package func next() -> Request? {
        while true {
            arrivals.wait()
            let (request, isClosed) = state.withLock { state in
                (state.isClosed || state.requests.isEmpty ? nil : state.requests.removeFirst(), state.isClosed)
            }
            if isClosed { return nil }
            // None where it was taken back in the meantime.
            if let request { return request }
        }
    }

    /// Takes back every cell that waits to be run.
    package func takeExecutions() -> [Request] {
        state.withLock { state in
            let executions = state.requests.filter { $0.type == .execute }
            state.requests.removeAll { $0.type == .execute }
            return executions
        }
    }
}
