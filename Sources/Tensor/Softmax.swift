import RealModule

/// The largest value of a row, in sixteen lanes so that the loop vectorises.
@inline(__always)
private func maximum(_ x: UnsafePointer<Float>, _ columns: Int) -> Float {
    var lanes = SIMD16<Float>(repeating: -.infinity)
    var i = 0
    while i &+ 16 <= columns {
        let v = UnsafeRawPointer(x + i).loadUnaligned(as: SIMD16<Float>.self)
        lanes = lanes.replacing(with: v, where: v .> lanes)
        i &+= 16
    }
    var result = lanes.max()
    while i < columns {
        result = x[i] > result ? x[i] : result
        i &+= 1
    }
    return result
}

/// Softmax of every row in place, x (rows, columns).
package func softmax(_ x: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
    for row in 0..<rows {
        let values = x + row * columns
        let largest = maximum(values, columns)
        var sum: Float = 0
        for i in 0..<columns {
            let e = exponential(values[i] - largest)
            values[i] = e
            sum = Relaxed.sum(sum, e)
        }
        let inverse = 1 / sum
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
