/// Bytes that training takes beside the model's file.
package struct TrainingMemory: Sendable, Hashable {
    /// What forward and backward leave behind, and the gradients.
    package let activations: Int
    /// The parameters, the forms that products with them are fastest with, the best so far, and AdamW's means and squares.
    package let parameters: Int
    /// The teacher's answers that are kept.
    package let teacher: Int
    /// Inputs of a batch that are worked on at a time.
    package let part: Int

    package var all: Int { activations + parameters + teacher }
}
