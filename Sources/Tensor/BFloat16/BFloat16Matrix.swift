/// The right operand of products, rounded to bfloat16 once.
final class BFloat16Matrix: @unchecked Sendable {
    private let columns: Int
    private let values: UnsafeMutablePointer<UInt16>

    /// - Parameter source: (rows, columns)
    init(_ source: UnsafePointer<Float>, rows: Int, columns: Int) {
        self.columns = columns
        values = UnsafeMutableRawPointer.allocate(byteCount: max(2 * rows * columns, 64), alignment: 64)
            .bindMemory(to: UInt16.self, capacity: max(rows * columns, 1))
        narrowToBFloat(source, count: rows * columns, into: values)
    }

    deinit { UnsafeMutableRawPointer(values).deallocate() }

    /// c (rows, n) = a (rows, k) · self, or added to what is there, with self as (k, n) or transposed as (n, k).
    ///
    /// a is rounded on the way. Runs on the calling thread.
    func multiply(
        _ library: any BFloat16Library, _ a: UnsafePointer<Float>, lda: Int, rows: Int, n: Int, k: Int,
        _ orientation: Orientation, into c: UnsafeMutablePointer<Float>, ldc: Int, accumulating: Bool
    ) {
        guard rows > 0, n > 0 else { return }
        guard k > 0 else {
            if !accumulating { fillRows(c, with: nil, rows: rows, columns: n, stride: ldc) }
            return
        }
        let most = min(rows, Self.rows)
        withUnsafeTemporaryAllocation(byteCount: 2 * most * k, alignment: 64) { bytes in
            guard let left = bytes.baseAddress?.bindMemory(to: UInt16.self, capacity: most * k) else { return }
            for first in stride(from: 0, to: rows, by: most) {
                let m = min(most, rows - first)
                narrowToBFloat(a + first * lda, rows: m, columns: k, stride: lda, into: left)
                let target = c + first * ldc
                let isDone = library.multiply(
                    m, n, k, left, lda: k, values, ldb: columns, orientation, into: target, ldc: ldc,
                    accumulating: accumulating)
                if !isDone {
                    multiplyWidened(
                        m, n, k, left, lda: k, values, ldb: columns, orientation, into: target, ldc: ldc,
                        accumulating: accumulating)
                }
            }
        }
    }

    /// Rows of a left operand that are rounded at a time.
    private static let rows = 1024
}
