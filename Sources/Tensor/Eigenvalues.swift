import COpenBLAS

/// The eigenvalues of a symmetric matrix (order, order), the largest first; nil where they can't be found, as with values
/// that are no numbers.
package func eigenvalues(ofSymmetric matrix: [Double], order: Int) -> [Double]? {
    guard order > 0, let size = Int32(exactly: order), matrix.count == order * order, matrix.allSatisfy(\.isFinite)
    else {
        return order == 0 ? [] : nil
    }
    var matrix = matrix
    var values = [Double](repeating: 0, count: order)
    var info: Int32 = 0
    var wanted = 0.0
    var ask: Int32 = -1
    dsyev_("N", "U", [size], &matrix, [size], &values, &wanted, &ask, &info)
    guard info == 0, wanted >= 1, var count = Int32(exactly: wanted.rounded(.up)) else { return nil }
    var work = [Double](repeating: 0, count: Int(count))
    dsyev_("N", "U", [size], &matrix, [size], &values, &work, &count, &info)
    return info == 0 ? values.reversed() : nil
}

/// A symmetric matrix by its eigenvectors.
package struct EigenDecomposition {
    /// The smallest first.
    package let values: [Double]
    /// (order, order), an eigenvector of length 1 a row.
    package let vectors: [Double]

    /// - Parameter matrix: (order, order), symmetric; the entries at and right of the diagonal count.
    /// - Returns: nil where it can't be found, as with values that are no numbers.
    package init?(ofSymmetric matrix: [Double], order: Int) {
        guard order > 0, let size = Int32(exactly: order), matrix.count == order * order,
            matrix.allSatisfy(\.isFinite)
        else {
            guard order == 0 else { return nil }
            (values, vectors) = ([], [])
            return
        }
        _ = BLAS.singleThreaded
        var vectors = matrix
        var values = [Double](repeating: 0, count: order)
        var info: Int32 = 0
        var wanted = 0.0
        var wantedWhole: Int32 = 0
        var ask: Int32 = -1
        dsyevd_("V", "L", [size], &vectors, [size], &values, &wanted, &ask, &wantedWhole, [ask], &info)
        guard info == 0, wanted >= 1, wantedWhole >= 1, var count = Int32(exactly: wanted.rounded(.up)) else {
            return nil
        }
        var work = [Double](repeating: 0, count: Int(count))
        var whole = [Int32](repeating: 0, count: Int(wantedWhole))
        dsyevd_("V", "L", [size], &vectors, [size], &values, &work, &count, &whole, [wantedWhole], &info)
        guard info == 0 else { return nil }
        self.values = values
        self.vectors = vectors
    }
}
