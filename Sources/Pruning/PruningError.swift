/// What can keep a method from running. The session words the cases.
package enum PruningError: Error, Equatable {
    /// A batch of that size can't be filled.
    case tooFewImages(needed: Int, found: Int)
    /// The criterion needs a classifier and the model has none.
    case noHead
    /// The criterion needs labels and the data has none.
    case noLabels
    /// A label outside the classifier's classes.
    case labelOutOfRange(label: Int, classes: Int)
    /// Scores that are not numbers: layer from 0.
    case nonFiniteScore(layer: Int, neuron: Int)
    /// One batch needs more memory than is allowed.
    case memory(needed: Int, limit: Int)
}
