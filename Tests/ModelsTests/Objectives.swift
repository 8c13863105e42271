import Models
import Tensor

/// Σ c · what is read, for fixed c.
struct LinearObjective: Objective {
    let reading: ObjectiveReading
    /// Of every value of every input of the batch.
    let weights: [Float]
    var couplesInputs = false

    func evaluate(_ values: FloatBuffer, of range: Range<Int>, gradient: FloatBuffer) -> Double {
        let width = gradient.count == 0 ? 0 : weights.count / max(1, count)
        var sum = 0.0
        for i in 0..<(range.count * width) {
            let weight = weights[range.lowerBound * width + i]
            sum += Double(weight) * Double(values.pointer[i])
            gradient.pointer[i] = weight
        }
        return sum
    }

    /// Inputs of the batch.
    let count: Int
}

/// Mean cross-entropy with labels.
struct LabelObjective: Objective {
    let labels: [Int]
    let reading = ObjectiveReading.logits
    let couplesInputs = false

    func evaluate(_ values: FloatBuffer, of range: Range<Int>, gradient: FloatBuffer) -> Double {
        let classes = values.shape[1]
        let part = CrossEntropy(logits: values.pointer, labels: Array(labels[range]), classes: classes)
        let share = Float(range.count) / Float(labels.count)
        for (i, value) in part.gradient.enumerated() { gradient.pointer[i] = value * share }
        return part.value * Double(share)
    }
}

/// The entropy of the whole batch, whose inputs see one another.
struct EntropyObjective: Objective {
    let reading = ObjectiveReading.feature
    let couplesInputs = true

    func evaluate(_ values: FloatBuffer, of range: Range<Int>, gradient: FloatBuffer) -> Double {
        let entropy = BatchEntropy(
            features: values.pointer, count: range.count, width: values.shape[1], temperature: 5)
        for (i, value) in entropy.gradient().enumerated() { gradient.pointer[i] = value }
        return entropy.value
    }
}
