import Foundation
import Models
import Tensor

/// Cross-entropy of logits with smoothed labels; mean over the batch.
struct LabelLoss: Objective {
    let labels: [Int]
    let smoothing: Double

    let reading = ObjectiveReading.logits
    let couplesInputs = false

    func evaluate(_ values: FloatBuffer, of range: Range<Int>, gradient: FloatBuffer) -> Double {
        let classes = values.rowCount
        let share = 1 / Double(labels.count)
        var total = 0.0
        for (row, input) in range.enumerated() {
            let target = gradient.row(row)
            let logs = logSoftmax(values.row(row), classes)
            for j in 0..<classes {
                let q = (j == labels[input] ? 1 - smoothing : 0) + smoothing / Double(classes)
                total -= share * q * logs[j]
                target[j] = Float(share * (exp(logs[j]) - q))
            }
        }
        return total
    }

    /// ln softmax(x), in float64.
    private func logSoftmax(_ x: UnsafePointer<Float>, _ count: Int) -> [Double] {
        var logs = (0..<count).map { Double(x[$0]) }
        let largest = logs.max() ?? 0
        let shift = largest + log(logs.reduce(0) { $0 + exp($1 - largest) })
        for j in 0..<count { logs[j] -= shift }
        return logs
    }
}
