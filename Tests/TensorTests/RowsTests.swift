import Samples
import Tensor
import Testing

@Suite("Element-wise work on rows")
struct RowsTests {
    private func numbers(_ size: Size) -> Numbers { Numbers(seed: size.rows * 1000 + size.columns) }

    @Test("a residual is added with and without bias and layer scale", arguments: Size.all)
    func residual(_ size: Size) {
        var numbers = numbers(size)
        let (x, y) = (numbers.floats(size.count), numbers.floats(size.count))
        let (bias, scale) = (numbers.floats(size.columns), numbers.floats(size.columns))
        for bias in [nil, bias] {
            for scale in [nil, scale] {
                var found = x
                addResidual(y, bias: bias, scale: scale, rows: size.rows, columns: size.columns, to: &found)
                let expected = x.indices.map { i -> Double in
                    let column = i % size.columns
                    return Double(x[i]) + (Double(y[i]) + Double(bias?[column] ?? 0)) * Double(scale?[column] ?? 1)
                }
                expectClose(found, expected, within: 5e-7)
            }
        }
    }

    @Test("columns are scaled, or copied without a scale", arguments: Size.all)
    func scaling(_ size: Size) {
        var numbers = numbers(size)
        let (x, scale) = (numbers.floats(size.count), numbers.floats(size.columns))
        for scale in [nil, scale] {
            var found = [Float](repeating: .nan, count: size.count)
            scaleColumns(x, scale: scale, rows: size.rows, columns: size.columns, into: &found)
            #expect(found == x.indices.map { x[$0] * (scale?[$0 % size.columns] ?? 1) })
        }
    }

    @Test("rows are filled with the bias or with zero, and nothing between them", arguments: Size.all)
    func filling(_ size: Size) {
        var numbers = numbers(size)
        let bias = numbers.floats(size.columns)
        let stride = size.columns + 2
        for bias in [nil, bias] {
            var found = [Float](repeating: 9, count: size.rows * stride)
            fillRows(&found, with: bias, rows: size.rows, columns: size.columns, stride: stride)
            #expect(found == found.indices.map { $0 % stride < size.columns ? bias?[$0 % stride] ?? 0 : 9 })
        }
    }

    @Test("sums, magnitudes, means and sums of products", arguments: Size.all)
    func sums(_ size: Size) {
        var numbers = numbers(size)
        let (a, b) = (numbers.floats(size.count), numbers.floats(size.count))
        func column(_ f: (Int) -> Double) -> [Double] {
            (0..<size.columns).map { c in (0..<size.rows).map { f($0 * size.columns + c) }.reduce(0, +) }
        }
        var sums = [Float](repeating: .nan, count: size.columns)
        var magnitudes = sums
        sumOfRows(a, rows: size.rows, columns: size.columns, into: &sums, magnitudes: &magnitudes)
        expectClose(sums, column { Double(a[$0]) }, within: 1e-5)
        expectClose(magnitudes, column { Double(abs(a[$0])) }, within: 1e-5)
        var means = [Float](repeating: .nan, count: size.columns)
        meanOfRows(a, rows: size.rows, columns: size.columns, into: &means)
        expectClose(means, column { Double(a[$0]) }.map { $0 / Double(size.rows) }, within: 1e-6)
        var products = [Float](repeating: 1, count: size.columns)
        addSumOfProducts(a, b, rows: size.rows, columns: size.columns, to: &products)
        expectClose(products, column { Double(a[$0]) * Double(b[$0]) }.map { $0 + 1 }, within: 1e-5)
    }

    @Test("no rows add nothing")
    func noRows() {
        var sums: [Float] = [1, 2]
        addSumOfProducts([], [], rows: 0, columns: 2, to: &sums)
        #expect(sums == [1, 2])
    }
}
