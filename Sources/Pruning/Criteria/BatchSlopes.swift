/// The slope of each batch's loss along the mask of every neuron: Σ a·g over the batch's images and tokens, with the sign.
struct BatchSlopes: Sendable {
    private let layers: Set<Int>
    /// By layer, then batch after batch.
    private var slopes: [Int: [[Double]]] = [:]

    init(layers: Set<Int>) { self.layers = layers }

    /// Adds batches.
    ///
    /// - Parameter units: their units in order, so many of them a batch.
    mutating func add(_ units: [NeuronSums], perBatch count: Int) {
        for first in stride(from: 0, to: units.count, by: max(1, count)) {
            let batch = units[first..<min(first + count, units.count)]
            for layer in layers {
                guard let start = batch.first?.signed[layer] else { continue }
                let sum = batch.dropFirst().reduce(into: start) { sum, unit in
                    for neuron in sum.indices { sum[neuron] += unit.signed[layer][neuron] }
                }
                slopes[layer, default: []].append(sum)
            }
        }
    }

    /// Puts Fisher scores in the place of others, with the slopes they come from.
    func replace(_ scores: inout Scores) {
        for (layer, batches) in slopes {
            guard let first = batches.first else { continue }
            let values = first.indices.map { neuron in batches.reduce(0) { $0 + $1[neuron] * $1[neuron] } }
            scores.layers[layer] = Scores.Layer(
                ranking: values, signed: values, batchGradients: BatchGradients(batches))
        }
    }
}
