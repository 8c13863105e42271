import Tensor

/// A scalar to be made small, as a function of what is read from a batch of inputs.
package protocol Objective: Sendable {
    var reading: ObjectiveReading { get }
    /// Whether inputs of a batch see one another. Otherwise the objective is a sum over inputs, and a batch that is too
    /// large for memory is worked on in parts.
    var couplesInputs: Bool { get }

    /// - Parameters:
    ///   - values: what was read of the inputs `range` of the batch, as `reading` shapes it, from the beginning.
    ///   - gradient: where to leave ∂E/∂values.
    /// - Returns: these inputs' share of the objective.
    func evaluate(_ values: FloatBuffer, of range: Range<Int>, gradient: FloatBuffer) throws -> Double
}

/// Stochastic depth: each branch of each block is left out for some of the inputs, and scaled up for the others.
package struct DropPath: Sendable {
    /// What a branch is multiplied with: 0, or 1/(1 − rate), by block, branch (attention, MLP) and input.
    let factors: [[[Float]]]

    package init(factors: [[[Float]]]) { self.factors = factors }
}

/// Why gradients cannot be computed.
package enum GradientError: Error, Equatable {
    /// Not even one unit of inputs fits the memory limit, in bytes.
    case memory(needed: Int, limit: Int)
    /// Branches can be left out only where the residual connection goes past the norms.
    case dropPath(family: String)
    /// More inputs than the pass was made for.
    case batch(largest: Int, found: Int)
    /// The model has nothing of that kind to read.
    case reading(ObjectiveReading)
}
