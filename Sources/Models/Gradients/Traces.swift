import Tensor

// Where the way back leaves what the gradients of weights are made of: for each linear layer its input x and ∂E/∂ its
// output, whose product over all rows is ∂E/∂W; for each norm the sums themselves.

/// Of an MLP at work on some rows.
struct MLPTrace {
    /// The input layers' input (rows, width), where a norm stands before them; otherwise it is the middle.
    let input: UnsafeMutablePointer<Float>?
    /// (rows, expanded width)
    let dInput: UnsafeMutablePointer<Float>
    /// The output layer's input (rows, hidden).
    let activations: UnsafeMutablePointer<Float>
    /// ∂E/∂ the output layer's output before the layer scale has its share (rows, width).
    let dOutput: UnsafeMutablePointer<Float>
    let norm: NormSums?
    let hiddenNorm: NormSums?

    /// The same from another row on.
    func from(_ row: Int, width: Int, hidden: Int, expanded: Int) -> MLPTrace {
        MLPTrace(
            input: input.map { $0 + row * width }, dInput: dInput + row * expanded,
            activations: activations + row * hidden, dOutput: dOutput + row * width, norm: norm,
            hiddenNorm: hiddenNorm)
    }
}

/// Of attention at work on some inputs.
struct AttentionTrace {
    /// The projections' input (inputs, tokens, width), where a norm stands before them; otherwise it is the block's.
    let input: UnsafeMutablePointer<Float>?
    /// (inputs, tokens, 3·width)
    let dQKV: UnsafeMutablePointer<Float>
    /// The output layer's input (inputs, rows, width).
    let answers: UnsafeMutablePointer<Float>
    /// ∂E/∂ the output layer's output before the layer scale has its share (inputs, rows, width).
    let dOutput: UnsafeMutablePointer<Float>
    let norm: NormSums?
    let queryNorm: NormSums?
    let keyNorm: NormSums?
    let answerNorm: NormSums?
}

/// Of the attention pool at work on some images.
struct PoolTrace {
    /// (images, tokens, width)
    let tokens: UnsafeMutablePointer<Float>
    /// Of the query in the first token's place, and of all keys and values (images, tokens, 3·width).
    let dQKV: UnsafeMutablePointer<Float>
    /// (images, width)
    let answers: UnsafeMutablePointer<Float>
    let dOutput: UnsafeMutablePointer<Float>
    let mlp: MLPTrace
}

/// Of the reading of some inputs.
struct ReadoutTrace {
    let norm: NormSums?
    /// The pooler's input and ∂E/∂ its output before tanh (inputs, width).
    let poolerInput: UnsafeMutablePointer<Float>
    let dPooler: UnsafeMutablePointer<Float>
    let pool: PoolTrace?
}

extension Block {
    /// Through the MLP as `mlpBackward`, leaving what the weights' gradients are made of.
    func mlpBackward(
        gradient d: UnsafeMutablePointer<Float>, middle: UnsafePointer<Float>, u: UnsafePointer<Float>, inputs: Int,
        workspaces: WorkspacePool, trace: MLPTrace
    ) {
        Strips().forEach(inputs * rowsPerInput) { strip in
            let first = strip.lowerBound
            mlp.backward(
                gradient: d + first * width, middle: middle + first * width, u: u + first * expandedWidth,
                rows: strip.count, continues: true, workspaces: workspaces,
                trace: trace.from(first, width: width, hidden: hiddenWidth, expanded: expandedWidth), observe: nil)
        }
    }
}
