import Foundation

/// The label-free information entropy of a batch (AMP, arXiv 2603.08100) and its gradient, in float64.
///
/// With z the L2-normalised features of the B images of a batch, s_ij = z_i·z_j and p_i· = softmax_j(t · s_ij):
/// E = −(1/B) Σ_i Σ_j p_ij ln p_ij, in nats.
package struct BatchEntropy: Sendable {
    /// E of the batch, in nats.
    package let value: Double
    /// p (B, B), row by row.
    package let probabilities: [Double]
    /// s (B, B): the cosine of every image with every image, row by row.
    package let similarities: [Double]
    /// H_i = −Σ_j p_ij ln p_ij of every image, in nats.
    package let rowEntropies: [Double]
    private let unit: UnitRows
    private let logProbabilities: [Double]
    private let temperature: Double
    private let count: Int

    /// - Parameters:
    ///   - features: (count, width), one row an image.
    ///   - temperature: t = 1/τ, the factor of the similarities.
    package init(features: UnsafePointer<Float>, count: Int, width: Int, temperature: Double) {
        self.count = count
        self.temperature = temperature
        unit = UnitRows(features, count: count, width: width)
        let similarities = unit.similarities
        var probabilities = [Double](repeating: 0, count: count * count)
        var logProbabilities = probabilities
        var rowEntropies = [Double](repeating: 0, count: count)
        var total = 0.0
        for i in 0..<count {
            let row = i * count
            var largest = -Double.infinity
            for j in 0..<count { largest = max(largest, temperature * similarities[row + j]) }
            var sum = 0.0
            for j in 0..<count { sum += exp(temperature * similarities[row + j] - largest) }
            let logSum = largest + log(sum)
            var entropy = 0.0
            for j in 0..<count {
                // ln p is finite even where p underflows to zero, so 0·ln 0 is 0 here.
                let logP = temperature * similarities[row + j] - logSum
                let p = exp(logP)
                logProbabilities[row + j] = logP
                probabilities[row + j] = p
                entropy -= p * logP
            }
            rowEntropies[i] = entropy
            total += entropy
        }
        self.similarities = similarities
        self.probabilities = probabilities
        self.logProbabilities = logProbabilities
        self.rowEntropies = rowEntropies
        value = count == 0 ? 0 : total / Double(count)
    }

    /// ∂E/∂features (count, width), through both roles of z: as row i and as column j.
    package func gradient() -> [Float] {
        // ∂E/∂s: −(t/B)·p·(ln p + H_i)
        var g = [Double](repeating: 0, count: count * count)
        let scale = -temperature / Double(count)
        for i in 0..<count {
            for j in 0..<count {
                let k = i * count + j
                g[k] = scale * probabilities[k] * (logProbabilities[k] + rowEntropies[i])
            }
        }
        return unit.gradient(similarities: g)
    }
}
