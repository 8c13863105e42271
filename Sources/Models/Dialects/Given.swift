import Tensor

/// What a user says about a checkpoint where no file does.
package struct Given: Sendable, Hashable, Codable {
    package var heads: Int?
    package var activation: Activation?
    /// The patch grid of the checkpoint's position embeddings.
    package var grid: Extent?

    package init(heads: Int? = nil, activation: Activation? = nil, grid: Extent? = nil) {
        self.heads = heads
        self.activation = activation
        self.grid = grid
    }
}

/// Something that no file says, what amp took it for, and why.
package enum Assumption: Sendable, Hashable, Codable {
    /// Family and sizes come from the tensors alone.
    case noConfiguration
    /// The number of heads, from the width.
    case heads(Int, width: Int)
    /// The non-linearity, which is the family's usual one.
    case activation(Activation)
    /// The patch grid, from the number of position embeddings.
    case grid(Extent, positions: Int)
    /// The order of norms, which nothing in the tensors shows.
    case normOrder(NormOrder)
}
