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
