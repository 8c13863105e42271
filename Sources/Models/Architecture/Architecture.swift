import Tensor

/// A height and a width, in pixels or in patches.
package struct Extent: Sendable, Hashable, Codable, CustomStringConvertible {
    package var height: Int
    package var width: Int

    package init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    package init(square side: Int) { self.init(height: side, width: side) }

    package var area: Int { height * width }

    package var description: String { "\(height)×\(width)" }
}

/// The sizes of a vision transformer and the variant of each of its parts.
///
/// This is all that tells one family from another once the tensors are found: there is one forward and one backward.
package struct Architecture: Sendable, Hashable, Codable {
    package var family: Family
    package var width: Int
    package var heads: Int
    /// Hidden width of each block's MLP, first block first. Its count is the depth.
    package var hiddenWidths: [Int]
    package var channels: Int
    package var patch: Extent
    /// The image size the checkpoint was made for, in pixels.
    package var image: Extent
    package var positions: Positions
    package var hasClassToken = true
    /// Register tokens between the class token and the patches.
    package var registers = 0
    package var activation: Activation
    package var normEpsilon: Float
    package var hasQKVBias = true
    package var hasLayerScale = false
    /// A layer norm between the embedding and the first block.
    package var hasEmbeddingNorm = false
    package var readout: Readout
    package var head: Head?

    package var depth: Int { hiddenWidths.count }
    package var headWidth: Int { width / heads }
    /// Tokens before the patches: the class token and the registers.
    package var prefixTokens: Int { (hasClassToken ? 1 : 0) + registers }

    /// The patch grid of an image of that size.
    package func grid(of image: Extent) -> Extent {
        Extent(height: image.height / patch.height, width: image.width / patch.width)
    }

    package func tokens(of image: Extent) -> Int { prefixTokens + grid(of: image).area }
}

/// Learned position embeddings.
package struct Positions: Sendable, Hashable, Codable {
    /// The patch grid that the checkpoint holds embeddings for.
    package var grid: Extent
    /// How many of the leading tokens have a position of their own, in front of the patches': none, the class token, or
    /// the registers too.
    package var prefix = 1
    package var resampling: Resampling

    /// How a library fits the embeddings to another patch grid. All are bicubic without aligned corners.
    package enum Resampling: String, Sendable, Hashable, Codable {
        /// `interpolate(mode="bicubic")` with a = −0.75, as Hugging Face does.
        case bicubic
        /// `interpolate(mode="bicubic", antialias=True)` with a = −0.5, as timm does.
        case antialiasedBicubic
    }
}

/// How the feature of an image is read from the last block's tokens.
package enum Readout: String, Sendable, Hashable, Codable {
    /// The class token after the final norm.
    case classToken
    /// The mean of the patch tokens after the final norm.
    case meanOfNormalised
    /// The final norm of the mean of the patch tokens.
    case normalisedMean
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
    }

    package init(classes: Int, input: Input = .feature, labels: [String]? = nil) {
        self.classes = classes
        self.input = input
        self.labels = labels
    }
}
