import Testing

/// A number of rows and of columns: one, a few, more than the lanes of a vector, and no multiple of them.
struct Size: Sendable, CustomTestStringConvertible {
    let rows: Int
    let columns: Int

    var testDescription: String { "\(rows)×\(columns)" }
    var count: Int { rows * columns }

    static let all: [Size] = [1, 3, 17, 100].flatMap { rows in [1, 3, 17, 100].map { Size(rows: rows, columns: $0) } }
    static let small: [Size] = [1, 3].flatMap { rows in [1, 3, 17, 100].map { Size(rows: rows, columns: $0) } }
}

/// Compares with a reference in float64; the bound counts in units of the reference's largest value, or of 1.
func expectClose(
    _ found: [Float], _ expected: [Double], within bound: Double, _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    let largest = max(1, expected.map(abs).max() ?? 0)
    var worst = 0.0
    var place = 0
    for (index, (x, y)) in zip(found, expected).enumerated() {
        let difference = abs(Double(x) - y) / largest
        if !(difference <= worst) { (worst, place) = (difference.isNaN ? .infinity : difference, index) }
    }
    #expect(worst <= bound, "\(what) differs by \(worst) at \(place)", sourceLocation: sourceLocation)
}

/// ∂f/∂x by central differences.
func finiteDifferences(_ x: [Double], step: Double = 1e-5, _ f: ([Double]) -> Double) -> [Double] {
    var x = x
    return x.indices.map { index in
        let value = x[index]
        x[index] = value + step
        let above = f(x)
        x[index] = value - step
        let below = f(x)
        x[index] = value
        return (above - below) / (2 * step)
    }
}

func doubles(_ values: [Float]) -> [Double] { values.map(Double.init) }
