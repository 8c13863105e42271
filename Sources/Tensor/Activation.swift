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

// σ(x), and the slopes of the activations.

@_transparent private func sigmoid(_ x: Lanes) -> Lanes { 1 / (1 + exponential(-x)) }

@_transparent private func geluValue(_ x: Lanes) -> Lanes { 0.5 * x * (1 + errorFunction(x * 0.707_106_77)) }

@_transparent private func geluSlope(_ x: Lanes) -> Lanes {
    let distribution = 0.5 * (1 + errorFunction(x * 0.707_106_77))
    let density = 0.398_942_28 * exponential(-0.5 * x * x)
    return distribution.addingProduct(x, density)
}

/// The argument of the tanh approximation: √(2/π)·(x + 0.044715 x³), doubled, since ½(1 + tanh u) = σ(2u).
@_transparent private func geluTanhArgument(_ x: Lanes) -> Lanes {
    1.595_769_1 * x.addingProduct(0.044_715 * x * x, x)
}

@_transparent private func geluTanhValue(_ x: Lanes) -> Lanes { x * sigmoid(geluTanhArgument(x)) }

@_transparent private func geluTanhSlope(_ x: Lanes) -> Lanes {
    let s = sigmoid(geluTanhArgument(x))
    return s + x * s * (1 - s) * 1.595_769_1 * (0.134_145 * x).multiplied(by: x, adding: 1)
}

@_transparent private func quickGELUValue(_ x: Lanes) -> Lanes { x * sigmoid(1.702 * x) }

@_transparent private func quickGELUSlope(_ x: Lanes) -> Lanes {
    let s = sigmoid(1.702 * x)
    return s + 1.702 * x * s * (1 - s)
}

@_transparent private func reluValue(_ x: Lanes) -> Lanes { x.replacing(with: Lanes(), where: x .< Lanes()) }

@_transparent private func reluSlope(_ x: Lanes) -> Lanes {
    Lanes().replacing(with: Lanes(repeating: 1), where: x .> Lanes())
}

@_transparent private func siluValue(_ x: Lanes) -> Lanes { x * sigmoid(x) }

@_transparent private func siluSlope(_ x: Lanes) -> Lanes {
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
        case .relu: mapRows(x, bias, rows, columns, y, reluValue)
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
        case .relu: scaleRows(x, bias, rows, columns, g, reluSlope)
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
        case .relu: gateRows(u, bias, rows, columns, h, reluValue)
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
        case .relu: gateRowsBackward(u, bias, rows, columns, dh, du, reluValue, reluSlope)
        case .silu: gateRowsBackward(u, bias, rows, columns, dh, du, siluValue, siluSlope)
        }
    }
}

// MARK: Loops

// Sixteen columns at a time; the last ones of a row padded to sixteen.

@_transparent
private func map(
    _ x: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, _ y: UnsafeMutablePointer<Float>, _ f: (Lanes) -> Lanes
) {
    var value = Lanes(x)
    if let bias { value += Lanes(bias) }
    f(value).store(y)
}

@inline(__always)
private func mapRows(
    _ x: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, _ rows: Int, _ columns: Int,
    _ y: UnsafeMutablePointer<Float>, _ f: (Lanes) -> Lanes
) {
    let whole = columns / 16 * 16
    for row in 0..<rows {
        let source = x + row * columns
        let target = y + row * columns
        for i in stride(from: 0, to: whole, by: 16) { map(source + i, bias.map { $0 + i }, target + i, f) }
    }
    guard whole < columns else { return }
    let rest = columns - whole
    let padding = Padding()
    let bias = bias.map { padding.load($0 + whole, rest, at: 0) }
    for row in 0..<rows {
        let value = padding.load(x + row * columns + whole, rest, at: 1)
        map(value, bias, value, f)
        (y + row * columns + whole).update(from: value, count: rest)
    }
}

@_transparent
private func scale(
    _ x: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, _ g: UnsafeMutablePointer<Float>,
    _ slope: (Lanes) -> Lanes
) {
    var value = Lanes(x)
    if let bias { value += Lanes(bias) }
    (Lanes(g) * slope(value)).store(g)
}

