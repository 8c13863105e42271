import Dispatch
import Foundation

/// Spreads independent units of work over the cores.
///
/// The whole of a unit (products, attention, element-wise work) runs on one thread, with BLAS kept single-threaded:
/// that keeps intermediate values in a core's own cache. Units are cut by size, never by the number of cores, so
/// results do not depend on how many there are.
package enum Parallel {
    /// How many threads work at the same time.
    package static var threads: Int {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = max(1, newValue) } }
    }

    private static let state = Locked(max(1, ProcessInfo.processInfo.activeProcessorCount))

    /// Runs `body` for 0..<count, in any order; the first error stops what has not begun and is thrown.
    package static func forEach(_ count: Int, _ body: @Sendable (Int) throws -> Void) throws {
        _ = BLAS.singleThreaded
        let workers = min(threads, count)
        if workers <= 1 {
            for index in 0..<count { try body(index) }
            return
        }
        let next = Locked(0)
        let failure = Locked<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            while true {
                let index = next.withLock { next in
                    defer { next += 1 }
                    return next
                }
                guard index < count, failure.withLock({ $0 == nil }) else { return }
                do { try body(index) } catch { failure.withLock { $0 = $0 ?? error } }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }
}

/// A value behind a lock.
package final class Locked<Value>: @unchecked Sendable {
    private var value: Value
    private let lock = NSLock()

    package init(_ value: Value) { self.value = value }

    package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
