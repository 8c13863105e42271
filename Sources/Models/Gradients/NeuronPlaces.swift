/// Where the kept neurons of a view lie in a model's tensors.
struct NeuronPlaces {
    /// The rows that are kept of the MLPs' input layers, their biases and hidden norms, by tensor.
    private(set) var rows: [String: [Int]] = [:]
    /// The columns that are kept of the MLPs' output layers, by tensor.
    private(set) var columns: [String: [Int]] = [:]

    init(_ layout: TensorLayout, hidden: [Int], keeping kept: KeptNeurons) {
        for (index, block) in layout.blocks.enumerated() {
            guard let neurons = kept[index] else { continue }
            for tensor in block.mlp.input.all + (block.mlp.hiddenNorm?.all ?? []) {
                // A packed gate has every neuron's row once in each half.
                let halves = hidden[index] == 0 ? 1 : tensor.shape[0] / hidden[index]
                rows[tensor.name] = (0..<halves).flatMap { half in neurons.map { $0 + half * hidden[index] } }
            }
            columns[block.mlp.output.weight.name] = neurons
        }
    }
}
