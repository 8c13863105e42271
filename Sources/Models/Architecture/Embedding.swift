/// How a model's input becomes tokens.
package enum Embedding: Sendable, Hashable, Codable {
    case image(ImageEmbedding)
    case text(TextEmbedding)
}

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

/// Images cut into patches, behind a few learned tokens.
package struct ImageEmbedding: Sendable, Hashable, Codable {
    package var channels: Int
    package var patch: Extent
    /// The image size the checkpoint was made for, in pixels.
    package var size: Extent
    /// Learned positions, where there are any.
    package var positions: Positions?
    package var hasClassToken = true
    /// DeiT's second token, after the class token.
    package var hasDistillationToken = false
    /// Register tokens, right before the patches.
    package var registers = 0
    /// Whether pixels that don't fill a patch are left out; otherwise such images are refused.
    package var leavesOutRemainder = false

    package var prefixTokens: Int { (hasClassToken ? 1 : 0) + (hasDistillationToken ? 1 : 0) + registers }

    /// The patch grid of an image of that size.
    package func grid(of image: Extent) -> Extent {
        Extent(height: image.height / patch.height, width: image.width / patch.width)
    }
}

/// Texts as rows of token ids.
package struct TextEmbedding: Sendable, Hashable, Codable {
    package var vocabulary: Int
    /// The longest text, in tokens.
    package var length: Int
    /// How many segments a token can belong to; 0 where the model knows none.
    package var segments = 0
    /// The id that ends a text, where the feature is read there. The highest id of a text where nil.
    package var end: Int?
}

/// Learned position embeddings of patches.
package struct Positions: Sendable, Hashable, Codable {
    /// The patch grid that the checkpoint holds embeddings for.
    package var grid: Extent
    /// How many of the leading tokens have a position of their own, in front of the patches': none, the class token, or
    /// more of them.
    package var prefix = 1
    package var resampling: Resampling

    /// How a library fits the embeddings to another patch grid. All are bicubic without aligned corners.
    package enum Resampling: String, Sendable, Hashable, Codable {
        /// `interpolate(mode="bicubic")` with a = −0.75, as Hugging Face does.
        case bicubic
        /// The same, with the scale that belongs to a grid 0.1 patches larger, as the official DINOv2 does.
        case shiftedBicubic
        /// `interpolate(mode="bicubic", antialias=True)` with a = −0.5, as timm does.
        case antialiasedBicubic
    }
}
