import Tensor

/// The sizes of a transformer and the variant of each of its parts.
///
/// This is all that tells one family from another once the tensors are found: there is one forward and one backward.
package struct Architecture: Sendable, Hashable, Codable {
    package var family: Family
    package var width: Int
    package var heads: Int
    /// Hidden width of each block's MLP, first block first. Its count is the depth.
    package var hiddenWidths: [Int]
    package var embedding: Embedding
    package var activation: Activation
    /// Whether the MLPs multiply a gate's activation with a value: f(gate) · value.
    package var isGated = false
    package var norm: NormKind = .layer
    package var normEpsilon: Float
    package var normOrder: NormOrder = .before
    /// A layer norm of each head's queries and keys.
    package var normalisesQueriesAndKeys = false
    package var rotary: Rotary?
    /// Whether a token sees only itself and those before it.
    package var isCausal = false
    package var readout: Readout
    /// Whether the library's last hidden state has gone through the final norm.
    package var normalisesTokens = true
    package var head: Head?
    /// The width of the space that images and texts share, where there is one.
    package var projection: Int?

    package var depth: Int { hiddenWidths.count }
    package var headWidth: Int { width / heads }
    /// Tokens before the patches: class token, distillation token, registers. None in a text.
    package var prefixTokens: Int { image?.prefixTokens ?? 0 }

    /// How images enter; nil for a model of texts.
    package var image: ImageEmbedding? { if case .image(let image) = embedding { image } else { nil } }
    /// How texts enter; nil for a model of images.
    package var text: TextEmbedding? { if case .text(let text) = embedding { text } else { nil } }
}

/// What a family's norms divide by.
package enum NormKind: String, Sendable, Hashable, Codable {
    /// The standard deviation, around the mean.
    case layer
    /// The root of the mean square.
    case rootMeanSquare
}

/// Where a block's two norms stand, f being attention or MLP.
package enum NormOrder: String, Sendable, Hashable, Codable {
    /// x + f(norm(x)), as nearly everywhere.
    case before
    /// x + norm(f(x)).
    case onBranch
    /// norm(x + f(x)), as in the first transformers.
    case after
}

/// Positions as rotations of queries and keys (RoPE).
package struct Rotary: Sendable, Hashable, Codable {
    package var pairing: RotaryPairing
    package var frequencies: Frequencies

    package enum Frequencies: Sendable, Hashable, Codable {
        /// Patch centres in −1…1, angles 2π · position / base^(4i / head width); rows first, then columns (DINOv3).
        case centred(base: Double)
        /// Patch indices, stretched to `reference` a side where given, angles position / base^(4i / head width) (EVA-02).
        case indexed(base: Double, reference: Double?)
    }
}

/// How the feature of an input is read from the last block's tokens.
package enum Readout: String, Sendable, Hashable, Codable {
    /// The first token after the final norm, where there is one.
    case classToken
    /// The mean of the patch tokens after the final norm.
    case meanOfNormalised
    /// The final norm of the mean of the patch tokens.
    case normalisedMean
    /// The answer to a learned query over the tokens after the final norm, then an MLP (SigLIP).
    case attentionPool
    /// The token that ends the text, after the final norm (CLIP's texts).
    case endOfText
}

/// A linear classifier on top.
package struct Head: Sendable, Hashable, Codable {
    package var classes: Int
    package var input: Input
    /// The names of the classes, in order, where the checkpoint has them.
    package var labels: [String]?

    package enum Input: String, Sendable, Hashable, Codable {
        /// The feature itself.
        case feature
        /// The class token and the mean of the patch tokens, both after the final norm, side by side.
        case classTokenAndMean
        /// The class and the distillation token, each with a classifier of its own; the logits are their mean.
        case classAndDistillationTokens
        /// The mean of the patch tokens after the final norm.
        case meanOfNormalised
        /// The mean of the patch tokens as the last block leaves them.
        case meanOfPatches
        /// The first token after a linear layer and tanh (BERT).
        case pooledClassToken
    }

    package init(classes: Int, input: Input = .feature, labels: [String]? = nil) {
        self.classes = classes
        self.input = input
        self.labels = labels
    }

    /// How many times the model's width the classifier takes in.
    var inputWidths: Int { input == .classTokenAndMean || input == .classAndDistillationTokens ? 2 : 1 }
}
