import Tensor

/// A linear layer's weight (outputs, inputs) and bias (outputs).
package struct Linear: Sendable {
    package let weight: FloatView
    package let bias: FloatView?

    package var outputs: Int { weight.shape[0] }
    package var inputs: Int { weight.shape[1] }
}

/// A layer norm's weight and bias (width).
package struct Norm: Sendable {
    let weight: FloatView
    let bias: FloatView?
    let epsilon: Float

    /// y = norm(x) over rows.
    func apply(_ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>) {
        layerNorm(
            x, rows: rows, columns: weight.count, weight: weight.base, bias: bias?.base, epsilon: epsilon, into: y)
    }

    /// Adds ∂E/∂x to `dx`.
    func applyBackward(
        _ x: UnsafePointer<Float>, rows: Int, gradient: UnsafePointer<Float>, addingTo dx: UnsafeMutablePointer<Float>
    ) {
        layerNormBackward(
            x, rows: rows, columns: weight.count, weight: weight.base, epsilon: epsilon, gradient: gradient,
            addingTo: dx)
    }
}

/// The projection to queries, keys and values, side by side: (3·width, width) in one piece or in three.
struct QKVProjection: Sendable {
    /// One linear layer of 3·width outputs, or three of width each.
    let layers: [FloatView]
    /// (3·width), or nil.
    let bias: FloatView?

    /// The weights (width, width) of queries, keys and values.
    let parts: [FloatView]

    init(layers: [Linear], width: Int) {
        self.layers = layers.map(\.weight)
        parts =
            layers.count == 1
            ? (0..<3).map { layers[0].weight.rows(($0 * width)..<(($0 + 1) * width)) } : layers.map(\.weight)
        if layers.count == 1 {
            bias = layers[0].bias
        } else if layers.allSatisfy({ $0.bias != nil }) {
            bias = FloatView(FloatBuffer([3 * width], layers.flatMap { $0.bias?.values ?? [] }))
        } else {
            bias = nil
        }
    }
}

/// The weights of one block, as views of the checkpoint or, where neurons were removed, as copies of what is kept.
package struct BlockWeights: Sendable {
    let attentionNorm: Norm
    let qkv: QKVProjection
    let attentionOutput: Linear
    let attentionScale: FloatView?
    let mlpNorm: Norm
    /// (hidden, width)
    package let mlpInput: Linear
    /// (width, hidden)
    package let mlpOutput: Linear
    let mlpScale: FloatView?

    package var hiddenWidth: Int { mlpInput.outputs }

    /// The block with only the neurons `kept`, in that order: rows of the input layer and its bias, columns of the output
    /// layer. The output's bias stays as it is.
    package func keeping(_ kept: [Int]) -> BlockWeights {
        BlockWeights(
            attentionNorm: attentionNorm, qkv: qkv, attentionOutput: attentionOutput, attentionScale: attentionScale,
            mlpNorm: mlpNorm,
            mlpInput: Linear(
                weight: mlpInput.weight.gatheringRows(kept), bias: mlpInput.bias?.gatheringRows(kept)),
            mlpOutput: Linear(weight: mlpOutput.weight.gatheringColumns(kept), bias: mlpOutput.bias),
            mlpScale: mlpScale)
    }
}
