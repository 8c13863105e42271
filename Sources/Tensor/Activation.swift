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

// MARK: Gated

extension Activation {
    /// h = f(gate) · value over rows: u (rows, 2·columns), the gate's columns first, bias (2·columns) → h (rows, columns).
    ///
    /// `h` may be `u`: a row is written only where rows before it were read.
    package func applyGated(
        _ u: UnsafePointer<Float>, bias: UnsafePointer<Float>?, rows: Int, columns: Int,
        into h: UnsafeMutablePointer<Float>
    ) {
        switch self {
        case .gelu: gateRows(u, bias, rows, columns, h, geluValue)
        case .geluTanh: gateRows(u, bias, rows, columns, h, geluTanhValue)
        case .quickGELU: gateRows(u, bias, rows, columns, h, quickGELUValue)
        case .relu: gateRows(u, bias, rows, columns, h) { max($0, 0) }
        case .silu: gateRows(u, bias, rows, columns, h, siluValue)
        }
    }

    /// The way back: u (rows, 2·columns) and ∂E/∂h (rows, columns) → ∂E/∂u (rows, 2·columns).
    package func applyGatedBackward(
        _ u: UnsafePointer<Float>, bias: UnsafePointer<Float>?, rows: Int, columns: Int,
        gradient dh: UnsafePointer<Float>, into du: UnsafeMutablePointer<Float>
    ) {
        switch self {
        case .gelu: gateRowsBackward(u, bias, rows, columns, dh, du, geluValue, geluSlope)
        case .geluTanh: gateRowsBackward(u, bias, rows, columns, dh, du, geluTanhValue, geluTanhSlope)
        case .quickGELU: gateRowsBackward(u, bias, rows, columns, dh, du, quickGELUValue, quickGELUSlope)
        case .relu: gateRowsBackward(u, bias, rows, columns, dh, du, { max($0, 0) }, { $0 > 0 ? 1 : 0 })
        case .silu: gateRowsBackward(u, bias, rows, columns, dh, du, siluValue, siluSlope)
        }
    }
}

@inline(__always)
private func gateRows(
    _ u: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, _ rows: Int, _ columns: Int,
    _ h: UnsafeMutablePointer<Float>, _ f: (Float) -> Float
) {
    for row in 0..<rows {
        let gate = u + row * 2 * columns
        let value = gate + columns
        let target = h + row * columns
        if let bias {
            for i in 0..<columns { target[i] = f(gate[i] + bias[i]) * (value[i] + bias[columns + i]) }
        } else {
            for i in 0..<columns { target[i] = f(gate[i]) * value[i] }
        }
    }
}

@inline(__always)
private func gateRowsBackward(
    _ u: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, _ rows: Int, _ columns: Int,
    _ dh: UnsafePointer<Float>, _ du: UnsafeMutablePointer<Float>, _ f: (Float) -> Float, _ slope: (Float) -> Float
) {
    for row in 0..<rows {
        let gate = u + row * 2 * columns
        let value = gate + columns
        let above = dh + row * columns
        let dGate = du + row * 2 * columns
        let dValue = dGate + columns
        if let bias {
            for i in 0..<columns {
                let g = gate[i] + bias[i]
                dGate[i] = above[i] * (value[i] + bias[columns + i]) * slope(g)
                dValue[i] = above[i] * f(g)
            }
        } else {
            for i in 0..<columns {
                dGate[i] = above[i] * value[i] * slope(gate[i])
                dValue[i] = above[i] * f(gate[i])
            }
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
