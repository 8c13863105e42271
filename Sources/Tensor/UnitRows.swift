/// Features brought to length 1, in float64: what similarities within a batch are computed from.
struct UnitRows: Sendable {
    /// z (count, width), row by row.
    let values: [Double]
    /// The rows' lengths before.
    private let norms: [Double]
    private let count: Int
    private let width: Int

    /// - Parameter features: (count, width), one row an image.
    init(_ features: UnsafePointer<Float>, count: Int, width: Int) {
        self.count = count
        self.width = width
        var values = [Double](repeating: 0, count: count * width)
        var norms = [Double](repeating: 0, count: count)
        for row in 0..<count {
            var squares = 0.0
            for i in 0..<width {
                let x = Double(features[row * width + i])
                values[row * width + i] = x
                squares += x * x
            }
            // A zero feature keeps its direction undefined but its gradient finite, as PyTorch's normalize does.
            let norm = max(squares.squareRoot(), 1e-12)
            norms[row] = norm
            for i in 0..<width { values[row * width + i] /= norm }
        }
        self.values = values
        self.norms = norms
    }

    /// s (count, count): the cosine of every image with every image.
    var similarities: [Double] { multiplyDouble(count, count, width, values, values, .transposed) }

    /// ∂E/∂ features (count, width) from G = ∂E/∂s, through both roles of z, as row i and as column j: dz = (G + Gᵀ)·z.
    func gradient(similarities g: [Double]) -> [Float] {
        var both = g
        for i in 0..<count {
            for j in 0..<i {
                let sum = g[i * count + j] + g[j * count + i]
                both[i * count + j] = sum
                both[j * count + i] = sum
            }
            both[i * count + i] *= 2
        }
        let dz = multiplyDouble(count, width, count, both, values, .plain)
        var result = [Float](repeating: 0, count: count * width)
        for row in 0..<count {
            var dot = 0.0
            for i in 0..<width { dot += dz[row * width + i] * values[row * width + i] }
            for i in 0..<width {
                let k = row * width + i
                result[k] = Float((dz[k] - values[k] * dot) / norms[row])
            }
        }
        return result
    }
}
