import Models
import Tensor

/// How much of the work that does not change a search keeps, within a memory limit.
///
/// While layer ℓ is searched nothing before its MLP changes. In order of worth: the middle of block ℓ (after its
/// attention), its hidden activations, and the middles of earlier blocks, so that the next layers need not start from
/// the pixels. What does not fit is computed again.
package struct SearchMemory: Sendable, Hashable {
    /// Every how many blocks the middle is kept.
    package let stride: Int
    /// Whether hidden activations of the block under search are kept.
    package let keepsHidden: Bool
    /// How many units of images are kept at all; the rest runs from the pixels for every try.
    package let residentUnits: Int
    /// What that takes, in bytes.
    package let bytes: Int
    /// What the units at work take beside it, in bytes.
    package let workspace: Int

    package init(transformer: Transformer, tokens: Int, units: Units, highest: Int, limit: Int) {
        let width = transformer.architecture.width
        let images = units.inputs
        let float = MemoryLayout<Float>.stride
        let middle = images * tokens * width * float
        let widest =
            transformer.blocks.indices.map { index in
                transformer.rows(ofBlock: index).count(of: tokens) * transformer.blocks[index].hiddenWidth
            }.max() ?? 0
        let hidden = images * widest * float
        // Beside those kept, that of the block under search.
        func middles(_ stride: Int) -> Int { (highest / stride + (stride > 1 ? 2 : 1)) * middle }
        var step = 1
        while step <= highest, middles(step) + hidden > limit { step *= 2 }
        stride = min(step, highest + 1)
        let kept = middles(stride)
        keepsHidden = kept + hidden <= limit
        let all = kept + (keepsHidden ? hidden : 0)
        residentUnits =
            all <= limit ? units.count : min(units.count, max(0, limit / max(1, kept / max(1, units.count))))
        let rows = units.size * tokens
        let expanded = transformer.blocks.map(\.expandedWidth).max() ?? 0
        workspace = Parallel.threads * rows * (8 * width + 2 * expanded) * float
        bytes = all <= limit ? all : kept / max(1, units.count) * residentUnits
    }
}
