import RealModule

// Element-wise work on matrices (rows, columns) beside the products.

/// x ← x + scale · (y + bias), the residual connection; `scale` is the layer scale, if any.
package func addResidual(
    _ y: UnsafePointer<Float>, bias: UnsafePointer<Float>?, scale: UnsafePointer<Float>?, rows: Int, columns: Int,
    to x: UnsafeMutablePointer<Float>
) {
    for row in 0..<rows {
        let source = y + row * columns
        let target = x + row * columns
        switch (bias, scale) {
        case (let bias?, let scale?):
            for i in 0..<columns { target[i] = Relaxed.multiplyAdd(source[i] + bias[i], scale[i], target[i]) }
        case (let bias?, nil): for i in 0..<columns { target[i] += source[i] + bias[i] }
        case (nil, let scale?): for i in 0..<columns { target[i] = Relaxed.multiplyAdd(source[i], scale[i], target[i]) }
        case (nil, nil): for i in 0..<columns { target[i] += source[i] }
        }
    }
}

/// y = x · scale, column by column; without a scale a copy.
package func scaleColumns(
    _ x: UnsafePointer<Float>, scale: UnsafePointer<Float>?, rows: Int, columns: Int,
    into y: UnsafeMutablePointer<Float>
) {
    guard let scale else {
        y.update(from: x, count: rows * columns)
        return
    }
    for row in 0..<rows {
        for i in 0..<columns { y[row * columns + i] = x[row * columns + i] * scale[i] }
    }
}

/// Every row of x (rows, columns, `stride` floats apart) becomes `bias`, or zero.
package func fillRows(
    _ x: UnsafeMutablePointer<Float>, with bias: UnsafePointer<Float>?, rows: Int, columns: Int, stride: Int
) {
    for row in 0..<rows {
        if let bias {
            (x + row * stride).update(from: bias, count: columns)
        } else {
            (x + row * stride).update(repeating: 0, count: columns)
        }
    }
}

/// Adds Σ over rows of a · b, column by column: a, b (rows, columns) → sums (columns).
package func addSumOfProducts(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, rows: Int, columns: Int,
    to sums: UnsafeMutablePointer<Float>
) {
    for row in 0..<rows {
        let left = a + row * columns
        let right = b + row * columns
        for i in 0..<columns { sums[i] = Relaxed.multiplyAdd(left[i], right[i], sums[i]) }
    }
}

/// sums = Σ over rows of x (rows, columns, `stride` floats apart), or added to what is there: → (columns).
///
/// Rows are added up 64 at a time first, so that rounding does not grow with their number.
package func sumRows(
    _ x: UnsafePointer<Float>, stride: Int, rows: Int, columns: Int, into sums: UnsafeMutablePointer<Float>,
    accumulating: Bool = false
) {
    if !accumulating { sums.update(repeating: 0, count: columns) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, columns)) { part in
        guard let part = part.baseAddress else { return }
        for first in Swift.stride(from: 0, to: rows, by: 64) {
            part.initialize(repeating: 0, count: columns)
            for row in first..<min(first + 64, rows) {
                let values = x + row * stride
                for i in 0..<columns { part[i] += values[i] }
            }
            for i in 0..<columns { sums[i] += part[i] }
        }
    }
}

/// Σ and Σ|·| over rows, column by column: a (rows, columns) → sums, magnitudes (columns).
package func sumOfRows(
    _ a: UnsafePointer<Float>, rows: Int, columns: Int,
    into sums: UnsafeMutablePointer<Float>, magnitudes: UnsafeMutablePointer<Float>
) {
    sums.update(repeating: 0, count: columns)
    magnitudes.update(repeating: 0, count: columns)
    for row in 0..<rows {
        let values = a + row * columns
        for i in 0..<columns {
            sums[i] += values[i]
            magnitudes[i] += abs(values[i])
        }
    }
}

/// y = mean over rows of x (rows, columns) → (columns).
package func meanOfRows(_ x: UnsafePointer<Float>, rows: Int, columns: Int, into y: UnsafeMutablePointer<Float>) {
    y.update(repeating: 0, count: columns)
    for row in 0..<rows {
        let values = x + row * columns
        for i in 0..<columns { y[i] += values[i] }
    }
    let scale = 1 / Float(rows)
    for i in 0..<columns { y[i] *= scale }
}

/// Σ x², added up in float64.
package func sumOfSquares(_ x: UnsafePointer<Float>, count: Int) -> Double {
    var sum = 0.0
    for first in stride(from: 0, to: count, by: 256) {
        var part: Float = 0
        for i in first..<min(first + 256, count) { part = Relaxed.multiplyAdd(x[i], x[i], part) }
        sum += Double(part)
    }
    return sum
}

/// Σ (x − y)², and d = scale · (x − y).
package func squaredDifference(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int, scale: Float,
    into d: UnsafeMutablePointer<Float>
) -> Float {
    var sum: Float = 0
    for i in 0..<count {
        let difference = x[i] - y[i]
        d[i] = scale * difference
        sum = Relaxed.multiplyAdd(difference, difference, sum)
    }
    return sum
}
