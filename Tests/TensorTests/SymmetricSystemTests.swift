import Samples
import Tensor
import Testing

@Suite("Symmetric systems")
struct SymmetricSystemTests {
    /// A·Aᵀ + shift·I of a random A (order, order).
    private static func matrix(_ order: Int, shift: Double, seed: Int) -> [Double] {
        var numbers = Numbers(seed: seed)
        let a = numbers.floats(order * order).map(Double.init)
        var product = multiplyDouble(order, order, order, a, a, .transposed)
        for i in 0..<order { product[i * (order + 1)] += shift }
        return product
    }

    private static func product(_ matrix: [Double], _ x: [Double]) -> [Double] {
        let order = x.count
        return (0..<order).map { i in (0..<order).reduce(0) { $0 + matrix[i * order + $1] * x[$1] } }
    }

    @Test("are solved for every right side", arguments: [(1, 1), (2, 3), (7, 2), (40, 5), (3, 0)])
    func solves(_ order: Int, _ count: Int) throws {
        var numbers = Numbers(seed: order)
        let matrix = Self.matrix(order, shift: 0.1, seed: order)
        let right = numbers.floats(order * count).map(Double.init)
        let solution = try #require(SymmetricSystem(matrix, order: order).solve(right, ridge: 0))
        #expect(solution.ridge == 0)
        for column in 0..<count {
            let own = column * order..<(column + 1) * order
            let back = Self.product(matrix, Array(solution.values[own]))
            for (x, y) in zip(back, right[own]) { #expect(abs(x - y) < 1e-9) }
        }
    }

    @Test("only the entries at and right of the diagonal count")
    func triangle() throws {
        var matrix = Self.matrix(5, shift: 1, seed: 3)
        let right = [1.0, 2, 3, 4, 5]
        let whole = try #require(SymmetricSystem(matrix, order: 5).solve(right, ridge: 0.5))
        for i in 0..<5 { for j in 0..<i { matrix[i * 5 + j] = .nan } }
        let upper = try #require(SymmetricSystem(matrix, order: 5).solve(right, ridge: 0.5))
        #expect(whole.values == upper.values)
    }

    @Test("that are singular get a ridge, and say which")
    func singular() throws {
        let solution = try #require(SymmetricSystem([1, 1, 1, 1], order: 2).solve([2, 2], ridge: 0))
        #expect(solution.ridge > 0 && solution.ridge < 1e-6)
        for x in solution.values { #expect(abs(x - 1) < 1e-5) }
    }

    @Test("that are no numbers have no solution", arguments: [Double.nan, .infinity])
    func nonFinite(_ value: Double) {
        #expect(SymmetricSystem([value, 0, 0, 1], order: 2).solve([1, 1], ridge: 0) == nil)
        #expect(SymmetricSystem([1, 0, 0, 1], order: 2).solve([value, 1], ridge: 0) == nil)
    }

    @Test("no matrix at all has no values")
    func empty() { #expect(SymmetricSystem([], order: 0).solve([], ridge: 1)?.values == []) }

    @Test("eigenvectors put the matrix together again", arguments: [1, 2, 9, 50])
    func eigenvectors(_ order: Int) throws {
        let matrix = Self.matrix(order, shift: -0.3, seed: 7)
        let parts = try #require(EigenDecomposition(ofSymmetric: matrix, order: order))
        #expect(parts.values == parts.values.sorted())
        for (value, start) in zip(parts.values, stride(from: 0, to: order * order, by: order)) {
            let vector = Array(parts.vectors[start..<start + order])
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-9)
            for (x, y) in zip(Self.product(matrix, vector), vector) { #expect(abs(x - value * y) < 1e-9) }
        }
        #expect(EigenDecomposition(ofSymmetric: matrix.map { $0 * .nan }, order: order) == nil)
    }

    @Test("sums of products in float64 are those of the rows")
    func sums() {
        var numbers = Numbers(seed: 5)
        let (rows, m, n) = (30, 3, 5)
        let a = numbers.buffer([rows, m])
        let b = numbers.buffer([rows, n])
        var sums = [Double](repeating: 1, count: m * n)
        var (plain, squares) = ([Double](repeating: 1, count: n), [Double](repeating: 1, count: n))
        let scratch = FloatBuffer([m, n])
        addProducts(
            m, n, rows: rows, a.pointer, lda: m, b.pointer, ldb: n, to: &sums, stride: n, workspace: scratch.pointer)
        addSumOfRows(b.pointer, rows: rows, columns: n, to: &plain)
        addSumOfSquares(b.pointer, rows: rows, columns: n, to: &squares)
        for j in 0..<n {
            let column = (0..<rows).map { Double(b.pointer[$0 * n + j]) }
            #expect(abs(plain[j] - 1 - column.reduce(0, +)) < 1e-12)
            #expect(abs(squares[j] - 1 - column.reduce(0) { $0 + $1 * $1 }) < 1e-12)
            for i in 0..<m {
                let expected = (0..<rows).reduce(1.0) { $0 + Double(a.pointer[$1 * m + i]) * column[$1] }
                #expect(abs(sums[i * n + j] - expected) < 1e-5)
            }
        }
    }
}
