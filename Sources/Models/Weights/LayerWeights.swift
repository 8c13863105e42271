import Tensor

/// A linear layer's weight (outputs, inputs) and bias (outputs).
package struct Linear: Sendable {
    package let weight: FloatView
    package let bias: FloatView?

    package var outputs: Int { weight.shape[0] }
    package var inputs: Int { weight.shape[1] }

    /// y = W·x + b over rows: x (rows, inputs) → y (rows, outputs).
    func apply(_ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>) {
        fillRows(y, with: bias?.base, rows: rows, columns: outputs, stride: outputs)
        multiply(
            rows, outputs, inputs, x, lda: inputs, weight.base, ldb: inputs, .transposed, into: y, ldc: outputs,
            accumulating: true)
    }
}

/// Linear layers side by side over the same input, such as queries, keys and values: in one matrix or in several.
package struct StackedLinear: Sendable {
    /// Matrices (outputs, inputs), in the order of their outputs.
    package let layers: [FloatView]
    /// (outputs of all), or nil.
    package let bias: FloatView?

    package var outputs: Int { layers.reduce(0) { $0 + $1.shape[0] } }
    package var inputs: Int { layers[0].shape[1] }

    /// The rows of the outputs `range`, which lie in one matrix: the layout has given each matrix whole shares of the
    /// outputs, and their shapes were checked when the checkpoint was loaded.
    func rows(_ range: Range<Int>) -> FloatView {
        var first = 0
        for layer in layers {
            let end = first + layer.shape[0]
            if range.lowerBound >= first, range.upperBound <= end {
                return layer.rows((range.lowerBound - first)..<(range.upperBound - first))
            }
            first = end
        }
        preconditionFailure("no matrix has all of the rows \(range)")
    }

    /// y = W·x, or y += W·x where `accumulating`, over rows and without the bias: x (rows, inputs) → y (rows, outputs).
    func apply(
        _ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>, accumulating: Bool = false
    ) {
        let width = outputs
        var first = 0
        for layer in layers {
            multiply(
                rows, layer.shape[0], inputs, x, lda: inputs, layer.base, ldb: inputs, .transposed, into: y + first,
                ldc: width, accumulating: accumulating)
            first += layer.shape[0]
        }
    }

    /// The way back: ∂E/∂y (rows, outputs) → ∂E/∂x (rows, inputs).
    func applyBackward(gradient dy: UnsafePointer<Float>, rows: Int, into dx: UnsafeMutablePointer<Float>) {
        let width = outputs
        var first = 0
        for layer in layers {
            multiply(
                rows, inputs, layer.shape[0], dy + first, lda: width, layer.base, ldb: inputs, .plain, into: dx,
                ldc: inputs, accumulating: first > 0)
            first += layer.shape[0]
        }
    }

    /// The same rows of each of `parts` equal shares of the outputs, in that order.
    func keeping(_ rows: [Int], parts: Int) -> StackedLinear {
        func all(_ parts: Int, _ size: Int) -> [Int] { (0..<parts).flatMap { part in rows.map { $0 + part * size } } }
        return StackedLinear(
            layers: layers.map { layer in
                let parts = parts / layers.count
                return layer.gatheringRows(all(parts, layer.shape[0] / parts))
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

    /// Adds ∂E/∂x to `dx`.
    func applyBackward(
        _ x: UnsafePointer<Float>, rows: Int, gradient: UnsafePointer<Float>, addingTo dx: UnsafeMutablePointer<Float>
    ) {
        switch kind {
        case .layer:
            layerNormBackward(
                x, rows: rows, columns: weight.count, weight: weight.base, epsilon: epsilon, gradient: gradient,
                addingTo: dx)
        case .rootMeanSquare:
            rmsNormBackward(
                x, rows: rows, columns: weight.count, weight: weight.base, epsilon: epsilon, gradient: gradient,
                addingTo: dx)
        }
    }

    func keeping(_ kept: [Int]) -> Norm {
        Norm(
            weight: weight.gatheringRows(kept), bias: bias?.gatheringRows(kept), kind: kind, epsilon: epsilon)
    }
}
