/// What a model costs: parameters, and floating-point operations for one input.
package struct Cost: Sendable, Hashable, Codable {
    /// Values in all tensors of the checkpoint.
    package var parameters: Int
    /// Those of them in the MLPs' linear layers.
    package var mlpParameters: Int
    /// Operations of one forward pass of one image or text, a multiply-add counted as two.
    package var flops: Int
}

extension Architecture {
    /// Floating-point operations of one input of that shape: the matrix products of all tokens in all blocks, the
    /// embedding, the pooling and the head.
    package func flops(of shape: TokenShape) -> Int {
        // In floating point: sizes that a file merely announces may be beyond whole numbers.
        let (tokens, width) = (Double(shape.count), Double(width))
        let embedding = image.map { 2 * Double(shape.patches) * width * Double($0.channels * $0.patch.area) } ?? 0
        let attention = 2 * tokens * width * 4 * width + 4 * tokens * tokens * width
        let matrices: Double = isGated ? 3 : 2
        let blocks = hiddenWidths.reduce(0) { $0 + attention + 2 * matrices * tokens * width * Double($1) }
        let pool = readout == .attentionPool ? 4 * tokens * width * width : 0
        let head = head.map { 2 * width * Double($0.classes * $0.inputWidths) } ?? 0
        return Int(exactly: (embedding + blocks + pool + head).rounded()) ?? .max
    }
}
