import Models
import Pruning
import Report
import Tensor

/// How `set memory` is shared out: weights that are not used where they lie in the file come first, where they leave at
/// least half: widened and packed, or only widened; otherwise each block is widened anew whenever its turn comes. Weights
/// rounded to bfloat16 are kept, or each block is rounded anew.
struct MemoryShare {
    let limit: Int
    /// What is kept of the weights.
    let use: WeightUse
    /// Bytes of weights beside the mapped file.
    let weights: Int
    private let precision: Precision

    /// - Parameter directions: 2 where a way back needs the matrices packed once more.
    init(limit: Int, weights: WeightBytes, precision: Precision, directions: Int, threads: Int) {
        self.limit = limit
        self.precision = precision
        let packed = weights.all + (precision == .float32 ? directions : 1) * weights.forms
        if packed <= limit / 2 {
            use = .packed
            self.weights = packed
        } else if precision == .bfloat16 {
            use = .anew
            self.weights = (weights.block + weights.blockForms) * threads
        } else if weights.all <= limit / 2 {
            use = .kept
            self.weights = weights.all
        } else {
            use = .anew
            self.weights = weights.block * threads
        }
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
        if use == .anew { return total + ", weights \(precision == .float32 ? "widened" : "rounded") block by block" }
        return weights == 0 ? total : total + ", \(bytes: weights) of them weights"
    }
}
