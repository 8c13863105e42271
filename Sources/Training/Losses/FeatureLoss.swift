import Models
import Tensor

/// MSE(class token) + MSE(patch tokens) of the last block's output before the final norm.
///
/// Registers and a distillation token take no part. Of texts the first token stands for the class token.
struct FeatureLoss: Objective {
    /// The teacher's tokens (batch, tokens, width).
    let teacher: FloatBuffer
    let width: Int
    /// Tokens that each term is about.
    let single: Range<Int>
    let rest: Range<Int>

    let reading = ObjectiveReading.tokens
    let couplesInputs = false

    init(_ architecture: Architecture, teacher: FloatBuffer) {
        self.teacher = teacher
        width = architecture.width
        let tokens = teacher.rowCount / max(1, width)
        let hasClassToken = architecture.image?.hasClassToken ?? true
        single = 0..<(hasClassToken ? 1 : 0)
        rest = (architecture.image == nil ? 1 : architecture.prefixTokens)..<tokens
    }

    func evaluate(_ values: FloatBuffer, of range: Range<Int>, gradient: FloatBuffer) throws -> Double {
        let size = teacher.rowCount
        let sums = FloatBuffer([range.count, 2])
        try Parallel.forEach(range.count) { row in
            let (x, d) = (values.pointer + row * size, gradient.pointer + row * size)
            let truth = teacher.row(range.lowerBound + row)
            d.update(repeating: 0, count: size)
            for (place, tokens) in [single, rest].enumerated() {
                let elements = teacher.shape[0] * tokens.count * width
                let own = (tokens.lowerBound * width)..<(tokens.upperBound * width)
                sums.row(row)[place] = squaredDifference(
                    x + own.lowerBound, truth + own.lowerBound, count: own.count,
                    scale: 2 / Float(max(1, elements)), into: d + own.lowerBound)
            }
        }
        var total = 0.0
        for row in 0..<range.count {
            for (place, tokens) in [single, rest].enumerated() where !tokens.isEmpty {
                total += Double(sums.row(row)[place]) / Double(teacher.shape[0] * tokens.count * width)
            }
        }
        return total
    }
}
