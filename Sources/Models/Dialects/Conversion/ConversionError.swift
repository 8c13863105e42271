import Checkpoints
import Tensor

/// Why a model can't be written in another library's form.
package enum ConversionError: Error, Equatable {
    /// The library has no class for the family. `libraries` are those that have one beside the family's own.
    case noCounterpart(family: Family, library: ModelLibrary, libraries: [ModelLibrary])
    /// The library's class has no such part, or only another one.
    case cannotExpress(ModelPart, target: Family)
    /// Tensors that would become one are of several element types.
    case mixedTypes(tensors: [String])
    /// Tensors that the library's class has no place for.
    case leftover(tensors: [String], target: Family)
}

/// A part of a model that another library's class may lack.
package enum ModelPart: Sendable, Equatable {
    /// Norms of queries and keys.
    case headNorms
    /// Norms inside the branches: of attention's answers or of the hidden activations.
    case innerNorms
    /// A norm between the embedding and the first block.
    case embeddingNorm
    case noEmbeddingNorm
    case layerScale
    case noLayerScale
    case rootMeanSquareNorms
    /// Norms after the branches.
    case normOrder
    case normEpsilon(Float)
    case rotaryPositions
    case noPositions
    /// Register tokens, or learned positions of them.
    case registers
    case registerPositions
    case distillationToken
    case noDistillationToken
    case noClassToken
    case readout(Readout)
    case head(Head.Input)
    /// The projection to the space that images and texts share.
    case projection
    case noProjection
    case gate
    case activation(Activation)
    /// Towers of different activations.
    case activations(Activation, Activation)
    /// A bias that the class does not have.
    case bias(tensor: String)
    /// A layer without the bias that the class has.
    case noBias(layer: String)
    /// Images or patches that are not square.
    case shape(Extent)
    /// An image size that does not fill its patches.
    case remainder(image: Extent, patch: Extent)
    /// A hidden width that is no whole multiple of the model's.
    case hiddenWidth(Int, width: Int, gated: Bool)
    case noTexts
    /// Texts that end with an id which is not the highest.
    case endOfText(Int, vocabulary: Int)
}

/// What else there is to say of a model in its new form.
package enum ConversionNote: Sendable, Equatable {
    /// Tensors that no feature needs and that the class does not have.
    case leftOut(tensors: [String])
    /// The class has another epsilon in its norms and can't be told the source's in a file.
    case normEpsilon(source: Float, target: Float, library: ModelLibrary)
    /// Images of another size than the checkpoint's get other features.
    case resampling(source: Positions.Resampling, target: Positions.Resampling, size: Extent)
    /// The class has a pooler behind the features, for which there are no weights.
    case noPooler(className: String)
}
