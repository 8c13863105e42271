import COpenBLAS

/// Whether the right operand of a product is stored as (k, n) or, like the weight of a linear layer, as (n, k).
package enum Orientation: Sendable {
    case plain
    case transposed
}

/// c (m, n) = a (m, k) · b + beta · c, with `b` as (k, n) or transposed as (n, k).
///
/// Leading dimensions count floats between two rows. Runs on the calling thread: the work is spread over images, not
/// over the rows of one product (see `Parallel`).
@inline(__always)
package func multiply(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, lda: Int,
    _ b: UnsafePointer<Float>, ldb: Int, _ orientation: Orientation,
    into c: UnsafeMutablePointer<Float>, ldc: Int,
    scale: Float = 1, accumulating: Bool = false
) {
    guard m > 0, n > 0 else { return }
    guard k > 0 else {
        if !accumulating { for row in 0..<m { (c + row * ldc).update(repeating: 0, count: n) } }
        return
    }
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, orientation == .plain ? CblasNoTrans : CblasTrans,
        blasint(m), blasint(n), blasint(k),
        scale, a, blasint(lda), b, blasint(ldb), accumulating ? 1 : 0, c, blasint(ldc))
}

/// c (m, n) = scale · aᵀ · b with a (k, m) and b (k, n), or added to what is there.
package func multiplyTransposingLeft(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, lda: Int,
    _ b: UnsafePointer<Float>, ldb: Int,
    into c: UnsafeMutablePointer<Float>, ldc: Int, scale: Float = 1, accumulating: Bool = false
) {
    guard m > 0, n > 0 else { return }
    cblas_sgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, blasint(m), blasint(n), blasint(k),
        scale, a, blasint(lda), b, blasint(ldb), accumulating ? 1 : 0, c, blasint(ldc))
}

/// c (m, n) = a (m, k) · bᵀ in float64, with b (n, k).
package func multiplyDouble(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: [Double], _ b: [Double], _ orientation: Orientation
) -> [Double] {
    var c = [Double](repeating: 0, count: m * n)
    guard m > 0, n > 0, k > 0 else { return c }
    cblas_dgemm(
        CblasRowMajor, CblasNoTrans, orientation == .plain ? CblasNoTrans : CblasTrans,
        blasint(m), blasint(n), blasint(k), 1, a, blasint(k), b, blasint(orientation == .plain ? n : k),
        0, &c, blasint(n))
    return c
}
