import Tensor

/// What of the forward pass of some inputs is kept for the way back, and where the gradient travels down.
///
/// It is made once and used again for every batch: memory that is asked for anew for each is slow to come by.
struct GradientTape: Sendable {
    /// What enters each block (inputs, tokens, width), and the last one's output (inputs, rows, width).
    let inputs: [FloatBuffer]
    /// Of each block: (inputs, tokens, 3·width).
    let qkv: [FloatBuffer]
    /// (inputs, rows, width)
    let middle: [FloatBuffer]
    /// The hidden pre-activations without the bias (inputs, rows, expanded width).
    let u: [FloatBuffer]
    /// ∂E/∂ the output of the block whose turn it is (inputs, tokens, width); the last block's may have fewer rows.
    let d: FloatBuffer
    let dLast: FloatBuffer

    init(_ transformer: Transformer, lastRows: TokenRows, inputs count: Int, tokens: Int) {
        let width = transformer.architecture.width
        let depth = transformer.blocks.count
        func rows(_ block: Int) -> Int { count * (block == depth - 1 ? lastRows.count(of: tokens) : tokens) }
        inputs = [FloatBuffer([count * tokens, width])] + (0..<depth).map { FloatBuffer([rows($0), width]) }
        qkv = (0..<depth).map { _ in FloatBuffer([count * tokens, 3 * width]) }
        middle = (0..<depth).map { FloatBuffer([rows($0), width]) }
        u = (0..<depth).map { FloatBuffer([rows($0), transformer.blocks[$0].expandedWidth]) }
        d = FloatBuffer([count * tokens, width])
        dLast = lastRows == .all ? d : FloatBuffer([rows(depth - 1), width])
    }

    /// Floats that one input takes at most.
    static func size(_ transformer: Transformer, tokens: Int) -> Int {
        let width = transformer.architecture.width
        let blocks = transformer.blocks.reduce(0) { $0 + 5 * width + $1.expandedWidth }
        return tokens * (blocks + 3 * width)
    }
}

/// How many inputs of a batch are worked on at a time, within a memory limit.
package struct GradientPlan: Sendable {
    package let batch: Int
    /// Inputs of a part: the whole batch where it fits, otherwise whole units.
    package let part: Int
    /// Bytes that the tape and the records of a part take, and the gradients.
    package let bytes: Int

    init(
        transformer: Transformer, shape: TokenShape, batch: Int, parts: TrainedParts, gradients: Int, values: Int,
        memoryLimit: Int
    ) throws(GradientError) {
        self.batch = batch
        let floats =
            GradientTape.size(transformer, tokens: shape.count)
            + BlockRecord.size(transformer, parts: parts, tokens: shape.count)
            + (parts == .mlps ? 0 : EmbeddingRecord.size(transformer, shape: shape)) + 4 * values
            + (transformer.pool == nil ? 0 : 4 * shape.count * transformer.architecture.width)
        let each = floats * MemoryLayout<Float>.stride
        let fixed = gradients * MemoryLayout<Float>.stride
        let unit = min(batch, Units(inputs: batch, tokens: shape.count).size)
        guard fixed + unit * each <= memoryLimit else {
            throw .memory(needed: fixed + unit * each, limit: memoryLimit)
        }
        let fitting = (memoryLimit - fixed) / max(1, each)
        part = fitting >= batch ? batch : fitting / unit * unit
        bytes = fixed + part * each
    }
}
