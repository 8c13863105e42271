/// What a model costs: parameters, and floating-point operations for one image.
package struct Cost: Sendable, Hashable, Codable {
    /// Values in all tensors of the checkpoint.
    package var parameters: Int
    /// Those of them in the MLPs' linear layers.
    package var mlpParameters: Int
    /// Operations of one forward pass of one image, a multiply-add counted as two.
    package var flops: Int
}

extension Architecture {
    /// Floating-point operations of one image: the matrix products of all tokens in all blocks, and the head.
    package func flops(image: Extent) -> Int {
        let tokens = tokens(of: image)
        let embedding = 2 * grid(of: image).area * width * channels * patch.area
        let attention = 2 * tokens * width * 4 * width + 4 * tokens * tokens * width
        let blocks = hiddenWidths.reduce(0) { $0 + attention + 4 * tokens * width * $1 }
        return embedding + blocks + (head.map { 2 * width * $0.classes * ($0.input == .feature ? 1 : 2) } ?? 0)
    }

    /// Parameters of one block's MLP at a hidden width: two matrices, the hidden bias and the output bias.
    func mlpParameters(hidden: Int) -> Int { 2 * hidden * width + hidden + width }
}
