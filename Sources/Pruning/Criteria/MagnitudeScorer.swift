import Models
import Tensor

/// Baseline without data: the L2 norm of a neuron's weights.
package struct MagnitudeScorer: Sendable {
    /// Which of a neuron's weights are measured.
    package enum Side: String, Sendable, Hashable, Codable, CaseIterable {
        /// Its row of the MLP's first linear layer, without the bias; gated, those of gate and value together.
        case input = "in"
        /// Its column of the second linear layer.
        case output = "out"
    }

    let transformer: Transformer
    let layers: Set<Int>
    let side: Side

    package init(transformer: Transformer, layers: Set<Int>, side: Side) {
        self.transformer = transformer
        self.layers = layers
        self.side = side
    }

    package func score() throws -> Scores {
        let scores = try transformer.blocks.enumerated().map { index, block -> Scores.Layer? in
            guard layers.contains(index) else { return nil }
            let mlp = try block.weights().mlp
            let norms = side == .input ? rowNorms(mlp) : columnNorms(mlp.output.weight.view)
            return Scores.Layer(ranking: norms, signed: norms)
        }
        return try Scores(layers: scores).checked()
    }

    private func rowNorms(_ mlp: MLPWeights) -> [Double] {
        let width = mlp.input.inputs
        let squares = mlp.input.layers.map(\.view).flatMap { matrix in
            (0..<matrix.shape[0]).map { row in
                var sum = 0.0
                for column in 0..<width {
                    let value = Double(matrix.base[row * width + column])
                    sum += value * value
                }
                return sum
            }
        }
        return (0..<mlp.hiddenWidth).map { neuron in
            (0..<mlp.rowsPerNeuron).reduce(0) { $0 + squares[neuron + $1 * mlp.hiddenWidth] }.squareRoot()
        }
    }

    private func columnNorms(_ matrix: FloatView) -> [Double] {
        var sums = [Double](repeating: 0, count: matrix.shape[1])
        for row in 0..<matrix.shape[0] {
            for column in sums.indices {
                let value = Double(matrix.base[row * matrix.shape[1] + column])
                sums[column] += value * value
            }
        }
        return sums.map { $0.squareRoot() }
    }
}
