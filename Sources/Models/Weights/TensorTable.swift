/// Where a family keeps each part of the transformer: the tensors' names in its files.
///
/// Names of blocks carry `#` for the block's index, counted from 0. A name of a linear layer or a norm is completed by
/// `.weight` and `.bias`.
package struct TensorTable: Sendable {
    var classToken: String
    var registers: String?
    var positions: String
    var patchEmbedding: String
    var embeddingNorm: String?

    var block: String
    var attentionNorm: String
    var attention: AttentionNames
    var attentionOutput: String
    var attentionScale: String?
    var mlpNorm: String
    var mlpInput: String
    var mlpOutput: String
    var mlpScale: String?

    var finalNorm: String
    /// The name of the final norm where it comes after the pooling.
    var pooledNorm: String?
    var head: String?
    /// Tensors that the library keeps in its files but that take no part in the features. They are carried along.
    var carried: [String] = []

    enum AttentionNames: Sendable {
        /// One linear layer (3·width, width): queries, keys and values one after another.
        case packed(String)
        case separate(query: String, key: String, value: String)
    }
}

/// A tensor by name and shape, as the architecture asks for it.
package struct TensorReference: Sendable, Hashable {
    package let name: String
    package let shape: [Int]
}

/// A linear layer's or a norm's tensors.
package struct LayerReference: Sendable {
    package let weight: TensorReference
    package let bias: TensorReference?

    var all: [TensorReference] { [weight] + (bias.map { [$0] } ?? []) }

    static func linear(_ name: String, inputs: Int, outputs: Int, bias: Bool = true) -> LayerReference {
        LayerReference(
            weight: TensorReference(name: name + ".weight", shape: [outputs, inputs]),
            bias: bias ? TensorReference(name: name + ".bias", shape: [outputs]) : nil)
    }

    static func norm(_ name: String, width: Int) -> LayerReference {
        LayerReference(
            weight: TensorReference(name: name + ".weight", shape: [width]),
            bias: TensorReference(name: name + ".bias", shape: [width]))
    }
}
