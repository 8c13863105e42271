/// What can be wrong with embeddings that are compared.
package enum EvaluationError: Error, Hashable, Sendable {
    /// Which embeddings are meant.
    package enum Side: String, Sendable, Hashable {
        case images, texts
    }

    /// Images and texts have embeddings of different widths.
    case widths(images: Int, texts: Int)
    /// The embedding in this row holds NaN or an infinity.
    case notFinite(Side, row: Int)
    /// The embedding in this row is zero, or so small that it has no direction.
    case noDirection(Side, row: Int)
    /// The templates' embeddings of a class cancel each other out.
    case opposedTemplates(classIndex: Int)
    /// There are embeddings of none.
    case nothing(Side)
    /// The shape is not the one that is needed; -1 in `expected` stands for any size.
    case shape(Side, expected: [Int], found: [Int])
    /// There are `images` images, but `labels` labels.
    case labelCount(images: Int, labels: Int)
    /// An image's label is none of the classes.
    case labelOutOfRange(image: Int, label: Int, classes: Int)
    /// There are `texts` captions, but `owners` places of their images.
    case ownerCount(texts: Int, owners: Int)
    /// A caption is about an image that is not there.
    case ownerOutOfRange(text: Int, owner: Int, images: Int)
    /// No caption is about this image.
    case imageWithoutCaption(image: Int)
}
