import Tensor
import Testing

@Suite("Losses")
struct LossTests {
    /// PyTorch's kl_div of log_softmax both ways, in float64, at t = 5.
    @Test("the divergence of similarities and its gradient are PyTorch's")
    func similarity() {
        let student: [Float] = [2, 0, 1.6, 1.2, 0, 1]
        let teacher: [Float] = [1, 0, 1, 0.8, 0.6, 0, 0, 1, -1]
        let found = SimilarityDivergence(
            student: student, studentWidth: 2, teacher: teacher, teacherWidth: 3, count: 3, temperature: 5)
        #expect(abs(found.value - 0.08083979459666576) < 1e-7)
        let expected: [Float] = [0, 0.198417695652963, 0.06172550979, -0.08230067972, 0.191083691989, 0]
        #expect(zip(found.gradient, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test("a model that sees the same similarities does not differ")
    func same() {
        let features: [Float] = [2, 0, 1.6, 1.2, 0, 1]
        let found = SimilarityDivergence(
            student: features, studentWidth: 2, teacher: features.map { 3 * $0 }, teacherWidth: 2, count: 3,
            temperature: 15)
        #expect(abs(found.value) < 1e-9)
        #expect(found.gradient.allSatisfy { abs($0) < 1e-6 })
    }
}
