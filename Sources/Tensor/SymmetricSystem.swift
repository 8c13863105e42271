import COpenBLAS

/// A symmetric system of linear equations in float64 whose matrix should be positive definite, with many right sides.
package struct SymmetricSystem {
    /// (order, order); the entries at and right of the diagonal count.
    package var matrix: [Double]
    package let order: Int

    package init(_ matrix: [Double], order: Int) {
        precondition(matrix.count == order * order, "a square matrix")
        self.matrix = matrix
        self.order = order
    }

    /// What `solve` found.
    package struct Solution {
        /// (right sides, order)
        package let values: [Double]
        /// What was added to the diagonal: what was asked for, or more where that was not enough.
        package let ridge: Double
    }

    /// Solves (M + ridge · I) · x = b for each b by Cholesky's factorisation.
    ///
    /// Where the matrix is singular, or so near to it that float64 can't tell, ten times the ridge is tried, up to the size
    /// of the diagonal.
    ///
    /// - Parameter right: (right sides, order)
    /// - Returns: nil where nothing helps, as with values that are no numbers.
    package func solve(_ right: [Double], ridge: Double) -> Solution? {
        guard order > 0, let size = Int32(exactly: order), right.count % order == 0,
            let columns = Int32(exactly: right.count / order), ridge >= 0
        else { return order == 0 && right.isEmpty ? Solution(values: [], ridge: ridge) : nil }
        _ = BLAS.singleThreaded
        let largest = (0..<order).reduce(0) { max($0, abs(matrix[$1 * (order + 1)])) }
        guard largest.isFinite else { return nil }
        var ridge = ridge
        while true {
            var factor = matrix
            for i in 0..<order { factor[i * (order + 1)] += ridge }
            var info: Int32 = 0
            // Row by row and right of the diagonal is column by column and below it.
            dpotrf_("L", [size], &factor, [size], &info)
            if info == 0, isSafe(factor, beside: largest) {
                var values = right
                if columns > 0 { dpotrs_("L", [size], [columns], factor, [size], &values, [size], &info) }
                if info == 0, values.allSatisfy(\.isFinite) { return Solution(values: values, ridge: ridge) }
            }
            guard ridge < largest else { return nil }
            ridge = max(10 * ridge, 10 * Self.smallestPivot * largest)
        }
    }

    /// Beside the largest entry of the diagonal. Below it, rounding decides what comes out.
    private static let smallestPivot = 1e-11

    private func isSafe(_ factor: [Double], beside largest: Double) -> Bool {
        (0..<order).allSatisfy { i in
            let root = factor[i * (order + 1)]
            return root * root >= Self.smallestPivot * largest
        }
    }
}
