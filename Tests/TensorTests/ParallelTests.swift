import Samples
import Tensor
import Testing

/// In one row, because the number of threads is the process's.
@Suite("Work on many threads", .serialized)
struct ParallelTests {
    private struct Failure: Error, Equatable { let index: Int }

    private func withThreads<Result>(_ threads: Int, _ body: () throws -> Result) rethrows -> Result {
        let before = Parallel.threads
        Parallel.threads = threads
        defer { Parallel.threads = before }
        return try body()
    }

    @Test("every index comes once", arguments: [1, 2, 5, 16], [0, 1, 3, 17, 1000])
    func indices(_ threads: Int, _ count: Int) throws {
        let seen = Locked([Int](repeating: 0, count: count))
        try withThreads(threads) { try Parallel.forEach(count) { index in seen.withLock { $0[index] += 1 } } }
        let counts = seen.withLock { $0 }
        #expect(counts == Array(repeating: 1, count: count))
    }

    @Test("an error comes out and stops what has not begun", arguments: [1, 4])
    func errors(_ threads: Int) {
        let begun = Locked(0)
        #expect(throws: Failure(index: 3)) {
            try withThreads(threads) {
                try Parallel.forEach(100_000) { index in
                    begun.withLock { $0 += 1 }
                    if index == 3 { throw Failure(index: index) }
                }
            }
        }
        let count = begun.withLock { $0 }
        #expect(count < 100_000)
    }

    @Test("there is always a thread", arguments: [0, -1, Int.min])
    func atLeastOne(_ threads: Int) {
        let found = withThreads(threads) { Parallel.threads }
        #expect(found == 1)
    }

    @Test("a product gives the same bits on any number of threads")
    func sameBits() throws {
        var numbers = Numbers(seed: 1)
        let (a, b) = (numbers.buffer([64, 33]), numbers.buffer([33, 33]))
        let results = try [1, 2, 7].map { threads in
            let c = FloatBuffer([64, 33])
            try withThreads(threads) {
                try Parallel.forEach(8) { unit in
                    multiply(
                        8, 33, 33, a.row(8 * unit), lda: 33, b.pointer, ldb: 33, .plain, into: c.row(8 * unit), ldc: 33)
                }
            }
            return c.values
        }
        #expect(results[0] == results[1] && results[1] == results[2])
    }

    @Test("a workspace belongs to one borrower at a time")
    func workspaces() throws {
        let pool = WorkspacePool()
        let mixed = Locked(false)
        try withThreads(4) {
            try Parallel.forEach(500) { index in
                pool.borrow(1 + index % 50) { own in
                    own.update(repeating: Float(index), count: 1 + index % 50)
                    pool.borrow(10) { $0.update(repeating: -1, count: 10) }
                    for i in 0...(index % 50) where own[i] != Float(index) { mixed.withLock { $0 = true } }
                }
            }
        }
        let wasMixed = mixed.withLock { $0 }
        #expect(!wasMixed)
    }

    @Test("a workspace is used again, also after an error")
    func reuse() {
        let pool = WorkspacePool()
        let first = pool.borrow(100) { UInt(bitPattern: $0) }
        #expect(throws: Failure(index: 0)) {
            try pool.borrow(100) { (_: UnsafeMutablePointer<Float>) throws -> Void in throw Failure(index: 0) }
        }
        let again = pool.borrow(50) { UInt(bitPattern: $0) }
        #expect(again == first)
    }

    @Test("work that was asked to stop throws, and work that nobody watches goes on")
    func monitor() throws {
        #expect(throws: Interrupted.self) { try Monitor(isCancelled: { true }).check() }
        try Monitor.none.check()
        let counted = Locked<[Int]>([])
        let outer = Monitor(isCancelled: { true })
        let inner = outer.counting { done, total in counted.withLock { $0 += [done, total] } }
        inner.progress(2, of: 5)
        let counts = counted.withLock { $0 }
        #expect(counts == [2, 5])
        #expect(throws: Interrupted.self) { try inner.check() }
    }
}
