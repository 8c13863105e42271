/// A tensor by name and shape, as the architecture asks for it.
package struct TensorReference: Sendable, Hashable {
    package let name: String
    package let shape: [Int]
    /// Whether a file may put axes of size 1 in front.
    var allowsLeadingOnes = false

    init(_ name: String, _ shape: [Int], allowsLeadingOnes: Bool = false) {
        self.name = name
        self.shape = shape
        self.allowsLeadingOnes = allowsLeadingOnes
    }

    func matches(_ found: [Int]) -> Bool {
        if found == shape { return true }
        guard allowsLeadingOnes, found.count > shape.count else { return false }
        return found.dropFirst(found.count - shape.count).elementsEqual(shape)
            && found.dropLast(shape.count).allSatisfy { $0 == 1 }
    }

    /// The shape to name beside one that was found: with as many axes, where that is a matter of ones in front.
    func expectedShape(beside found: [Int]) -> [Int] {
        allowsLeadingOnes && found.count > shape.count
            ? Array(repeating: 1, count: found.count - shape.count) + shape : shape
    }
}

/// A linear layer's or a norm's tensors.
package struct LayerReference: Sendable {
    package let weight: TensorReference
    package let bias: TensorReference?

    var all: [TensorReference] { [weight] + (bias.map { [$0] } ?? []) }
}

/// Linear layers side by side.
package struct StackedReference: Sendable {
    /// In the order of their outputs.
    package let weights: [TensorReference]
    /// One for all outputs together, or one a layer, or nil where a layer has none.
    let biases: [TensorReference?]

    package var all: [TensorReference] { weights + biases.compactMap { $0 } }
}

package struct MLPReference: Sendable {
    package let input: StackedReference
    let hiddenNorm: LayerReference?
    package let output: LayerReference

    var all: [TensorReference] { input.all + (hiddenNorm?.all ?? []) + output.all }
    /// Those of the two or three linear layers.
    var linear: [TensorReference] { input.all + output.all }
}

struct PoolReference: Sendable {
    let query: TensorReference
    let attention: StackedReference
    let attentionOutput: LayerReference
    let norm: LayerReference
    let mlp: MLPReference

    var all: [TensorReference] { [query] + attention.all + attentionOutput.all + norm.all + mlp.all }
}

enum ProjectionReference: Sendable {
    case layer(LayerReference)
    case matrix(TensorReference)

    var all: [TensorReference] {
        switch self {
        case .layer(let layer): layer.all
        case .matrix(let matrix): [matrix]
        }
    }
}
