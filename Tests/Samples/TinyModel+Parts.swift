import Checkpoints
import Tensor

/// What a library calls the parts of its transformers, and which of them a model has.
///
/// Defaults are timm's. Names of a block's parts are relative to the block's own.
struct Parts {
    var prefix = ""
    var input = Input.images(patches: "patch_embed.proj")
    /// Class token, distillation token, registers, with the number of each.
    var tokens = [("cls_token", 1)]
    /// Learned positions, and how many of the tokens before the patches have one; all where nil.
    var positions: String? = "pos_embed"
    var positionsInFront: Int?
    /// Tokens and positions with an axis of size 1 in front, as most libraries have them.
    var isBatched = true
    var embeddingNorm: String?

    var block: (Int) -> String = { "blocks.\($0)." }
    var norms = ("norm1", "norm2")
    var attention = Stack("attn.qkv", shares: 3)
    /// Norms of each head's queries and keys.
    var headNorms: [String] = []
    var answerNorm: String?
    var attentionOutput = "attn.proj"
    var mlp = Stack("mlp.fc1")
    var hiddenNorm: String?
    var mlpOutput = "mlp.fc2"
    var scales: [String] = []
    /// What norms' tensors are called: weight and bias, or one of them alone.
    var normTensors = ["weight", "bias"]

    var finalNorm: String? = "norm"
    var pool: Pool?
    /// Classifiers, relative to nothing, with the number of features side by side that they take.
    var heads: [(name: String, inputs: Int)] = [("head", 1)]
    /// What else is in the file, relative to nothing.
    var beside: [(name: String, shape: [Int])] = []

    enum Input {
        case images(patches: String, isBiased: Bool = true)
        case texts(words: String, segments: String? = nil)
    }

    /// Linear layers over one input: their tensors, and how many equal shares of the outputs each holds.
    struct Stack {
        var weights: [(name: String, shares: Int)]
        var biases: [(name: String, shares: Int)]
    }

    /// A learned query's attention over all tokens.
    struct Pool {
        var query: String
        var attention: Stack
        var output: String
        var norm: String
        var mlp: (String, String)
    }
}

extension Parts.Stack {
    /// Layers of their own. Those that `without` names have no bias.
    init(_ layers: String..., shares: Int = 1, without: Set<String> = []) {
        weights = layers.map { ($0 + ".weight", shares) }
        biases = layers.filter { !without.contains($0) }.map { ($0 + ".bias", shares) }
    }
}

extension TinyModel {
    /// What texts consist of, and how long they may be.
    static let vocabulary = 11
    static let textLength = 200
    /// The width of the space that images and texts share.
    static let shared = 6

    init(_ description: String, _ sizes: Sizes, _ parts: Parts, config: JSON?) {
        self.init(description, sizes)
        var random = Numbers(seed: sizes.seed)
        add(parts, &random)
        hiddenNorm = parts.hiddenNorm
        classifies = sizes.classes != nil && !parts.heads.isEmpty
        if case .texts = parts.input { takesTexts = true }
        self.config = config
    }

    /// Adds the tensors of a transformer of the model's sizes.
    mutating func add(_ parts: Parts, _ random: inout Numbers) {
        let width = sizes.width
        let front = parts.isBatched ? [1] : []
        func full(_ name: String) -> String { parts.prefix + name }
        func linear(_ name: String, _ inputs: Int, _ outputs: Int) {
            add(name + ".weight", [outputs, inputs], &random)
            add(name + ".bias", [outputs], &random)
        }
        func norm(_ name: String, _ width: Int) {
            for tensor in parts.normTensors {
                // Weights around one, biases around zero.
                let centre: Float = tensor == parts.normTensors[0] ? 1 : 0
                let values = random.floats(width, scale: centre == 1 ? 0.2 : 0.5).map { $0 + centre }
                tensors.append(Weights(name + "." + tensor, [width], values))
            }
        }
        func stack(_ stack: Parts.Stack, in block: String, inputs: Int, outputs: Int) {
            for (name, shares) in stack.weights { add(block + name, [shares * outputs, inputs], &random) }
            for (name, shares) in stack.biases { add(block + name, [shares * outputs], &random) }
        }

        var rows = Self.textLength
        for (name, count) in parts.tokens {
            add(full(name), parts.isBatched ? [1, count, width] : [width], &random)
        }
        switch parts.input {
        case .images(let patches, let isBiased):
            rows = (parts.positionsInFront ?? parts.tokens.reduce(0) { $0 + $1.1 }) + sizes.grid * sizes.grid
            add(full(patches) + ".weight", [width, sizes.channels, sizes.patch, sizes.patch], &random)
            if isBiased { add(full(patches) + ".bias", [width], &random) }
        case .texts(let words, let segments):
            add(full(words), [Self.vocabulary, width], &random)
            if let segments { add(full(segments), [2, width], &random) }
        }
        if let positions = parts.positions { add(full(positions), front + [rows, width], &random) }
        if let name = parts.embeddingNorm { norm(full(name), width) }
        for (index, hidden) in sizes.hidden.enumerated() {
            let block = full(parts.block(index))
            norm(block + parts.norms.0, width)
            stack(parts.attention, in: block, inputs: width, outputs: width)
            for name in parts.headNorms { norm(block + name, width / sizes.heads) }
            if let name = parts.answerNorm { norm(block + name, width) }
            linear(block + parts.attentionOutput, width, width)
            norm(block + parts.norms.1, width)
            stack(parts.mlp, in: block, inputs: width, outputs: hidden)
            if let name = parts.hiddenNorm { norm(block + name, hidden) }
            linear(block + parts.mlpOutput, hidden, width)
            for name in parts.scales { add(block + name, [width], &random) }
        }
        if let name = parts.finalNorm { norm(full(name), width) }
        if let pool = parts.pool {
            add(full(pool.query), [1, 1, width], &random)
            stack(pool.attention, in: parts.prefix, inputs: width, outputs: width)
            linear(full(pool.output), width, width)
            norm(full(pool.norm), width)
            linear(full(pool.mlp.0), width, 10)
            linear(full(pool.mlp.1), 10, width)
        }
        if let classes = sizes.classes {
            for head in parts.heads { linear(head.name, head.inputs * width, classes) }
        }
        for (name, shape) in parts.beside { add(name, shape, &random) }
    }

    private mutating func add(_ name: String, _ shape: [Int], _ random: inout Numbers) {
        tensors.append(Weights(name, shape, random.floats(shape.reduce(1, *), scale: 0.5)))
    }
}

extension JSON: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}
