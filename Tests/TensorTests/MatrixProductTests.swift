import Samples
import Tensor
import Testing

@Suite("Matrix products")
struct MatrixProductTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        let m: Int
        let n: Int
        let k: Int
        /// Floats between the end of a row and the next one.
        var gap = 0
        var testDescription: String { "\(m)×\(k)·\(k)×\(n), gaps of \(gap)" }

        static let all: [Shape] =
            [1, 3, 17].flatMap { m in [1, 3, 100].flatMap { n in [0, 1, 3, 17].map { Shape(m: m, n: n, k: $0) } } }
            + [
                Shape(m: 3, n: 17, k: 5, gap: 2), Shape(m: 17, n: 3, k: 100, gap: 7), Shape(m: 4, n: 4, k: 0, gap: 3),
                Shape(m: 0, n: 3, k: 2), Shape(m: 3, n: 0, k: 2), Shape(m: 100, n: 100, k: 100, gap: 1),
            ]
    }

    /// What stands in the gaps of a result and must still stand there afterwards.
    private static let untouched: Float = 123

    /// Row-major (rows, columns) with `gap` floats after each row.
    private func matrix(_ rows: Int, _ columns: Int, gap: Int, _ numbers: inout Numbers) -> [Float] {
        numbers.floats(max(1, rows * (columns + gap)))
    }

    private func result(_ shape: Shape, _ numbers: inout Numbers) -> [Float] {
        (0..<max(1, shape.m * (shape.n + shape.gap))).map { index in
            index % max(1, shape.n + shape.gap) < shape.n ? numbers.float() : Self.untouched
        }
    }

    private func expect(
        _ c: [Float], _ shape: Shape, before: [Float]? = nil, scale: Double = 1, _ what: String,
        a: (_ row: Int, _ k: Int) -> Float, b: (_ k: Int, _ column: Int) -> Float
    ) {
        let stride = shape.n + shape.gap
        for row in 0..<shape.m {
            for column in 0..<stride {
                let found = c[row * stride + column]
                guard column < shape.n else {
                    #expect(found == Self.untouched, "\(what): a gap was written to")
                    continue
                }
                var sum = 0.0
                for k in 0..<shape.k { sum += Double(a(row, k)) * Double(b(k, column)) }
                let expected = scale * sum + Double(before?[row * stride + column] ?? 0)
                guard abs(Double(found) - expected) > 1e-6 * Double(shape.k + 10) else { continue }
                Issue.record("\(what): (\(row), \(column)) is \(found), not \(expected)")
            }
        }
    }

    @Test("with the right side as it is and transposed", arguments: Shape.all)
    func rightSide(_ shape: Shape) {
        var numbers = Numbers(seed: shape.m * 10_000 + shape.n * 100 + shape.k)
        let lda = shape.k + shape.gap
        let a = matrix(shape.m, shape.k, gap: shape.gap, &numbers)
        let ldc = shape.n + shape.gap
        for orientation in [Orientation.plain, .transposed] {
            let transposed = orientation == .transposed
            let ldb = (transposed ? shape.k : shape.n) + shape.gap
            let b = matrix(transposed ? shape.n : shape.k, transposed ? shape.k : shape.n, gap: shape.gap, &numbers)
            for accumulating in [false, true] {
                let before = result(shape, &numbers)
                var c = before
                multiply(
                    shape.m, shape.n, shape.k, a, lda: lda, b, ldb: ldb, orientation, into: &c, ldc: ldc, scale: 0.75,
                    accumulating: accumulating)
                expect(
                    c, shape, before: accumulating ? before : nil, scale: 0.75, "\(orientation)",
                    a: { a[$0 * lda + $1] },
                    b: { transposed ? b[$1 * ldb + $0] : b[$0 * ldb + $1] })
            }
        }
    }

    @Test("with the left side transposed", arguments: Shape.all)
    func leftSide(_ shape: Shape) {
        var numbers = Numbers(seed: shape.m * 10_000 + shape.n * 100 + shape.k)
        let lda = shape.m + shape.gap
        let ldb = shape.n + shape.gap
        let a = matrix(shape.k, shape.m, gap: shape.gap, &numbers)
        let b = matrix(shape.k, shape.n, gap: shape.gap, &numbers)
        var c = result(shape, &numbers)
        multiplyTransposingLeft(
            shape.m, shape.n, shape.k, a, lda: lda, b, ldb: ldb, into: &c, ldc: shape.n + shape.gap, scale: -2)
        expect(c, shape, scale: -2, "left", a: { a[$1 * lda + $0] }, b: { b[$0 * ldb + $1] })
    }

    @Test("in float64", arguments: Shape.all.filter { $0.gap == 0 })
    func float64(_ shape: Shape) {
        var numbers = Numbers(seed: shape.m + shape.n + shape.k)
        let a = doubles(numbers.floats(shape.m * shape.k))
        let b = doubles(numbers.floats(shape.k * shape.n))
        for orientation in [Orientation.plain, .transposed] {
            let c = multiplyDouble(shape.m, shape.n, shape.k, a, b, orientation)
            #expect(c.count == shape.m * shape.n)
            for row in 0..<shape.m {
                for column in 0..<shape.n {
                    var sum = 0.0
                    for k in 0..<shape.k {
                        sum +=
                            a[row * shape.k + k]
                            * b[orientation == .plain ? k * shape.n + column : column * shape.k + k]
                    }
                    guard abs(c[row * shape.n + column] - sum) > 1e-12 else { continue }
                    Issue.record("(\(row), \(column)) is \(c[row * shape.n + column]), not \(sum)")
                }
            }
        }
    }
}
