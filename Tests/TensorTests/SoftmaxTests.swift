import Foundation
import Samples
import Tensor
import Testing

@Suite("Softmax")
struct SoftmaxTests {
    private func reference(_ x: [Double], columns: Int) -> [Double] {
        stride(from: 0, to: x.count, by: columns).flatMap { start in
            let row = x[start..<(start + columns)]
            let largest = row.max() ?? 0
            let sum = row.map { exp($0 - largest) }.reduce(0, +)
            return row.map { exp($0 - largest) / sum }
        }
    }

    @Test("values are those of the definition", arguments: Size.all, [1, 30, 1e4] as [Float])
    func values(_ size: Size, _ scale: Float) {
        var numbers = Numbers(seed: size.rows * 1000 + size.columns)
        let x = numbers.floats(size.count, scale: scale)
        var p = x
        softmax(&p, rows: size.rows, columns: size.columns)
        expectClose(p, reference(doubles(x), columns: size.columns), within: 1e-6)
    }

    @Test("the exponential is off by less than 5e-7 of its value")
    func exponential() {
        var worst = 0.0
        for step in 0..<40_000 {
            let distance = Float(step) * 0.002
            var p = [0, -distance]
            softmax(&p, rows: 1, columns: 2)
            worst = max(worst, abs(Double(p[1]) / Double(p[0]) / exp(-Double(distance)) - 1))
        }
        #expect(worst < 5e-7)
    }

    @Test("what is no number spreads over its row and no further")
    func notANumber() {
        var p: [Float] = [1, .nan, 2, 1, 1, 1]
        softmax(&p, rows: 2, columns: 3)
        #expect(p.map(\.isNaN) == [true, true, true, false, false, false])
    }

    @Test("gradients are those of finite differences", arguments: Size.small)
    func gradients(_ size: Size) {
        var numbers = Numbers(seed: size.rows * 1000 + size.columns)
        let x = numbers.floats(size.count, scale: 3)
        let above = numbers.floats(size.count)
        var p = x
        softmax(&p, rows: size.rows, columns: size.columns)
        var gradient = above
        softmaxBackward(p, rows: size.rows, columns: size.columns, gradient: &gradient)
        for row in 0..<size.rows {
            let range = (row * size.columns)..<((row + 1) * size.columns)
            let expected = finiteDifferences(doubles(Array(x[range]))) { x in
                zip(reference(x, columns: size.columns), above[range]).map { $0 * Double($1) }.reduce(0, +)
            }
            expectClose(Array(gradient[range]), expected, within: 1e-6)
        }
    }
}
