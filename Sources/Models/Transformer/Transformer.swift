import Tensor

/// The weights that turn an input into tokens.
enum EmbeddingWeights: Sendable {
    case image(ImageEmbeddingWeights)
    case text(TextEmbeddingWeights)
}

struct ImageEmbeddingWeights: Sendable {
    /// Class token, distillation token, registers: (…, width) each.
    let prefix: [FloatView]
    let positions: PositionTable?
    /// (width, channels, patch height, patch width)
    let patches: Linear
}

struct TextEmbeddingWeights: Sendable {
    /// (vocabulary, width)
    let words: FloatView
    /// (longest text, width)
    let positions: FloatView
    /// (segments, width)
    let segments: FloatView?
}

/// A transformer ready to compute. Its functions work on a few inputs at a time, on the calling thread.
///
/// Tokens are laid out as (inputs, tokens, width); of images: class token, registers, patches row by row.
package struct Transformer: Sendable {
    package let architecture: Architecture
    let embedding: EmbeddingWeights
    let embeddingNorm: Norm?
    let rotary: RotaryTable?
    package private(set) var blocks: [BlockSource]
    let finalNorm: Norm?
    let pool: PoolWeights?
    package let head: Linear?
    /// Before the classifier, with tanh after it.
    let pooler: Linear?
    /// From features to the space that images and texts share.
    let projection: Linear?

    init(
        architecture: Architecture, embedding: EmbeddingWeights, embeddingNorm: Norm?, rotary: RotaryTable?,
        blocks: [BlockSource], finalNorm: Norm?, pool: PoolWeights?, head: Linear?, pooler: Linear?,
        projection: Linear?
    ) {
        self.architecture = architecture
        self.embedding = embedding
        self.embeddingNorm = embeddingNorm
        self.rotary = rotary
        self.blocks = blocks
        self.finalNorm = finalNorm
        self.pool = pool
        self.head = head
        self.pooler = pooler
        self.projection = projection
    }

    /// The same transformer with another block in one place.
    package func replacing(_ block: Int, with weights: BlockSource) -> Transformer {
        var result = self
        result.blocks[block] = weights
        return result
    }

    /// The rows that block `index` has to compute for a reading.
    package func rows(ofBlock index: Int, for reading: Reading = .feature) -> TokenRows {
        index == blocks.count - 1 ? rows(for: reading) : .all
    }
}

/// Which tokens of an input a block's output is wanted for.
package enum TokenRows: Sendable, Hashable {
    case all
    /// Only the first ones, such as the class token. Their neighbours still enter through their keys and values.
    case leading(Int)

    package func count(of tokens: Int) -> Int {
        switch self {
        case .all: tokens
        case .leading(let count): min(count, tokens)
        }
    }
}
