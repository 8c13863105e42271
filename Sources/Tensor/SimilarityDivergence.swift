import Foundation

/// How differently two models see the images of a batch: of each image the distribution of its similarities to all.
///
/// With z the L2-normalised features, p_i· = softmax_j(t · z_i·z_j) of the teacher (T) and of the student (S):
/// E = (1/B) Σ_i ½[KL(T_i‖S_i) + KL(S_i‖T_i)], in float64.
package struct SimilarityDivergence: Sendable {
    /// In nats.
    package let value: Double
    /// ∂E/∂ the student's features (count, width).
    package let gradient: [Float]

    /// - Parameters:
    ///   - student, teacher: features (count, its width), one row an image.
    ///   - temperature: t, the factor of the similarities.
    package init(
        student: UnsafePointer<Float>, studentWidth: Int, teacher: UnsafePointer<Float>, teacherWidth: Int, count: Int,
        temperature: Double
    ) {
        let own = Distributions(student, count: count, width: studentWidth, temperature: temperature)
        let other = Distributions(teacher, count: count, width: teacherWidth, temperature: temperature)
        var g = [Double](repeating: 0, count: count * count)
        var total = 0.0
        for i in 0..<count {
            var (toTeacher, toStudent) = (0.0, 0.0)
            for j in 0..<count {
                let k = i * count + j
                let difference = own.logs[k] - other.logs[k]
                toTeacher += exp(own.logs[k]) * difference
                toStudent -= exp(other.logs[k]) * difference
            }
            total += (toTeacher + toStudent) / 2
            for j in 0..<count {
                let k = i * count + j
                let (p, q) = (exp(own.logs[k]), exp(other.logs[k]))
                g[k] = temperature / (2 * Double(count)) * (p - q + p * (own.logs[k] - other.logs[k] - toTeacher))
            }
        }
        value = count == 0 ? 0 : total / Double(count)
        gradient = own.gradient(g)
    }

    /// Of one model: normalised features, and ln p (count, count).
    private struct Distributions {
        let count: Int
        let width: Int
        var normalised: [Double]
        var norms: [Double]
        var logs: [Double]

        init(_ features: UnsafePointer<Float>, count: Int, width: Int, temperature: Double) {
            self.count = count
            self.width = width
            normalised = (0..<(count * width)).map { Double(features[$0]) }
            norms = [Double](repeating: 0, count: count)
            for row in 0..<count {
                var squares = 0.0
                for i in 0..<width { squares += normalised[row * width + i] * normalised[row * width + i] }
                norms[row] = max(squares.squareRoot(), 1e-12)
                for i in 0..<width { normalised[row * width + i] /= norms[row] }
            }
            logs = multiplyDouble(count, count, width, normalised, normalised, .transposed)
            for i in 0..<count {
                var largest = -Double.infinity
                for j in 0..<count {
                    logs[i * count + j] *= temperature
                    largest = max(largest, logs[i * count + j])
                }
                var sum = 0.0
                for j in 0..<count { sum += exp(logs[i * count + j] - largest) }
                let shift = largest + log(sum)
                for j in 0..<count { logs[i * count + j] -= shift }
            }
        }

        /// From ∂E/∂ similarities to ∂E/∂ features, through both roles of an image.
        func gradient(_ g: [Double]) -> [Float] {
            var both = g
            for i in 0..<count {
                for j in 0..<count { both[i * count + j] = g[i * count + j] + g[j * count + i] }
            }
            let dz = multiplyDouble(count, width, count, both, normalised, .plain)
            var result = [Float](repeating: 0, count: count * width)
            for row in 0..<count {
                var dot = 0.0
                for i in 0..<width { dot += dz[row * width + i] * normalised[row * width + i] }
                for i in 0..<width {
                    let k = row * width + i
                    result[k] = Float((dz[k] - normalised[k] * dot) / norms[row])
                }
            }
            return result
        }
    }
}
