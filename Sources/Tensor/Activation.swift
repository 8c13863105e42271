import RealModule

/// The non-linearity between the two linear layers of an MLP.
package enum Activation: String, Sendable, Codable, Hashable, CaseIterable {
    /// x·Φ(x), with the exact error function.
    case gelu
    /// x·Φ(x) with the tanh approximation of Φ.
    case geluTanh
    /// x·σ(1.702 x).
    case quickGELU
    /// max(x, 0).
    case relu
    /// x·σ(x).
    case silu
}

// σ(x), and the slopes of the activations. All are inlined into the loops below, which the compiler vectorises.

@inline(__always) private func sigmoid(_ x: Float) -> Float { 1 / (1 + exponential(-x)) }

@inline(__always) private func geluValue(_ x: Float) -> Float {
    0.5 * x * (1 + errorFunction(x * 0.707_106_77))
}

@inline(__always) private func geluSlope(_ x: Float) -> Float {
    let distribution = 0.5 * (1 + errorFunction(x * 0.707_106_77))
    let density = 0.398_942_28 * exponential(-0.5 * x * x)
    return Relaxed.multiplyAdd(x, density, distribution)
}

/// The argument of the tanh approximation: √(2/π)·(x + 0.044715 x³), doubled, since ½(1 + tanh u) = σ(2u).
@inline(__always) private func geluTanhArgument(_ x: Float) -> Float {
    1.595_769_1 * Relaxed.multiplyAdd(0.044_715 * x * x, x, x)
}

@inline(__always) private func geluTanhValue(_ x: Float) -> Float { x * sigmoid(geluTanhArgument(x)) }

@inline(__always) private func geluTanhSlope(_ x: Float) -> Float {
    let s = sigmoid(geluTanhArgument(x))
    return s + x * s * (1 - s) * 1.595_769_1 * Relaxed.multiplyAdd(0.134_145 * x, x, 1)
}

@inline(__always) private func quickGELUValue(_ x: Float) -> Float { x * sigmoid(1.702 * x) }

@inline(__always) private func quickGELUSlope(_ x: Float) -> Float {
    let s = sigmoid(1.702 * x)
    return s + 1.702 * x * s * (1 - s)
}

@inline(__always) private func siluValue(_ x: Float) -> Float { x * sigmoid(x) }

@inline(__always) private func siluSlope(_ x: Float) -> Float {
    let s = sigmoid(x)
    return s + x * s * (1 - s)
}

extension Activation {
    /// y = f(x + bias) over rows: x (rows, columns), bias (columns) → y (rows, columns). `y` may be `x`.
    package func apply(
        _ x: UnsafePointer<Float>, bias: UnsafePointer<Float>?, rows: Int, columns: Int,
        into y: UnsafeMutablePointer<Float>
    ) {
        switch self {
        case .gelu: mapRows(x, bias, rows, columns, y, geluValue)
        case .geluTanh: mapRows(x, bias, rows, columns, y, geluTanhValue)
        case .quickGELU: mapRows(x, bias, rows, columns, y, quickGELUValue)
        case .relu: mapRows(x, bias, rows, columns, y) { max($0, 0) }
        case .silu: mapRows(x, bias, rows, columns, y, siluValue)
        }
    }

    /// The way back: g ← g · f′(x + bias), g and x (rows, columns).
    package func applyBackward(
        _ x: UnsafePointer<Float>, bias: UnsafePointer<Float>?, rows: Int, columns: Int,
        gradient g: UnsafeMutablePointer<Float>
    ) {
        switch self {
        case .gelu: scaleRows(x, bias, rows, columns, g, geluSlope)
        case .geluTanh: scaleRows(x, bias, rows, columns, g, geluTanhSlope)
        case .quickGELU: scaleRows(x, bias, rows, columns, g, quickGELUSlope)
        case .relu: scaleRows(x, bias, rows, columns, g) { $0 > 0 ? 1 : 0 }
        case .silu: scaleRows(x, bias, rows, columns, g, siluSlope)
        }
    }
}

@inline(__always)
private func mapRows(
    _ x: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, _ rows: Int, _ columns: Int,
    _ y: UnsafeMutablePointer<Float>, _ f: (Float) -> Float
) {
    for row in 0..<rows {
        let source = x + row * columns
        let target = y + row * columns
        if let bias {
            for i in 0..<columns { target[i] = f(source[i] + bias[i]) }
        } else {
            for i in 0..<columns { target[i] = f(source[i]) }
        }
    }
}

@inline(__always)
private func scaleRows(
    _ x: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, _ rows: Int, _ columns: Int,
    _ g: UnsafeMutablePointer<Float>, _ slope: (Float) -> Float
) {
    for row in 0..<rows {
        let source = x + row * columns
        let target = g + row * columns
        if let bias {
            for i in 0..<columns { target[i] *= slope(source[i] + bias[i]) }
        } else {
            for i in 0..<columns { target[i] *= slope(source[i]) }
        }
    }
}
