/// First and second moments of the features f that enter an output layer and of what its output lacks, r, over rows.
struct Moments: Sendable {
    let rows: Int
    /// (features)
    let featureMean: [Double]
    /// (outputs)
    let lackMean: [Double]
    /// Σ (f − mean)(f − mean)ᵀ (features, features).
    let covariance: [Double]
    /// Σ (r − mean)(f − mean)ᵀ (outputs, features).
    let cross: [Double]
    /// Σ ‖r − mean‖²
    let lackSquares: Double
    /// Σ ‖y − mean‖² of the targets y.
    let targetSquares: Double

    var features: Int { featureMean.count }
    var outputs: Int { lackMean.count }

    /// The same around zero instead of the means.
    var aroundZero: Moments {
        let (features, outputs) = (features, outputs)
        let n = Double(rows)
        var (covariance, cross) = (covariance, cross)
        for i in 0..<features {
            for j in 0..<features { covariance[i * features + j] += n * featureMean[i] * featureMean[j] }
        }
        for d in 0..<outputs {
            for i in 0..<features { cross[d * features + i] += n * lackMean[d] * featureMean[i] }
        }
        return Moments(
            rows: rows, featureMean: Array(repeating: 0, count: features),
            lackMean: Array(repeating: 0, count: outputs), covariance: covariance, cross: cross,
            lackSquares: lackSquares + n * lackMean.reduce(0) { $0 + $1 * $1 }, targetSquares: targetSquares)
    }
}
