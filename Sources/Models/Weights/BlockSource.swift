import Tensor

/// The weights of one block in float32, made when they are asked for.
///
/// Weights that a file holds in float32 are used where they lie. Of half-precision files each block is widened when its
/// turn comes: once, or where memory is short anew each time.
package final class BlockSource: Sendable {
    package let hiddenWidth: Int
    /// Columns of the pre-activations: the hidden width, twice that where a gate has its own.
    package let expandedWidth: Int
    private let isKept: Bool
    private let make: @Sendable () throws -> BlockWeights
    private let made = Locked<BlockWeights?>(nil)

    init(hiddenWidth: Int, rowsPerNeuron: Int, isKept: Bool, make: @escaping @Sendable () throws -> BlockWeights) {
        self.hiddenWidth = hiddenWidth
        expandedWidth = rowsPerNeuron * hiddenWidth
        self.isKept = isKept
        self.make = make
    }

    package init(_ weights: BlockWeights) {
        hiddenWidth = weights.hiddenWidth
        expandedWidth = weights.expandedWidth
        isKept = true
        make = { weights }
    }

    /// Throws `ModelError.nonFiniteWeight` where a weight is no number.
    package func weights() throws -> BlockWeights {
        guard isKept else { return try make() }
        return try made.withLock { made in
            if let made { return made }
            let weights = try make()
            made = weights
            return weights
        }
    }

    /// The block with only the neurons `kept`, in that order.
    package func keeping(_ kept: [Int]) throws -> BlockSource { BlockSource(try weights().keeping(kept)) }
}
