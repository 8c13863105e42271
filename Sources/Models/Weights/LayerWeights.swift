import Tensor

/// A linear layer's weight (outputs, inputs) and bias (outputs).
package struct Linear: Sendable {
    package let weight: WeightMatrix
    package let bias: FloatView?

    package var outputs: Int { weight.outputs }
    package var inputs: Int { weight.inputs }
    private var start: ProductStart { bias.map { .bias($0.base) } ?? .zero }

    /// y = W·x + b over rows: x (rows, inputs) → y (rows, outputs).
    func apply(_ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>) {
        weight.multiply(x, rows: rows, start: start, into: y)
    }
}

/// Linear layers side by side over the same input, such as queries, keys and values: in one matrix or in several.
package struct StackedLinear: Sendable {
    /// Matrices (outputs, inputs), in the order of their outputs.
    package let layers: [WeightMatrix]
    /// (outputs of all), or nil.
    package let bias: FloatView?

    package var outputs: Int { layers.reduce(0) { $0 + $1.outputs } }
    package var inputs: Int { layers[0].inputs }

    /// y = W·x over rows, and the bias where asked for: x (rows, inputs) → y (rows, outputs).
    func apply(
        _ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>, addingBias: Bool = false
    ) {
        var first = 0
        for layer in layers {
            layer.multiply(
                x, rows: rows, start: addingBias ? start(at: first) : .zero, into: y + first, resultStride: outputs)
            first += layer.outputs
        }
    }

    /// What the outputs from `first` on begin with.
    func start(at first: Int) -> ProductStart { bias.map { .bias($0.base + first) } ?? .zero }

    /// The way back: ∂E/∂y (rows, outputs) → ∂E/∂x (rows, inputs).
    func applyBackward(gradient dy: UnsafePointer<Float>, rows: Int, into dx: UnsafeMutablePointer<Float>) {
        var first = 0
        for layer in layers {
            layer.multiplyBackward(gradient: dy + first, stride: outputs, rows: rows, into: dx, accumulating: first > 0)
            first += layer.outputs
        }
    }

    /// The same rows of each of `parts` equal shares of the outputs, in that order.
    func keeping(_ rows: [Int], parts: Int) -> StackedLinear {
        func all(_ parts: Int, _ size: Int) -> [Int] { (0..<parts).flatMap { part in rows.map { $0 + part * size } } }
        return StackedLinear(
            layers: layers.map { layer in
                let parts = parts / layers.count
                return WeightMatrix(
                    layer.view.gatheringRows(all(parts, layer.outputs / parts)), layer.form)
            },
            bias: bias.map { $0.gatheringRows(all(parts, outputs / parts)) })
    }
}

/// A norm's weight and bias (width).
package struct Norm: Sendable {
    let weight: FloatView
    let bias: FloatView?
    let kind: NormKind
    let epsilon: Float

    /// y = norm(x) over rows: x (rows, columns). `y` may be `x`.
    ///
    /// - Parameter columns: fewer than the norm has, where only its first ones are there.
    func apply(
        _ x: UnsafePointer<Float>, rows: Int, columns: Int? = nil, into y: UnsafeMutablePointer<Float>
    ) {
        let columns = columns ?? weight.count
        switch kind {
        case .layer:
            layerNorm(
                x, rows: rows, columns: columns, weight: weight.base, bias: bias?.base, epsilon: epsilon, into: y)
        case .rootMeanSquare:
            rmsNorm(x, rows: rows, columns: columns, weight: weight.base, epsilon: epsilon, into: y)
        }
    }

    /// Adds ∂E/∂x to `dx`, and ∂E/∂weight and ∂E/∂bias to `sums`.
    func applyBackward(
        _ x: UnsafePointer<Float>, rows: Int, gradient: UnsafePointer<Float>, addingTo dx: UnsafeMutablePointer<Float>,
        sums: NormSums? = nil
    ) {
        switch kind {
        case .layer:
            layerNormBackward(
                x, rows: rows, columns: weight.count, weight: weight.base, epsilon: epsilon, gradient: gradient,
                addingTo: dx, sums: sums)
        case .rootMeanSquare:
            rmsNormBackward(
                x, rows: rows, columns: weight.count, weight: weight.base, epsilon: epsilon, gradient: gradient,
                addingTo: dx, sums: sums)
        }
    }

    func keeping(_ kept: [Int]) -> Norm {
        Norm(
            weight: weight.gatheringRows(kept), bias: bias?.gatheringRows(kept), kind: kind, epsilon: epsilon)
    }
}
