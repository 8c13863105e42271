import Checkpoints
import Tensor

/// What the configuration of a converted model says: sizes and variants, in the words of each library.
struct ConvertedModel {
    let architecture: Architecture
    let image: ImageEmbedding
    let text: Architecture?
    let layout: TensorLayout
    /// Of the weights.
    let type: ElementType
    /// The hidden width that the class is built with.
    let hidden: Int

    /// Whether queries, keys and values have biases.
    var hasQueryBias: Bool { layout.blocks.first?.attention.biases.contains { $0 != nil } ?? true }

    /// A ratio that the library's `int(width * ratio)` turns into `hidden` again.
    static func ratio(_ hidden: Int, of width: Int) -> JSON {
        let ratio = Double(hidden) / Double(width)
        let isExact = Int(Double(width) * ratio) == hidden
        return .number(isExact ? ratio : (Double(hidden) + 0.5) / Double(width))
    }
}

extension JSON {
    init(_ value: Int) { self = .number(Double(value)) }

    /// The shortest number that is read as the same single.
    init(_ value: Float) { self = .number(Double("\(value)") ?? Double(value)) }

    /// One number for a square.
    init(_ extent: Extent) { self = extent.height == extent.width ? JSON(extent.height) : .sides(extent) }

    static func sides(_ extent: Extent) -> JSON { .array([JSON(extent.height), JSON(extent.width)]) }
}