@inline(__always)
private func scaleRows(
    _ x: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, _ rows: Int, _ columns: Int,
    _ g: UnsafeMutablePointer<Float>, _ slope: (Lanes) -> Lanes
) {
    let whole = columns / 16 * 16
    for row in 0..<rows {
        let source = x + row * columns
        let target = g + row * columns
        for i in stride(from: 0, to: whole, by: 16) { scale(source + i, bias.map { $0 + i }, target + i, slope) }
    }
    guard whole < columns else { return }
    let rest = columns - whole
    let padding = Padding()
    let bias = bias.map { padding.load($0 + whole, rest, at: 0) }
    for row in 0..<rows {
        let target = g + row * columns + whole
        let gradient = padding.load(target, rest, at: 1)
        scale(padding.load(x + row * columns + whole, rest, at: 2), bias, gradient, slope)
        target.update(from: gradient, count: rest)
    }
}

@_transparent
private func gate(
    _ gate: UnsafePointer<Float>, _ value: UnsafePointer<Float>, _ gateBias: UnsafePointer<Float>?,
    _ valueBias: UnsafePointer<Float>?, _ h: UnsafeMutablePointer<Float>, _ f: (Lanes) -> Lanes
) {
    var g = Lanes(gate)
    var v = Lanes(value)
    if let gateBias, let valueBias {
        g += Lanes(gateBias)
        v += Lanes(valueBias)
    }
    (f(g) * v).store(h)
}

@inline(__always)
private func gateRows(
    _ u: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, _ rows: Int, _ columns: Int,
    _ h: UnsafeMutablePointer<Float>, _ f: (Lanes) -> Lanes
) {
    let whole = columns / 16 * 16
    let rest = columns - whole
    let padding = Padding()
    let gateBias = bias.map { padding.load($0 + whole, rest, at: 0) }
    let valueBias = bias.map { padding.load($0 + columns + whole, rest, at: 1) }
    for row in 0..<rows {
        let source = u + row * 2 * columns
        let target = h + row * columns
        for i in stride(from: 0, to: whole, by: 16) {
            gate(source + i, source + columns + i, bias.map { $0 + i }, bias.map { $0 + columns + i }, target + i, f)
        }
        guard rest > 0 else { continue }
        let last = padding.load(source + whole, rest, at: 2)
        gate(last, padding.load(source + columns + whole, rest, at: 3), gateBias, valueBias, last, f)
        (target + whole).update(from: last, count: rest)
    }
}

@_transparent
private func gateBackward(
    _ gate: UnsafePointer<Float>, _ value: UnsafePointer<Float>, _ gateBias: UnsafePointer<Float>?,
    _ valueBias: UnsafePointer<Float>?, _ dh: UnsafePointer<Float>, _ dGate: UnsafeMutablePointer<Float>,
    _ dValue: UnsafeMutablePointer<Float>, _ f: (Lanes) -> Lanes, _ slope: (Lanes) -> Lanes
) {
    var g = Lanes(gate)
    var v = Lanes(value)
    if let gateBias, let valueBias {
        g += Lanes(gateBias)
        v += Lanes(valueBias)
    }
    let d = Lanes(dh)
    (d * v * slope(g)).store(dGate)
    (d * f(g)).store(dValue)
}

@inline(__always)
private func gateRowsBackward(
    _ u: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, _ rows: Int, _ columns: Int,
    _ dh: UnsafePointer<Float>, _ du: UnsafeMutablePointer<Float>, _ f: (Lanes) -> Lanes, _ slope: (Lanes) -> Lanes
) {
    let whole = columns / 16 * 16
    let rest = columns - whole
    let padding = Padding()
    let gateBias = bias.map { padding.load($0 + whole, rest, at: 0) }
    let valueBias = bias.map { padding.load($0 + columns + whole, rest, at: 1) }
    for row in 0..<rows {
        let source = u + row * 2 * columns
        let above = dh + row * columns
        let below = du + row * 2 * columns
        for i in stride(from: 0, to: whole, by: 16) {
            gateBackward(
                source + i, source + columns + i, bias.map { $0 + i }, bias.map { $0 + columns + i }, above + i,
                below + i, below + columns + i, f, slope)
        }
        guard rest > 0 else { continue }
        let dGate = padding.load(source + whole, rest, at: 2)
        let dValue = padding.load(source + columns + whole, rest, at: 3)
        gateBackward(
            dGate, dValue, gateBias, valueBias, padding.load(above + whole, rest, at: 4), dGate, dValue, f, slope)
        (below + whole).update(from: dGate, count: rest)
        (below + columns + whole).update(from: dValue, count: rest)
    }
}
