import RealModule

/// Softmax of every row in place, x (rows, columns).
package func softmax(_ x: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
    let whole = columns / 16 * 16
    let padding = Padding()
    for row in 0..<rows {
        let values = x + row * columns
        var largest = Lanes(repeating: -.infinity)
        for i in stride(from: 0, to: whole, by: 16) {
            let v = Lanes(values + i)
            largest.replace(with: v, where: v .> largest)
        }
        var shift = largest.max()
        for i in whole..<columns { shift = values[i] > shift ? values[i] : shift }
        var sum: Float = 0
        var sums = Lanes()
        for i in stride(from: 0, to: whole, by: 16) {
            let e = exponential(Lanes(values + i) - shift)
            e.store(values + i)
            sums += e
        }
        if whole < columns {
            let last = padding.load(values + whole, columns - whole, at: 0)
            exponential(Lanes(last) - shift).store(last)
            (values + whole).update(from: last, count: columns - whole)
            for i in whole..<columns { sum += values[i] }
        }
        let inverse = 1 / (sum + sums.sum())
        for i in 0..<columns { values[i] *= inverse }
    }
}

/// The way back through softmax, in place: g ← p · (g − Σ p·g), p and g (rows, columns).
package func softmaxBackward(
    _ p: UnsafePointer<Float>, rows: Int, columns: Int, gradient g: UnsafeMutablePointer<Float>
) {
    for row in 0..<rows {
        let values = p + row * columns
        let gradient = g + row * columns
        var dot: Float = 0
        for i in 0..<columns { dot = Relaxed.multiplyAdd(values[i], gradient[i], dot) }
        for i in 0..<columns { gradient[i] = values[i] * (gradient[i] - dot) }
    }
}
