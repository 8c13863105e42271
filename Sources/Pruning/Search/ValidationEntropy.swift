import Tensor

/// The validation entropy of a set of images: the mean over full batches of the batch entropy. A last partial batch is
/// dropped, because E depends on the batch size.
package struct ValidationEntropy: Sendable, Hashable, Codable {
    package let temperature: Double
    package let batch: Int

    package init(temperature: Double, batch: Int) {
        self.temperature = temperature
        self.batch = batch
    }

    /// How many of `images` take part.
    package func images(of count: Int) throws(PruningError) -> Int {
        guard batch > 1, count >= batch else { throw .tooFewImages(needed: max(batch, 2), found: count) }
        return count / batch * batch
    }

    /// The entropy of one batch of features (images, width), counted from 0.
    func measure(_ features: FloatBuffer, batch index: Int) -> Double {
        BatchEntropy(
            features: features.row(index * batch), count: batch, width: features.rowCount, temperature: temperature
        ).value
    }

    /// - Parameter features: (images, width), of which the full batches count.
    package func measure(_ features: FloatBuffer) throws -> (mean: Double, perBatch: [Double]) {
        let batches = try images(of: features.shape[0]) / batch
        let values = Locked([Double](repeating: 0, count: batches))
        try Parallel.forEach(batches) { index in
            let entropy = measure(features, batch: index)
            values.withLock { $0[index] = entropy }
        }
        let perBatch = values.withLock { $0 }
        return (perBatch.reduce(0, +) / Double(batches), perBatch)
    }
}

/// The entropies of all batches, and their mean.
package struct BatchEntropies: Sendable, Hashable {
    package let mean: Double
    package let perBatch: [Double]

    package init(mean: Double, perBatch: [Double]) {
        self.mean = mean
        self.perBatch = perBatch
    }
}
