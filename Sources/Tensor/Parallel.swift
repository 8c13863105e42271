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

    /// The cores this process may use.
    package static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    private static let state = Locked(cores)

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

/// Whether the parts of a unit are worked on by the thread that has the unit, or by all of them.
///
/// The second is for units that are too few to go round, such as a single image. The parts are the same either way.
package enum Spread: Sendable {
    case alone
    case overThreads

    /// What suits so many units.
    ///
    /// The BLAS library's sums depend on how rows are grouped, so there the number of threads must not decide.
    package init(units: Int) {
        self = units < (PackedMatrix.isSupported ? Parallel.threads : 2) ? .overThreads : .alone
    }

    package func forEach(_ count: Int, _ body: (Int) -> Void) {
        guard self == .overThreads, count > 1, Parallel.threads > 1 else {
            for index in 0..<count { body(index) }
            return
        }
        // The parts write to places of their own, which the compiler cannot see.
        withoutActuallyEscaping(body) { body in
            let parts = UncheckedParts(body: body)
            let workers = min(Parallel.threads, count)
            let next = Locked(0)
            DispatchQueue.concurrentPerform(iterations: workers) { _ in
                while true {
                    let index = next.withLock { next in
                        defer { next += 1 }
                        return next
                    }
                    guard index < count else { return }
                    parts.body(index)
                }
            }
        }
    }

    private struct UncheckedParts: @unchecked Sendable { let body: (Int) -> Void }
}

/// How many rows go through a chain of layers at a time.
///
/// Few enough that what one layer leaves is still in the core's second-level cache when the next reads it; with the BLAS
/// library, which packs its operands anew for each product, more.
package struct Strips: Sendable {
    package let spread: Spread

    package init(spread: Spread = .alone) { self.spread = spread }

    /// Rows of a strip.
    package static let rows = PackedMatrix.isSupported ? 256 : 1024

    /// Runs `body` for one range of rows after the other.
    package func forEach(_ rows: Int, _ body: (Range<Int>) -> Void) {
        let size = size(of: rows)
        spread.forEach((rows + size - 1) / size) { strip in body((strip * size)..<min((strip + 1) * size, rows)) }
    }

    /// Where several threads share a unit, each takes an equal part of its rows, in whole tiles. The BLAS library's sums
    /// depend on how rows are grouped, so there the number of threads must not decide.
    private func size(of rows: Int) -> Int {
        guard spread == .overThreads, PackedMatrix.isSupported else { return Self.rows }
        let share = max(1, (rows + Parallel.threads - 1) / Parallel.threads)
        return min(Self.rows, (share + Tile.rows - 1) / Tile.rows * Tile.rows)
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
