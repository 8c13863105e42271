import Samples
import Tensor
import Testing

@Suite("Products with packed matrices")
struct PackedMatrixTests {
    struct Case: Sendable, CustomStringConvertible {
        let rows: Int
        let depth: Int
        let columns: Int
        var description: String { "\(rows)×\(depth) · \(depth)×\(columns)" }
    }

    /// Whole tiles and parts of them, one block of the depth and several, more rows than a strip.
    static let cases = [
        Case(rows: 8, depth: 16, columns: 48), Case(rows: 1, depth: 1, columns: 1),
        Case(rows: 7, depth: 5, columns: 47),
        Case(rows: 9, depth: 31, columns: 49), Case(rows: 16, depth: 769, columns: 96),
        Case(rows: 3, depth: 2000, columns: 50), Case(rows: 261, depth: 12, columns: 10),
        Case(rows: 520, depth: 800, columns: 100), Case(rows: 5, depth: 0, columns: 60),
    ]

    /// c = start + a·b in float64.
    private func naive(
        _ a: [Float], _ b: [Float], _ size: Case, lda: Int, depth: Int, start: (Int, Int) -> Float
    ) -> [Double] {
        (0..<size.rows).flatMap { row in
            (0..<size.columns).map { column in
                (0..<depth).reduce(Double(start(row, column))) {
                    $0 + Double(a[row * lda + $1]) * Double(b[$1 * size.columns + column])
                }
            }
        }
    }

    @Test("are those of the definition from zero, from a bias and added to what is there", arguments: cases)
    func product(_ size: Case) {
        var numbers = Numbers(seed: size.rows + size.depth)
        let lda = size.depth + 3
        let ldc = size.columns + 2
        let a = numbers.floats(size.rows * lda)
        let b = numbers.floats(size.depth * size.columns)
        let bias = numbers.floats(size.columns)
        let before = numbers.floats(size.rows * ldc)
        var transposed = [Float](repeating: 0, count: b.count)
        for row in 0..<size.depth {
            for column in 0..<size.columns { transposed[column * size.depth + row] = b[row * size.columns + column] }
        }
        let packed = [
            PackedMatrix(b, depth: size.depth, columns: size.columns, stride: size.columns, .plain),
            PackedMatrix(transposed, depth: size.depth, columns: size.columns, stride: size.depth, .transposed),
        ]
        for depth in Set([size.depth, size.depth / 2, 0]) {
            for matrix in packed {
                for start in 0..<3 {
                    var c = before
                    bias.withUnsafeBufferPointer { bias in
                        guard let base = bias.baseAddress else { return }
                        let begin: ProductStart = [.zero, .bias(base), .result][start]
                        matrix.multiply(a, lda: lda, rows: size.rows, depth: depth, start: begin, into: &c, ldc: ldc)
                    }
                    let expected = naive(a, b, size, lda: lda, depth: depth) { row, column in
                        [0, bias[column], before[row * ldc + column]][start]
                    }
                    for row in 0..<size.rows {
                        for column in 0..<ldc {
                            let found = c[row * ldc + column]
                            if column < size.columns {
                                #expect(abs(Double(found) - expected[row * size.columns + column]) < 1e-4)
                            } else {
                                #expect(found == before[row * ldc + column], "what lies beside stays")
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("of some rows are the same bits as of all", arguments: [1, 2, 8, 13])
    func rowsAlone(_ rows: Int) {
        var numbers = Numbers(seed: rows)
        let (all, depth, columns) = (40, 900, 70)
        let a = numbers.floats(all * depth)
        let matrix = PackedMatrix(
            numbers.floats(depth * columns), depth: depth, columns: columns, stride: columns, .plain)
        var whole = [Float](repeating: 0, count: all * columns)
        matrix.multiply(a, lda: depth, rows: all, start: .zero, into: &whole, ldc: columns)
        for first in stride(from: 0, to: all - rows, by: 7) {
            var part = [Float](repeating: 0, count: rows * columns)
            a.withUnsafeBufferPointer { a in
                guard let base = a.baseAddress else { return }
                matrix.multiply(base + first * depth, lda: depth, rows: rows, start: .zero, into: &part, ldc: columns)
            }
            #expect(part == Array(whole[(first * columns)..<((first + rows) * columns)]))
        }
    }

    @Test("a weight multiplies forwards and back, packed or not", arguments: [false, true], cases)
    func weight(isPacked: Bool, _ size: Case) {
        var numbers = Numbers(seed: size.columns)
        let x = numbers.floats(max(1, size.rows * size.depth))
        let dy = numbers.floats(size.rows * size.columns)
        let values = numbers.buffer([size.columns, size.depth])
        let weight = WeightMatrix(FloatView(values), isPacked: isPacked)
        var y = [Float](repeating: 7, count: size.rows * size.columns)
        var dx = [Float](repeating: 1, count: max(1, size.rows * size.depth))
        weight.multiply(x, rows: size.rows, into: &y)
        if size.depth > 0 { weight.multiplyBackward(gradient: dy, rows: size.rows, into: &dx, accumulating: true) }
        for row in 0..<size.rows {
            for column in 0..<size.columns {
                let expected = (0..<size.depth).reduce(0.0) {
                    $0 + Double(x[row * size.depth + $1]) * Double(values.pointer[column * size.depth + $1])
                }
                #expect(abs(Double(y[row * size.columns + column]) - expected) < 1e-4)
            }
            for column in 0..<size.depth {
                let expected = (0..<size.columns).reduce(1.0) {
                    $0 + Double(dy[row * size.columns + $1]) * Double(values.pointer[$1 * size.depth + column])
                }
                #expect(abs(Double(dx[row * size.depth + column]) - expected) < 1e-4)
            }
        }
    }
}
