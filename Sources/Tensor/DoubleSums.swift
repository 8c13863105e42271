// Sums over many rows in float64, of products made in float32 over a few rows at a time.

/// sums += aᵀ · b: a (rows, m), b (rows, n) → sums (m, n, `stride` values apart).
///
/// - Parameter workspace: m · n floats.
package func addProducts(
    _ m: Int, _ n: Int, rows: Int,
    _ a: UnsafePointer<Float>, lda: Int, _ b: UnsafePointer<Float>, ldb: Int,
    to sums: UnsafeMutablePointer<Double>, stride: Int, workspace: UnsafeMutablePointer<Float>
) {
    guard rows > 0 else { return }
    multiplyTransposingLeft(m, n, rows, a, lda: lda, b, ldb: ldb, into: workspace, ldc: n)
    for i in 0..<m {
        let target = sums + i * stride
        let source = workspace + i * n
        for j in 0..<n { target[j] += Double(source[j]) }
    }
}

/// Adds the sum over rows of x (rows, columns) to `sums`, column by column.
package func addSumOfRows(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int, to sums: UnsafeMutablePointer<Double>
) {
    for row in 0..<rows {
        let values = x + row * columns
        for i in 0..<columns { sums[i] += Double(values[i]) }
    }
}

/// Adds the sum over rows of x² (rows, columns) to `sums`, column by column.
package func addSumOfSquares(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int, to sums: UnsafeMutablePointer<Double>
) {
    for row in 0..<rows {
        let values = x + row * columns
        for i in 0..<columns { sums[i] += Double(values[i]) * Double(values[i]) }
    }
}

/// x ← x − origin in every row: x (rows, columns), origin (columns).
package func subtractFromRows(
    _ x: UnsafeMutablePointer<Float>, rows: Int, columns: Int, origin: UnsafePointer<Float>
) {
    for row in 0..<rows {
        let values = x + row * columns
        for i in 0..<columns { values[i] -= origin[i] }
    }
}
