import Checkpoints

/// What can be wrong with a model: its configuration, its tensors, or what it is fed. The session words the cases.
package enum ModelError: Error, Equatable {
    /// The tensors belong to no family that amp knows: what they look like, and the family they resemble most.
    case unknownFamily(path: String, patterns: [NamePattern], nearest: NearestFamily?)
    /// The family is known but needs a part that amp does not have.
    case unsupportedVariant(family: Family, what: String)
    /// A tensor that the family needs is not in the file. `similar` is the closest name there is.
    case missingTensor(path: String, tensor: String, expected: [Int], similar: String?)
    case misshapenTensor(path: String, tensor: String, expected: [Int], found: [Int])
    /// Tensors that the family has no place for.
    case leftoverTensors(path: String, tensors: [String])
    case unsupportedType(path: String, tensor: String, type: String)
    /// A value of the configuration is missing or not of the kind it should be.
    case configuration(path: String, key: String, expected: String, found: String)
    /// The configuration says one thing and the tensors another.
    case contradiction(path: String, key: String, configured: String, tensor: String, found: String)
    /// The number of attention heads stands in no tensor, and the width gives no usual guess.
    case unknownHeads(path: String, width: Int)
    /// The user gave another number of heads than the configuration has.
    case headsContradict(path: String, configured: Int, given: Int)
    /// A number of heads that does not divide the width.
    case headsDoNotDivide(heads: Int, width: Int)
    /// The user gave a patch grid that the position embeddings don't fill.
    case gridDoesNotFit(path: String, grid: Extent, tensor: String, rows: Int)
    /// Weights that are not numbers.
    case nonFiniteWeight(path: String, tensor: String, index: Int, value: Float)
    /// Features that are not numbers, from finite weights.
    case nonFiniteFeature(image: Int)
    /// Images of another number of channels than the model takes.
    case channels(expected: Int, found: Int)
    /// Images whose size does not split into patches.
    case imageSize(height: Int, width: Int, patchHeight: Int, patchWidth: Int)
    /// Texts of more tokens than the model has positions for.
    case textLength(longest: Int, found: Int)
    /// A token id outside the vocabulary: text from 0.
    case tokenOutOfRange(text: Int, token: Int, vocabulary: Int)
    case segmentOutOfRange(text: Int, segment: Int, segments: Int)
    /// Texts for a model of images, or images for one of texts.
    case wrongInput(takesImages: Bool)
}
