import Foundation
import Samples
import Tensor
import Testing

extension Activation {
    /// The definition, in float64 and with the system's functions.
    func definition(_ x: Double) -> Double {
        switch self {
        case .gelu: 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
        case .geluTanh: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        case .quickGELU: x / (1 + exp(-1.702 * x))
        case .relu: max(x, 0)
        case .silu: x / (1 + exp(-x))
        }
    }
}

@Suite("Activations")
struct ActivationTests {
    private func inputs(_ size: Size) -> (x: [Float], bias: [Float]) {
        var numbers = Numbers(seed: size.rows * 1000 + size.columns)
        var x = numbers.floats(size.count, scale: 6)
        // A few far outside of where the functions bend.
        for (place, value) in zip(0..., [0, -30, 30, 1e4, -1e4] as [Float]) where place * 3 < x.count {
            x[place * 3] = value
        }
        return (x, numbers.floats(size.columns, scale: 2))
    }

    private func argument(_ x: [Float], _ bias: [Float]?, _ size: Size) -> [Double] {
        x.indices.map { Double(x[$0] + (bias?[$0 % size.columns] ?? 0)) }
    }

    @Test("values are those of the definition", arguments: Activation.allCases, Size.all)
    func values(_ activation: Activation, _ size: Size) {
        let (x, bias) = inputs(size)
        for bias in [nil, bias] {
            var y = [Float](repeating: .nan, count: size.count)
            activation.apply(x, bias: bias, rows: size.rows, columns: size.columns, into: &y)
            for (found, at) in zip(y, argument(x, bias, size)) {
                let expected = activation.definition(at)
                #expect(abs(Double(found) - expected) <= 2e-6 * max(1, abs(at)), "f(\(at))")
            }
        }
    }

    @Test("values may replace their arguments", arguments: Activation.allCases)
    func inPlace(_ activation: Activation) {
        let size = Size(rows: 3, columns: 17)
        let (x, bias) = inputs(size)
        var apart = [Float](repeating: .nan, count: size.count)
        activation.apply(x, bias: bias, rows: size.rows, columns: size.columns, into: &apart)
        let buffer = FloatBuffer([size.rows, size.columns], x)
        activation.apply(buffer.pointer, bias: bias, rows: size.rows, columns: size.columns, into: buffer.pointer)
        #expect(buffer.values == apart)
    }

    @Test("slopes are those of finite differences", arguments: Activation.allCases, Size.all)
    func slopes(_ activation: Activation, _ size: Size) {
        let (x, bias) = inputs(size)
        var numbers = Numbers(seed: 7)
        let above = numbers.floats(size.count)
        for bias in [nil, bias] {
            var gradient = above
            activation.applyBackward(x, bias: bias, rows: size.rows, columns: size.columns, gradient: &gradient)
            for (index, at) in argument(x, bias, size).enumerated() {
                // At 0 the rectifier has no slope to compare with.
                if activation == .relu, abs(at) < 1e-3 { continue }
                let slope = (activation.definition(at + 1e-4) - activation.definition(at - 1e-4)) / 2e-4
                let expected = Double(above[index]) * slope
                #expect(abs(Double(gradient[index]) - expected) < 1e-5, "f′(\(at))")
            }
        }
    }

    @Test("what is no number stays none", arguments: Activation.allCases)
    func notANumber(_ activation: Activation) {
        var y: [Float] = [0, 0]
        activation.apply([.nan, 1], bias: nil, rows: 1, columns: 2, into: &y)
        #expect(y[0].isNaN)
        #expect(y[1].isFinite)
    }

    @Test("the error function inside GELU is off by less than 1e-6 anywhere")
    func errorFunction() {
        let x = stride(from: Float(-8), through: 8, by: 0.0009).filter { abs($0) > 1e-3 }
        var y = [Float](repeating: 0, count: x.count)
        Activation.gelu.apply(x, bias: nil, rows: 1, columns: x.count, into: &y)
        // GELU is ½x(1 + erf(x/√2)); solved for erf.
        let worst = zip(x, y).map { x, y -> Double in
            let found = 2 * Double(y) / Double(x) - 1
            return abs(found - erf(Double(x) / 2.0.squareRoot()))
        }.max()
        #expect((worst ?? 1) < 1e-6)
    }

    @Test("the exponential inside SiLU is off by less than 5e-7 of its value")
    func exponentialBelow() {
        let x = stride(from: Float(-80), through: -10, by: 0.0017).map { $0 }
        var y = [Float](repeating: 0, count: x.count)
        Activation.silu.apply(x, bias: nil, rows: 1, columns: x.count, into: &y)
        // Far below zero SiLU is x·eˣ up to a factor 1 + eˣ.
        let worst = zip(x, y).map { x, y -> Double in
            let expected = Double(x) / (1 + exp(-Double(x)))
            return abs(Double(y) / expected - 1)
        }.max()
        #expect((worst ?? 1) < 5e-7)
    }
}
