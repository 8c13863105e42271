import Samples
import Tensor
import Testing

/// Only where a library for such products is installed: amp needs none.
@Suite(
    "Products of bfloat16",
    .enabled(if: (try? Precision.bfloat16Library) != nil, "needs oneDNN (libdnnl) or an OpenBLAS with cblas_sbgemm"))
struct BFloat16ProductTests {
    private func rounded(_ value: Float) -> Double {
        var bits: UInt16 = 0
        withUnsafePointer(to: value) { narrowToBFloat($0, count: 1, into: &bits) }
        return Double(Float(bitPattern: UInt32(bits) << 16))
    }

    @Test(
        "are those of the rounded values, forwards and back, from zero, a bias and what is there",
        arguments: PackedMatrixTests.cases)
    func weight(_ size: PackedMatrixTests.Case) throws {
        var numbers = Numbers(seed: size.columns)
        let (outputs, inputs, rows) = (size.columns, size.depth, size.rows)
        let stride = inputs + 3
        let x = numbers.floats(max(1, rows * stride))
        let dy = numbers.floats(rows * outputs)
        let bias = numbers.buffer([outputs])
        let values = numbers.buffer([outputs, inputs])
        let before = numbers.floats(rows * (outputs + 2))
        let weight = WeightMatrix(FloatView(values), .bfloat16(try Precision.bfloat16Library))
        let w = values.values.map(rounded)
        let (narrowX, narrowDY) = (x.map(rounded), dy.map(rounded))
        // Sums of `depth` products below 1, in float32.
        func bound(_ depth: Int) -> Double { 1e-6 * Double(depth + 10) }

        for prefix in Set([inputs, inputs / 2]) {
            for (index, start) in [ProductStart.zero, .bias(UnsafePointer(bias.pointer)), .result].enumerated() {
                var y = before
                weight.multiply(
                    x, stride: stride, rows: rows, inputs: prefix, start: start, into: &y, resultStride: outputs + 2)
                for row in 0..<rows {
                    for column in 0..<(outputs + 2) {
                        let place = row * (outputs + 2) + column
                        guard column < outputs else {
                            #expect(y[place] == before[place], "what lies beside stays")
                            continue
                        }
                        let starts: [Float] = [0, bias.pointer[column], before[place]]
                        let first = Double(starts[index])
                        var expected = first
                        for i in 0..<prefix { expected += narrowX[row * stride + i] * w[column * inputs + i] }
                        let error = abs(Double(y[place]) - expected)
                        #expect(error < bound(prefix))
                    }
                }
            }
        }
        guard inputs > 0 else { return }
        for accumulating in [false, true] {
            var dx = [Float](repeating: 2, count: rows * inputs)
            weight.multiplyBackward(gradient: dy, rows: rows, into: &dx, accumulating: accumulating)
            for row in 0..<rows {
                for column in 0..<inputs {
                    var expected: Double = accumulating ? 2 : 0
                    for i in 0..<outputs { expected += narrowDY[row * outputs + i] * w[i * inputs + column] }
                    let error = abs(Double(dx[row * inputs + column]) - expected)
                    #expect(error < bound(outputs))
                }
            }
        }
    }

    @Test("are the same by float32 products of what was rounded")
    func widened() throws {
        var numbers = Numbers(seed: 9)
        let (m, n, k) = (37, 50, 200)
        let (a, b) = (numbers.floats(m * k), numbers.floats(n * k))
        var (left, right) = ([UInt16](repeating: 0, count: m * k), [UInt16](repeating: 0, count: n * k))
        narrowToBFloat(a, count: a.count, into: &left)
        narrowToBFloat(b, count: b.count, into: &right)
        for orientation in [Orientation.plain, .transposed] {
            let ldb = orientation == .plain ? n : k
            var found = [Float](repeating: 1, count: m * n)
            var expected = found
            #expect(
                try Precision.bfloat16Library.multiply(
                    m, n, k, left, lda: k, right, ldb: ldb, orientation, into: &found, ldc: n, accumulating: true))
            multiplyWidened(
                m, n, k, left, lda: k, right, ldb: ldb, orientation, into: &expected, ldc: n, accumulating: true)
            for (x, y) in zip(found, expected) { #expect(abs(x - y) < 2e-4) }
        }
    }

    @Test("are right when threads multiply at the same time, and the same as on one")
    func threads() throws {
        var numbers = Numbers(seed: 11)
        let (rows, inputs, outputs, units) = (64, 96, 80, 32)
        let weight = WeightMatrix(
            FloatView(numbers.buffer([outputs, inputs])), .bfloat16(try Precision.bfloat16Library))
        let x = numbers.buffer([units, rows, inputs])
        func all(threads: Int) throws -> [Float] {
            let before = Parallel.threads
            defer { Parallel.threads = before }
            Parallel.threads = threads
            let y = FloatBuffer([units, rows, outputs])
            try Parallel.forEach(units) { weight.multiply(x.row($0), rows: rows, into: y.row($0)) }
            return y.values
        }
        #expect(try all(threads: 4) == all(threads: 1))
    }
}
