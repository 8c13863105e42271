import Tensor

package struct AttentionWeights: Sendable {
    let norm: Norm
    /// Queries, keys and values, a matrix (width, width) each.
    let qkv: StackedLinear
    /// (head width) each.
    let queryNorm: Norm?
    let keyNorm: Norm?
    let answerNorm: Norm?
    let output: Linear
    let scale: FloatView?
}

package struct MLPWeights: Sendable {
    let norm: Norm
    /// (hidden, width); gated (2·hidden, width), the gate first.
    package let input: StackedLinear
    let isGated: Bool
    package let hiddenNorm: Norm?
    /// (width, hidden)
    package let output: Linear
    /// What the branch is multiplied by on its way back (width), where there is anything.
    package let scale: FloatView?

    package var hiddenWidth: Int { output.inputs }
    /// Rows of the input layers that belong to one neuron.
    package var rowsPerNeuron: Int { isGated ? 2 : 1 }

    /// With only the neurons `kept`, in that order: rows of the input layers and their biases, the hidden norm's entries,
    /// columns of the output layer. The output's bias stays as it is.
    func keeping(_ kept: [Int]) -> MLPWeights {
        MLPWeights(
            norm: norm, input: input.keeping(kept, parts: rowsPerNeuron), isGated: isGated,
            hiddenNorm: hiddenNorm?.keeping(kept),
            output: Linear(
                weight: WeightMatrix(output.weight.view.gatheringColumns(kept), output.weight.form),
                bias: output.bias), scale: scale)
    }

    /// With another output layer of the same size, in the form of the one it replaces.
    func replacingOutput(weight: FloatView, bias: FloatView?) -> MLPWeights {
        MLPWeights(
            norm: norm, input: input, isGated: isGated, hiddenNorm: hiddenNorm,
            output: Linear(weight: WeightMatrix(weight, output.weight.form), bias: bias), scale: scale)
    }
}

/// The weights of one block, as views of the checkpoint or, where neurons were removed, as copies of what is kept.
package struct BlockWeights: Sendable {
    let attention: AttentionWeights
    package let mlp: MLPWeights

    package var hiddenWidth: Int { mlp.hiddenWidth }
    /// Columns of the pre-activations: the hidden width, twice that where a gate has its own.
    package var expandedWidth: Int { mlp.rowsPerNeuron * mlp.hiddenWidth }

    /// The block with only the neurons `kept`, in that order.
    package func keeping(_ kept: [Int]) -> BlockWeights {
        BlockWeights(attention: attention, mlp: mlp.keeping(kept))
    }

    /// The block with another output layer of its MLP: weight (width, hidden), bias (width).
    package func replacingOutput(weight: FloatView, bias: FloatView?) -> BlockWeights {
        BlockWeights(attention: attention, mlp: mlp.replacingOutput(weight: weight, bias: bias))
    }
}

/// SigLIP's pooling.
struct PoolWeights: Sendable {
    /// The query's projection (width), its bias in it.
    let query: FloatView
    /// Keys and values, a matrix (width, width) each.
    let keyValue: StackedLinear
    let output: Linear
    let mlp: MLPWeights
}
