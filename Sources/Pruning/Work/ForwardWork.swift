import Models

/// The floating-point operations of one input's way through a transformer, part by part.
///
/// They are those of the matrix products, a multiply-add counted as two, as in `Architecture.flops(of:)`. Of the last block
/// only the rows that are read count.
package struct ForwardWork: Sendable, Hashable {
    package let depth: Int
    /// Of patches; texts are looked up.
    package let embedding: Int
    /// Of attention pooling, where there is any.
    package let readout: Int
    private let width: Int
    private let tokens: Int
    private let lastRows: Int
    /// Input layers of an MLP: gate and value have one each.
    private let inputLayers: Int

    package init(_ architecture: Architecture, shape: TokenShape, lastRows: TokenRows) {
        depth = architecture.depth
        width = architecture.width
        tokens = shape.count
        self.lastRows = lastRows.count(of: shape.count)
        inputLayers = architecture.isGated ? 2 : 1
        embedding =
            architecture.image.map { 2 * shape.patches * architecture.width * $0.channels * $0.patch.area } ?? 0
        readout = architecture.readout == .attentionPool ? 4 * shape.count * architecture.width * architecture.width : 0
    }

    package init(_ transformer: Transformer, shape: TokenShape, reading: Reading = .feature) {
        self.init(transformer.architecture, shape: shape, lastRows: transformer.rows(for: reading))
    }

    private func rows(_ block: Int) -> Int { block == depth - 1 ? lastRows : tokens }

    /// Keys and values of all tokens, queries, scores, answers and their output layer for the rows wanted.
    package func attention(_ block: Int) -> Int {
        4 * tokens * width * width + 4 * rows(block) * width * (width + tokens)
    }

    /// The MLP's input layers.
    package func expansion(_ block: Int, hidden: Int) -> Int { inputLayers * contraction(block, hidden: hidden) }

    /// The MLP's output layer.
    package func contraction(_ block: Int, hidden: Int) -> Int { 2 * rows(block) * width * hidden }

    package func mlp(_ block: Int, hidden: Int) -> Int {
        expansion(block, hidden: hidden) + contraction(block, hidden: hidden)
    }

    /// Blocks of those hidden widths, from `first` to the last.
    package func blocks(from first: Int = 0, widths: [Int]) -> Int {
        widths.indices.dropFirst(first).reduce(0) { $0 + attention($1) + mlp($1, hidden: widths[$1]) }
    }

    /// The whole way, from the input to the feature.
    package func whole(widths: [Int]) -> Int { embedding + blocks(widths: widths) + readout }

    // MARK: The way back, for activations only

    /// Through attention, whose probabilities are computed again.
    package func attentionBackward(_ block: Int) -> Int {
        6 * tokens * width * width + 2 * rows(block) * width * (width + 5 * tokens)
    }
}
