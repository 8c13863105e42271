/// How the output layers of narrowed MLPs are changed, in closed form, so that less is lost.
///
/// With f the kept neurons as they enter the output layer and r what the MLP's output lacks without the others (before
/// layer scale and norms on the branch), over all tokens of the calibration images:
/// each method finds the change of weight and bias that adds as much of r as it can.
package struct Compensation: Sendable, Hashable, Codable {
    package var method: Method
    package var target: Target
    /// What least squares add to the diagonal of the covariance of f, as a share of its mean.
    package var ridge: Double

    package enum Method: String, Sendable, Hashable, Codable, CaseIterable {
        /// The mean of r goes into the bias.
        case bias
        /// The weight is fitted anew to the kept neurons, and the bias with it: min Σ‖r − Δ·f − δ‖² + ridge·‖Δ‖². The ridge
        /// pulls to the weight as pruned, so that a large one leaves the mean of r.
        case leastSquares
        /// A factor for each kept neuron (Kwon et al., arXiv 2204.09656).
        case scale
    }

    /// What the output of a narrowed MLP should be like.
    package enum Target: String, Sendable, Hashable, Codable, CaseIterable {
        /// That of the same MLP with all neurons, on what enters it now.
        case block
        /// That of the reference's MLP on what enters it there, so that what earlier blocks do otherwise is corrected too.
        case branch
        /// What makes the tokens after the block those of the reference. Where a norm stands on the branch, the same as
        /// `branch`.
        case tokens
    }

    /// Anything from 1e-6 to 1e-2 does as well on images not calibrated with; more does less.
    package static let defaultRidge = 1e-3

    /// What least squares aim at unless a target is given: where much is removed it does best by far, elsewhere as well as
    /// the others.
    package static let defaultTarget = Target.tokens

    /// - Parameter target: `defaultTarget` for least squares unless given; the others are defined by their own block.
    package init(_ method: Method, target: Target? = nil, ridge: Double = defaultRidge) {
        self.method = method
        self.target = target ?? (method == .leastSquares ? Self.defaultTarget : .block)
        self.ridge = ridge
    }
}
