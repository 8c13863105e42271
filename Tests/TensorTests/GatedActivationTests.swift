import Foundation
import Samples
import Tensor
import Testing

@Suite("Gated activations")
struct GatedActivationTests {
    /// f(gate) · value, in float64 and with the system's functions: u (rows, 2·columns), the gate's columns first.
    private func reference(_ activation: Activation, _ u: [Double], _ size: Size) -> [Double] {
        (0..<size.count).map { index in
            let gate = index / size.columns * 2 * size.columns + index % size.columns
            return activation.definition(u[gate]) * u[gate + size.columns]
        }
    }

    private func inputs(_ size: Size) -> (u: [Float], bias: [Float]) {
        var numbers = Numbers(seed: size.rows * 1000 + size.columns)
        var u = numbers.floats(2 * size.count, scale: 4)
        // Some gates far outside of where the functions bend.
        for (place, value) in zip(0..., [-30, 30, 1e3, -1e3] as [Float]) where place < min(4, size.columns) {
            u[place] = value
        }
        return (u, numbers.floats(2 * size.columns, scale: 2))
    }

    private func biased(_ u: [Float], _ bias: [Float]?, _ size: Size) -> [Double] {
        u.indices.map { Double(u[$0] + (bias?[$0 % (2 * size.columns)] ?? 0)) }
    }

    @Test("values are those of the definition", arguments: Activation.allCases, Size.all)
    func values(_ activation: Activation, _ size: Size) {
        let (u, bias) = inputs(size)
        for bias in [nil, bias] {
            var h = [Float](repeating: .nan, count: size.count)
            activation.applyGated(u, bias: bias, rows: size.rows, columns: size.columns, into: &h)
            let at = biased(u, bias, size)
            for (index, expected) in reference(activation, at, size).enumerated() {
                let gate = index / size.columns * 2 * size.columns + index % size.columns
                let bound = 2e-6 * max(1, abs(at[gate])) * max(1, abs(at[gate + size.columns]))
                #expect(abs(Double(h[index]) - expected) <= bound, "f(\(at[gate])) · \(at[gate + size.columns])")
            }
        }
    }

    @Test("values may take their arguments' place", arguments: Activation.allCases, Size.all)
    func inPlace(_ activation: Activation, _ size: Size) {
        let (u, bias) = inputs(size)
        for bias in [nil, bias] {
            var apart = [Float](repeating: .nan, count: size.count)
            activation.applyGated(u, bias: bias, rows: size.rows, columns: size.columns, into: &apart)
            let buffer = FloatBuffer([size.rows, 2 * size.columns], u)
            activation.applyGated(
                buffer.pointer, bias: bias, rows: size.rows, columns: size.columns, into: buffer.pointer)
            #expect(Array(buffer.values.prefix(size.count)) == apart)
        }
    }

    @Test("gradients are those of finite differences", arguments: Activation.allCases, Size.all)
    func gradients(_ activation: Activation, _ size: Size) {
        let (u, bias) = inputs(size)
        var numbers = Numbers(seed: 7)
        let above = numbers.floats(size.count)
        for bias in [nil, bias] {
            var du = [Float](repeating: .nan, count: u.count)
            activation.applyGatedBackward(
                u, bias: bias, rows: size.rows, columns: size.columns, gradient: above, into: &du)
            let at = biased(u, bias, size)
            let step = 1e-4
            for index in 0..<size.count {
                let gate = index / size.columns * 2 * size.columns + index % size.columns
                let value = gate + size.columns
                let f = activation.definition
                #expect(abs(Double(du[value]) - Double(above[index]) * f(at[gate])) <= 2e-6 * max(1, abs(at[gate])))
                // At 0 the rectifier has no slope to compare with.
                if activation == .relu, abs(at[gate]) < 1e-3 { continue }
                let slope = (f(at[gate] + step) - f(at[gate] - step)) / (2 * step)
                #expect(abs(Double(du[gate]) - Double(above[index]) * at[value] * slope) < 2e-5, "f′(\(at[gate]))")
            }
        }
    }
}
