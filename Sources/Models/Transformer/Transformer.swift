import Tensor

/// The weights that turn pixels into tokens.
struct EmbeddingWeights: Sendable {
    /// (1, 1, width)
    let classToken: FloatView?
    /// (1, registers, width)
    let registers: FloatView?
    let positions: PositionTable
    /// (width, channels, patch height, patch width)
    let patches: Linear
    let norm: Norm?
}

/// A vision transformer ready to compute. Its functions work on a few images at a time, on the calling thread.
///
/// Tokens are laid out as (images, tokens, width): class token, registers, patches row by row.
package struct Transformer: Sendable {
    package let architecture: Architecture
    let embedding: EmbeddingWeights
    package private(set) var blocks: [BlockWeights]
    let finalNorm: Norm
    package let head: Linear?

    init(
        architecture: Architecture, embedding: EmbeddingWeights, blocks: [BlockWeights], finalNorm: Norm, head: Linear?
    ) {
        self.architecture = architecture
        self.embedding = embedding
        self.blocks = blocks
        self.finalNorm = finalNorm
        self.head = head
    }

    /// The same transformer with another block in one place.
    package func replacing(_ block: Int, with weights: BlockWeights) -> Transformer {
        var result = self
        result.blocks[block] = weights
        return result
    }

    /// The rows that block `index` has to compute for a reading.
    package func rows(ofBlock index: Int, for reading: Reading = .feature) -> TokenRows {
        index == blocks.count - 1 ? rows(for: reading) : .all
    }
}

/// Which tokens of an image a block's output is wanted for.
package enum TokenRows: Sendable, Hashable {
    case all
    /// Only the class token. Its neighbours still enter through their keys and values.
    case classToken

    package func count(of tokens: Int) -> Int { self == .all ? tokens : 1 }
}
