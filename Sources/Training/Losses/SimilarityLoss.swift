import Models
import Tensor

/// How differently teacher and student see the similarities within a batch.
struct SimilarityLoss: Objective {
    /// (batch, its width)
    let teacher: FloatBuffer
    let temperature: Double

    let reading = ObjectiveReading.feature
    let couplesInputs = true

    func evaluate(_ values: FloatBuffer, of range: Range<Int>, gradient: FloatBuffer) -> Double {
        let divergence = SimilarityDivergence(
            student: values.pointer, studentWidth: values.rowCount, teacher: teacher.pointer,
            teacherWidth: teacher.rowCount, count: range.count, temperature: temperature)
        for (i, value) in divergence.gradient.enumerated() { gradient.pointer[i] = value }
        return divergence.value
    }
}
