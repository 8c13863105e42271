import Foundation
import Models
import Tensor

/// Cross-entropy of logits with smoothed labels, and with a teacher's logits where there are any; mean over the batch.
struct LabelLoss: Objective {
    let labels: [Int]
    let smoothing: Double
    let teacherWeight: Double
    let teacherTemperature: Double
    /// (batch, classes)
    let teacher: FloatBuffer?

    let reading = ObjectiveReading.logits
    let couplesInputs = false

    func evaluate(_ values: FloatBuffer, of range: Range<Int>, gradient: FloatBuffer) -> Double {
        let classes = values.rowCount
        let share = 1 / Double(labels.count)
        var total = 0.0
        for (row, input) in range.enumerated() {
            let logits = values.row(row)
            let target = gradient.row(row)
            let logs = logSoftmax(logits, classes, 1)
            let own = 1 - teacherWeight
            for j in 0..<classes {
                let q = (j == labels[input] ? 1 - smoothing : 0) + smoothing / Double(classes)
                total -= own * share * q * logs[j]
                target[j] = Float(own * share * (exp(logs[j]) - q))
            }
            guard let teacher, teacherWeight > 0 else { continue }
            let t = teacherTemperature
            let (mine, theirs) = (logSoftmax(logits, classes, t), logSoftmax(teacher.row(input), classes, t))
            for j in 0..<classes {
                let q = exp(theirs[j])
                total += teacherWeight * share * t * t * q * (theirs[j] - mine[j])
                target[j] += Float(teacherWeight * share * t * (exp(mine[j]) - q))
            }
        }
        return total
    }

    /// ln softmax(x/t), in float64.
    private func logSoftmax(_ x: UnsafePointer<Float>, _ count: Int, _ t: Double) -> [Double] {
        var logs = (0..<count).map { Double(x[$0]) / t }
        let largest = logs.max() ?? 0
        let shift = largest + log(logs.reduce(0) { $0 + exp($1 - largest) })
        for j in 0..<count { logs[j] -= shift }
        return logs
    }
}
