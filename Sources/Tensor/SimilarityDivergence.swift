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
        gradient = own.unit.gradient(similarities: g)
    }

    /// Of one model: normalised features, and ln p (count, count).
    private struct Distributions {
        let unit: UnitRows
        let logs: [Double]

        init(_ features: UnsafePointer<Float>, count: Int, width: Int, temperature: Double) {
            unit = UnitRows(features, count: count, width: width)
            var logs = unit.similarities
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
            self.logs = logs
        }
    }
}
