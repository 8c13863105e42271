import Samples
import Tensor
import Testing

@Suite("Layer norm")
struct LayerNormTests {
    private static let epsilon: Float = 1e-6

    private func reference(_ x: [Double], _ weight: [Double], _ bias: [Double]?, columns: Int) -> [Double] {
        stride(from: 0, to: x.count, by: columns).flatMap { start in
            let row = x[start..<(start + columns)]
            let mean = row.reduce(0, +) / Double(columns)
            let variance = row.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(columns)
            let deviation = (variance + Double(Self.epsilon)).squareRoot()
            return zip(0..., row).map { ($1 - mean) / deviation * weight[$0] + (bias?[$0] ?? 0) }
        }
    }

    private func inputs(_ size: Size) -> (x: [Float], weight: [Float], bias: [Float]) {
        var numbers = Numbers(seed: size.rows * 1000 + size.columns)
        return (
            numbers.floats(size.count, scale: 3).map { $0 + 5 }, numbers.floats(size.columns),
            numbers.floats(size.columns)
        )
    }

    @Test("values are those of the definition", arguments: Size.all)
    func values(_ size: Size) {
        let (x, weight, bias) = inputs(size)
        for bias in [nil, bias] {
            var y = [Float](repeating: .nan, count: size.count)
            layerNorm(
                x, rows: size.rows, columns: size.columns, weight: weight, bias: bias, epsilon: Self.epsilon, into: &y)
            expectClose(
                y, reference(doubles(x), doubles(weight), bias.map(doubles), columns: size.columns), within: 1e-5)
            let buffer = FloatBuffer([size.rows, size.columns], x)
            layerNorm(
                buffer.pointer, rows: size.rows, columns: size.columns, weight: weight, bias: bias,
                epsilon: Self.epsilon, into: buffer.pointer)
            #expect(buffer.values == y, "in place")
        }
    }

    @Test("a row of equal values becomes the bias")
    func equalValues() {
        var y = [Float](repeating: .nan, count: 3)
        layerNorm(
            [2.5, 2.5, 2.5], rows: 1, columns: 3, weight: [1, 2, 3], bias: [4, 5, 6], epsilon: Self.epsilon, into: &y)
        #expect(y == [4, 5, 6])
    }

    @Test("gradients are those of finite differences, and are added", arguments: Size.small)
    func gradients(_ size: Size) {
        let (x, weight, _) = inputs(size)
        var numbers = Numbers(seed: 3)
        let above = numbers.floats(size.count)
        let before = numbers.floats(size.count)
        var dx = before
        layerNormBackward(
            x, rows: size.rows, columns: size.columns, weight: weight, epsilon: Self.epsilon, gradient: above,
            addingTo: &dx)
        for row in 0..<size.rows {
            let range = (row * size.columns)..<((row + 1) * size.columns)
            let expected = finiteDifferences(doubles(Array(x[range]))) { x in
                let y = reference(x, doubles(weight), nil, columns: size.columns)
                return zip(y, above[range]).map { $0 * Double($1) }.reduce(0, +)
            }
            expectClose(Array(dx[range]), zip(expected, before[range]).map { $0 + Double($1) }, within: 2e-5)
        }
    }
}
