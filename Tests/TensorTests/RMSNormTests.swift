import Samples
import Tensor
import Testing

@Suite("RMS norm")
struct RMSNormTests {
    private static let epsilon: Float = 1e-6

    private func reference(_ x: [Double], _ weight: [Double], columns: Int) -> [Double] {
        stride(from: 0, to: x.count, by: columns).flatMap { start in
            let row = x[start..<(start + columns)]
            let square = row.map { $0 * $0 }.reduce(0, +) / Double(columns)
            let root = (square + Double(Self.epsilon)).squareRoot()
            return zip(0..., row).map { $1 / root * weight[$0] }
        }
    }

    private func inputs(_ size: Size) -> (x: [Float], weight: [Float]) {
        var numbers = Numbers(seed: size.rows * 1000 + size.columns)
        return (numbers.floats(size.count, scale: 3).map { $0 + 1 }, numbers.floats(size.columns))
    }

    @Test("values are those of the definition, also in place", arguments: Size.all)
    func values(_ size: Size) {
        let (x, weight) = inputs(size)
        var y = [Float](repeating: .nan, count: size.count)
        rmsNorm(x, rows: size.rows, columns: size.columns, weight: weight, epsilon: Self.epsilon, into: &y)
        expectClose(y, reference(doubles(x), doubles(weight), columns: size.columns), within: 2e-6)
        let buffer = FloatBuffer([size.rows, size.columns], x)
        rmsNorm(
            buffer.pointer, rows: size.rows, columns: size.columns, weight: weight, epsilon: Self.epsilon,
            into: buffer.pointer)
        #expect(buffer.values == y, "in place")
    }

    @Test("a row of zeros stays zero")
    func zeros() {
        var y = [Float](repeating: .nan, count: 3)
        rmsNorm([0, 0, 0], rows: 1, columns: 3, weight: [1, 2, 3], epsilon: Self.epsilon, into: &y)
        #expect(y == [0, 0, 0])
    }

    @Test("gradients are those of finite differences, and are added", arguments: Size.small)
    func gradients(_ size: Size) {
        let (x, weight) = inputs(size)
        var numbers = Numbers(seed: 3)
        let above = numbers.floats(size.count)
        let before = numbers.floats(size.count)
        var dx = before
        rmsNormBackward(
            x, rows: size.rows, columns: size.columns, weight: weight, epsilon: Self.epsilon, gradient: above,
            addingTo: &dx)
        for row in 0..<size.rows {
            let range = (row * size.columns)..<((row + 1) * size.columns)
            let expected = finiteDifferences(doubles(Array(x[range]))) { x in
                zip(reference(x, doubles(weight), columns: size.columns), above[range])
                    .map { $0 * Double($1) }.reduce(0, +)
            }
            expectClose(Array(dx[range]), zip(expected, before[range]).map { $0 + Double($1) }, within: 1e-5)
        }
    }
}
