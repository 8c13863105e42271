import RealModule

/// Mean and 1/σ of one row, the variance taken around the mean and divided by the number of columns.
@inline(__always)
private func moments(_ x: UnsafePointer<Float>, _ columns: Int, _ epsilon: Float) -> (mean: Float, inverse: Float) {
    var sum: Float = 0
    for i in 0..<columns { sum = Relaxed.sum(sum, x[i]) }
    let mean = sum / Float(columns)
    var squares: Float = 0
    for i in 0..<columns {
        let d = x[i] - mean
        squares = Relaxed.multiplyAdd(d, d, squares)
    }
    return (mean, 1 / (squares / Float(columns) + epsilon).squareRoot())
}

/// y = (x − mean)/σ · weight + bias for every row: x (rows, columns) → y (rows, columns). `y` may be `x`.
package func layerNorm(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int,
    weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?, epsilon: Float,
    into y: UnsafeMutablePointer<Float>
) {
    for row in 0..<rows {
        let source = x + row * columns
        let target = y + row * columns
        let (mean, inverse) = moments(source, columns, epsilon)
        if let bias {
            for i in 0..<columns {
                target[i] = Relaxed.multiplyAdd((source[i] - mean) * inverse, weight[i], bias[i])
            }
        } else {
            for i in 0..<columns { target[i] = (source[i] - mean) * inverse * weight[i] }
        }
    }
}

/// Where a norm's gradients are added up: ∂E/∂weight and ∂E/∂bias (columns each).
package struct NormSums {
    let weight: UnsafeMutablePointer<Float>
    let bias: UnsafeMutablePointer<Float>

    /// Both one after the other (2, columns).
    package init(_ both: UnsafeMutablePointer<Float>, columns: Int) {
        weight = both
        bias = both + columns
    }
}

/// The way back through a layer norm: adds ∂E/∂x to `dx`, given the norm's input x and dy = ∂E/∂y, all (rows, columns).
///
/// With n the normalised row and d = dy · weight: dx = (d − mean(d) − n · mean(d · n)) / σ.
///
/// - Parameter sums: where Σ dy · n and Σ dy over the rows are added, the gradients of weight and bias.
package func layerNormBackward(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int,
    weight: UnsafePointer<Float>, epsilon: Float,
    gradient dy: UnsafePointer<Float>, addingTo dx: UnsafeMutablePointer<Float>, sums: NormSums? = nil
) {
    let scale = 1 / Float(columns)
    for row in 0..<rows {
        let source = x + row * columns
        let above = dy + row * columns
        let below = dx + row * columns
        let (mean, inverse) = moments(source, columns, epsilon)
        var sum: Float = 0
        var dot: Float = 0
        for i in 0..<columns {
            let d = above[i] * weight[i]
            sum = Relaxed.sum(sum, d)
            dot = Relaxed.multiplyAdd(d, (source[i] - mean) * inverse, dot)
        }
        let meanD = sum * scale
        let meanDot = dot * scale
        for i in 0..<columns {
            let n = (source[i] - mean) * inverse
            below[i] += inverse * (above[i] * weight[i] - meanD - n * meanDot)
        }
        if let sums {
            for i in 0..<columns {
                sums.weight[i] = Relaxed.multiplyAdd(above[i], (source[i] - mean) * inverse, sums.weight[i])
                sums.bias[i] += above[i]
            }
        }
    }
}
