import Pruning
import Report

/// How `set memory` is shared out: weights that are not used where they lie in the file come first, where they leave at
/// least half; otherwise each block is widened anew whenever its turn comes.
struct MemoryShare {
    let limit: Int
    /// Whether widened weights are kept.
    let keepsWeights: Bool
    /// Bytes of weights beside the mapped file.
    let weights: Int

    init(limit: Int, weights: (all: Int, block: Int), threads: Int) {
        self.limit = limit
        keepsWeights = weights.all <= limit / 2
        self.weights = keepsWeights ? weights.all : weights.block * threads
    }

    /// What is left for activations.
    var activations: Int { max(0, limit - weights) }

    /// Counts the weights in, where activations don't fit beside them.
    func fitting(_ activations: () throws -> Int) throws -> Int {
        do { return try activations() } catch let error as PruningError {
            guard case .memory(let needed, _) = error else { throw error }
            throw PruningError.memory(needed: needed + weights, limit: limit)
        }
    }

    /// What a computation will take, as a sentence says it.
    func prediction(activations: Int) -> StyledText {
        let total: StyledText = "memory: about \(bytes: activations + weights) of \(bytes: limit)"
        if !keepsWeights { return total + ", weights widened block by block" }
        return weights == 0 ? total : total + ", \(bytes: weights) of them weights in float32"
    }
}
