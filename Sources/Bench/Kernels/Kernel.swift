import Tensor

/// A kernel with its work laid out: what it computes once, with which cost.
struct Kernel {
    let name: String
    /// What the rows and columns are, for the table.
    let shape: String
    /// The model the shape is taken from.
    let model: String
    /// Of one call, a multiply-add counted as two; 0 where it is memory that counts.
    let flops: Double
    /// Read and written by one call, each operand counted once.
    let bytes: Double
    /// Makes one thread's operands and returns the call.
    let prepare: @Sendable () -> () -> Void

    /// The seconds of one call, when `threads` of them run side by side; the fewest of several times.
    ///
    /// Every thread has operands of its own, so that caches hold what they hold when units of images are worked on.
    func time(threads: Int, minimum: Double = 0.02, repeats: Int = 5) throws -> [Double] {
        let calls = (0..<threads).map { _ in Call(run: prepare()) }
        calls[0].run()
        let once = seconds(calls[0].run)
        let count = max(1, min(100_000, Int(minimum / max(once, 1e-7))))
        return try (0..<repeats).map { _ in
            try seconds {
                try Parallel.forEach(threads) { thread in for _ in 0..<count { calls[thread].run() } }
            } / Double(count)
        }
    }

    private struct Call: @unchecked Sendable {
        let run: () -> Void
    }
}
