import Synchronization

/// Asks the running cell to stop: by a message, or by a signal that was caught elsewhere.
package final class StopSign: Sendable {
    private let requested = Atomic(false)
    private let isLeaving = Atomic(false)
    private let surroundings: Surroundings

    package init(_ surroundings: Surroundings) { self.surroundings = surroundings }

    package func request() { requested.store(true, ordering: .relaxed) }

    /// Asks, and cannot be taken down any more.
    func leave() { isLeaving.store(true, ordering: .relaxed) }

    /// Before a cell: what was asked for while nothing ran is not meant for it.
    func takeDown() {
        requested.store(false, ordering: .relaxed)
        surroundings.forgetInterruption()
    }

    var isUp: Bool {
        requested.load(ordering: .relaxed) || isLeaving.load(ordering: .relaxed) || surroundings.isInterrupted()
    }
}
