import Samples
import Tensor
import Testing

@Suite("Sums that gradients are made of")
struct GradientSumTests {
    @Test("rows are added up column by column, wherever they lie", arguments: [0, 1, 63, 64, 65, 200], [1, 5, 48])
    func rows(_ rows: Int, _ columns: Int) {
        var numbers = Numbers(seed: rows + columns)
        let stride = columns + 3
        let x = numbers.buffer([max(1, rows), stride])
        let sums = FloatBuffer([columns], filledWith: 2)
        sumRows(x.pointer, stride: stride, rows: rows, columns: columns, into: sums.pointer)
        let expected = (0..<columns).map { column in
            (0..<rows).reduce(0.0) { $0 + Double(x.pointer[$1 * stride + column]) }
        }
        #expect(zip(sums.values, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
        sumRows(x.pointer, stride: stride, rows: rows, columns: columns, into: sums.pointer, accumulating: true)
        #expect(zip(sums.values, expected).allSatisfy { abs(Double($0) - 2 * $1) < 2e-5 })
    }

    @Test("squares and squared differences are added up", arguments: [0, 1, 255, 256, 1000])
    func squares(_ count: Int) {
        var numbers = Numbers(seed: count)
        let (x, y) = (numbers.buffer([max(1, count)]), numbers.buffer([max(1, count)]))
        let d = FloatBuffer([max(1, count)])
        let expected = (0..<count).reduce(0.0) { $0 + Double(x.pointer[$1] * x.pointer[$1]) }
        #expect(abs(sumOfSquares(x.pointer, count: count) - expected) < 1e-4)
        let sum = squaredDifference(x.pointer, y.pointer, count: count, scale: 3, into: d.pointer)
        let differences = (0..<count).map { x.pointer[$0] - y.pointer[$0] }
        #expect(abs(Double(sum) - differences.reduce(0.0) { $0 + Double($1 * $1) }) < 1e-3)
        #expect(zip(differences, d.values).allSatisfy { abs(3 * $0 - $1) < 1e-5 })
    }

    @Test("a product of transposed rows adds to what is there where asked to")
    func accumulating() {
        var numbers = Numbers(seed: 1)
        let (a, b) = (numbers.buffer([7, 3]), numbers.buffer([7, 4]))
        let c = FloatBuffer([3, 4], filledWith: 1)
        multiplyTransposingLeft(
            3, 4, 7, a.pointer, lda: 3, b.pointer, ldb: 4, into: c.pointer, ldc: 4, accumulating: true)
        for row in 0..<3 {
            for column in 0..<4 {
                let expected = (0..<7).reduce(Float(1)) { $0 + a.row($1)[row] * b.row($1)[column] }
                #expect(abs(c.row(row)[column] - expected) < 1e-5)
            }
        }
    }

    @Test("a norm's own gradients are added up beside its input's", arguments: [true, false])
    func norms(_ isLayerNorm: Bool) {
        let (rows, columns) = (5, 19)
        var numbers = Numbers(seed: 4)
        let (x, dy, weight) = (
            numbers.buffer([rows, columns]), numbers.buffer([rows, columns]), numbers.buffer([columns])
        )
        let (dx, alone) = (FloatBuffer([rows, columns], filledWith: 0), FloatBuffer([rows, columns], filledWith: 0))
        let sums = FloatBuffer([2, columns], filledWith: 0.5)
        let ones = FloatBuffer([columns], filledWith: 1)
        let n = FloatBuffer([rows, columns])
        let both = NormSums(sums.pointer, columns: columns)
        if isLayerNorm {
            layerNorm(
                x.pointer, rows: rows, columns: columns, weight: ones.pointer, bias: nil, epsilon: 1e-6, into: n.pointer
            )
            for (target, sums) in [(dx, both), (alone, nil)] {
                layerNormBackward(
                    x.pointer, rows: rows, columns: columns, weight: weight.pointer, epsilon: 1e-6,
                    gradient: dy.pointer, addingTo: target.pointer, sums: sums)
            }
        } else {
            rmsNorm(x.pointer, rows: rows, columns: columns, weight: ones.pointer, epsilon: 1e-6, into: n.pointer)
            for (target, sums) in [(dx, both), (alone, nil)] {
                rmsNormBackward(
                    x.pointer, rows: rows, columns: columns, weight: weight.pointer, epsilon: 1e-6,
                    gradient: dy.pointer, addingTo: target.pointer, sums: sums)
            }
        }
        #expect(dx.values == alone.values)
        for column in 0..<columns {
            let toWeight = (0..<rows).reduce(Float(0.5)) { $0 + dy.row($1)[column] * n.row($1)[column] }
            let toBias = (0..<rows).reduce(Float(0.5)) { $0 + dy.row($1)[column] }
            #expect(abs(sums.row(0)[column] - toWeight) < 1e-5)
            #expect(abs(sums.row(1)[column] - toBias) < 1e-5)
        }
    }
}
