import RealModule

/// 1/√(mean of squares + ε) of one row.
@inline(__always)
private func inverseRootMeanSquare(_ x: UnsafePointer<Float>, _ columns: Int, _ epsilon: Float) -> Float {
    var squares: Float = 0
    for i in 0..<columns { squares = Relaxed.multiplyAdd(x[i], x[i], squares) }
    return 1 / (squares / Float(columns) + epsilon).squareRoot()
}

/// y = x / √(mean(x²) + ε) · weight for every row: x (rows, columns) → y (rows, columns). `y` may be `x`.
package func rmsNorm(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int, weight: UnsafePointer<Float>, epsilon: Float,
    into y: UnsafeMutablePointer<Float>
) {
    for row in 0..<rows {
        let source = x + row * columns
        let target = y + row * columns
        let inverse = inverseRootMeanSquare(source, columns, epsilon)
        for i in 0..<columns { target[i] = source[i] * inverse * weight[i] }
    }
}

/// The way back through an RMS norm: adds ∂E/∂x to `dx`, given the norm's input x and dy = ∂E/∂y, all (rows, columns).
///
/// With n the normalised row and d = dy · weight: dx = (d − n · mean(d · n)) / √(mean(x²) + ε).
///
/// - Parameter sums: where Σ dy · n and Σ dy over the rows are added, the gradients of weight and bias.
package func rmsNormBackward(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int, weight: UnsafePointer<Float>, epsilon: Float,
    gradient dy: UnsafePointer<Float>, addingTo dx: UnsafeMutablePointer<Float>, sums: NormSums? = nil
) {
    let scale = 1 / Float(columns)
    for row in 0..<rows {
        let source = x + row * columns
        let above = dy + row * columns
        let below = dx + row * columns
        let inverse = inverseRootMeanSquare(source, columns, epsilon)
        var dot: Float = 0
        for i in 0..<columns { dot = Relaxed.multiplyAdd(above[i] * weight[i], source[i] * inverse, dot) }
        let meanDot = dot * scale
        for i in 0..<columns { below[i] += inverse * (above[i] * weight[i] - source[i] * inverse * meanDot) }
        if let sums {
            for i in 0..<columns {
                sums.weight[i] = Relaxed.multiplyAdd(above[i], source[i] * inverse, sums.weight[i])
                sums.bias[i] += above[i]
            }
        }
    }
}
