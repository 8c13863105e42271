/// Where a family keeps each part of the transformer: the tensors' names in its files.
///
/// Names of blocks' parts are relative to the block's own, which carries `#` for the index, counted from 0. A name that
/// begins with `/` is not relative to the prefix that the rest of the model may have. What a file does not hold is left
/// out, where the transformer can do without it: biases, norms inside a branch, layer scales, the head.
package struct TensorTable: Sendable {
    // MARK: Images
    var classToken: String?
    var distillationToken: String?
    var registers: String?
    var patchEmbedding: LayerNames?

    // MARK: Texts
    var words: String?
    var segments: String?

    // MARK: Both
    var positions: String?
    /// A norm between the embedding and the first block.
    var embeddingNorm: LayerNames?

    // MARK: Blocks
    var block: String
    var attentionNorm: LayerNames
    /// Queries, keys and values; the first whose weight a file has is taken.
    var attention: [StackedNames]
    /// Norms of each head's queries and keys.
    var queryNorm: LayerNames?
    var keyNorm: LayerNames?
    /// A norm of attention's answers, before the output layer.
    var answerNorm: LayerNames?
    var attentionOutput: LayerNames
    var attentionScale: String?
    var mlpNorm: LayerNames
    /// The first whose weight a file has is taken.
    var mlp: [MLPNames]
    var mlpScale: String?

    // MARK: Readout
    var finalNorm: LayerNames?
    /// The final norm where it comes after the pooling.
    var pooledNorm: LayerNames?
    var pool: PoolNames?
    /// The first whose weight a file has is taken.
    var head: [LayerNames] = []
    var distillationHead: LayerNames?
    /// A linear layer, followed by tanh, between the first token and the classifier (BERT).
    var pooler: LayerNames?
    /// From the feature to the space that images and texts share.
    var projection: ProjectionNames?

    /// Tables of cosines and sines that a file may hold (patches, head width).
    var rotaryCosines: String?
    var rotarySines: String?

    /// Parameters that take no part in the features and are carried along: a name, or the beginning of names (`/text.*`).
    var carried: [String] = []
    /// Tables and other constants that files may hold: names as above, or one of each block (`blocks.#.attn.rope.*`).
    var constants: [String] = []
}

/// A layer's weight and bias. A plain string is completed by `.weight` and `.bias`.
struct LayerNames: Sendable, ExpressibleByStringLiteral {
    let weight: String
    let bias: String

    init(weight: String, bias: String) {
        self.weight = weight
        self.bias = bias
    }

    init(stringLiteral name: String) { self.init(weight: name + ".weight", bias: name + ".bias") }
}

/// Linear layers side by side, such as queries, keys and values: in one matrix, or in several.
struct StackedNames: Sendable {
    let weights: [String]
    let biases: [String]

    /// Layers of their own: one packed, or one a part.
    init(_ layers: LayerNames...) {
        weights = layers.map(\.weight)
        biases = layers.map(\.bias)
    }

    init(weights: [String], biases: [String]) {
        self.weights = weights
        self.biases = biases
    }
}

struct MLPNames: Sendable {
    /// One layer, or a gate's and a value's. One with twice as many rows as the output has columns packs both.
    let input: StackedNames
    /// A norm of what enters the output layer.
    var hiddenNorm: LayerNames?
    let output: LayerNames
}

/// SigLIP's pooling: a learned query attends to all tokens, then an MLP with a residual connection.
struct PoolNames: Sendable {
    let query: String
    let attention: StackedNames
    let attentionOutput: LayerNames
    let norm: LayerNames
    let mlp: MLPNames
}

enum ProjectionNames: Sendable {
    /// A linear layer (shared width, width).
    case layer(LayerNames)
    /// A matrix (width, shared width) that features are multiplied by.
    case matrix(String)

    /// Whether it stands beside the tower rather than in it.
    var isBeside: Bool {
        switch self {
        case .layer(let layer): layer.weight.hasPrefix("/")
        case .matrix(let name): name.hasPrefix("/")
        }
    }
}
