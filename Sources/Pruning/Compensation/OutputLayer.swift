import Models
import Tensor

/// An output layer that stands in for that of a narrowed MLP.
package struct OutputLayer: Sendable {
    /// (width, kept neurons)
    package let weight: FloatView
    /// (width), where the model has one.
    package let bias: FloatView?
    package let fit: OutputFit

    package init(weight: FloatView, bias: FloatView?, fit: OutputFit) {
        self.weight = weight
        self.bias = bias
        self.fit = fit
    }
}

/// How well a compensated output layer does on the calibration images.
package struct OutputFit: Sendable, Hashable, Codable {
    /// Σ‖target − output‖² over all tokens as pruned, relative to Σ‖target − its mean‖²; 1 where
    /// targets do not differ.
    package let before: Double
    /// The same with the compensated layer; never more.
    package let after: Double
    /// The ridge that was used, as a share of the mean of the diagonal: more than asked for where that was not enough.
    package let ridge: Double?
    /// Why the layer stayed as it was.
    package let skipped: Skip?

    package enum Skip: String, Sendable, Hashable, Codable {
        /// The family's output layers have no bias to correct.
        case noBias
        /// A factor would have been greater than 10.
        case largeFactor
        /// The equations have no solution in float64.
        case unsolvable
    }

    package init(before: Double, after: Double, ridge: Double? = nil, skipped: Skip? = nil) {
        self.before = before
        self.after = after
        self.ridge = ridge
        self.skipped = skipped
    }
}

extension BlockSource {
    /// The block with that output layer, which must be of its width.
    package func replacingOutput(with output: OutputLayer) throws -> BlockSource {
        BlockSource(try weights().replacingOutput(weight: output.weight, bias: output.bias))
    }
}
