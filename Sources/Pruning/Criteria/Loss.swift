import Models
import Tensor

/// The quantity whose change the Taylor criterion estimates.
package enum Loss: Sendable, Hashable {
    /// AMP's label-free information entropy with t = 1/τ.
    case entropy(temperature: Double)
    /// The classifier's cross-entropy with these labels, one for each image of the source.
    case crossEntropy(labels: [Int])

    /// What of the last block the loss is computed from.
    var reading: Reading {
        switch self {
        case .entropy: .feature
        case .crossEntropy: .headInput
        }
    }

    /// The loss of one batch and its gradient.
    ///
    /// - Parameters:
    ///   - values: what was read (images, width).
    ///   - batch: which images of the source these are.
    /// - Returns: the loss in nats and ∂E/∂values (images, width).
    func evaluate(
        _ values: UnsafePointer<Float>, batch: Range<Int>, width: Int, transformer: Transformer
    ) throws(PruningError) -> (value: Double, gradient: [Float]) {
        switch self {
        case .entropy(let temperature):
            let entropy = BatchEntropy(features: values, count: batch.count, width: width, temperature: temperature)
            return (entropy.value, entropy.gradient())
        case .crossEntropy(let labels):
            guard let head = transformer.head else { throw .noHead }
            let logits = transformer.classify(values, images: batch.count, by: head)
            let loss = CrossEntropy(
                logits: logits.pointer, labels: Array(labels[batch]), classes: head.outputs)
            return (
                loss.value,
                transformer.classifyBackward(gradient: loss.gradient, images: batch.count, by: head)
            )
        }
    }

    /// Checks once that the loss can be computed at all.
    func check(transformer: Transformer, images: Int) throws(PruningError) {
        guard case .crossEntropy(let labels) = self else { return }
        guard let head = transformer.head else { throw .noHead }
        guard labels.count >= images else { throw .noLabels }
        if let bad = labels.first(where: { !(0..<head.outputs).contains($0) }) {
            throw .labelOutOfRange(label: bad, classes: head.outputs)
        }
    }
}
