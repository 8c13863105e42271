import Models

/// What of the forward pass is kept for the way back, block by block, within a memory limit.
///
/// The input of every block is always kept. Queries, keys and values, the middle and the hidden pre-activations are kept
/// for as many of the last blocks as fit; for the others they are computed again from the input.
struct TapePlan: Sendable {
    /// The lowest block the way back reaches.
    let lowest: Int
    /// Blocks from this one on keep everything.
    let firstKeptWhole: Int
    /// How many batches can be on tape at the same time.
    let batchesThatFit: Int
    /// What one batch takes, in bytes.
    let bytesPerBatch: Int

    init(
        transformer: Transformer, tokens: Int, batch: Int, lowest: Int, reading: Reading, memoryLimit: Int
    ) throws(PruningError) {
        self.lowest = lowest
        let width = transformer.architecture.width
        let bytes = MemoryLayout<Float>.stride
        let depth = transformer.blocks.count
        let input = batch * tokens * width * bytes
        func rest(_ index: Int) -> Int {
            let rows = transformer.rows(ofBlock: index, for: reading).count(of: tokens)
            return batch * (3 * tokens * width + rows * (width + transformer.blocks[index].expandedWidth)) * bytes
        }
        // Inputs of the blocks on the way, the output, and the gradient that travels down.
        let least = (depth - lowest + 2) * input
        let workspace = batch * tokens * (8 * width + 2 * (transformer.blocks.map(\.expandedWidth).max() ?? 0)) * bytes
        guard least + workspace <= memoryLimit else {
            throw .memory(needed: least + workspace, limit: memoryLimit)
        }
        var used = least + workspace
        var first = depth
        while first > lowest, used + rest(first - 1) <= memoryLimit {
            first -= 1
            used += rest(first)
        }
        firstKeptWhole = first
        bytesPerBatch = used
        batchesThatFit = first == lowest ? max(1, memoryLimit / used) : 1
    }
}
