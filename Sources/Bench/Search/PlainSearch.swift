import Models
import Pruning
import Tensor

/// AMP's search as it is written down: a forward pass of the whole model for every try, 6·L + 1 of them.
///
/// What `AdaptiveSearch` is measured against, and checked with: both have to decide alike.
struct PlainSearch {
    let bisection: Bisection
    let measure: ValidationEntropy

    /// - Parameter order: for each layer its neurons by descending importance.
    /// - Returns: the decisions from the last layer to the first.
    func run(_ transformer: Transformer, images: some InputSource, order: [[Int]]) throws -> [SearchDecision] {
        var transformer = transformer
        var entropy = try entropy(of: transformer, images)
        var decisions: [SearchDecision] = []
        for layer in order.indices.reversed() {
            func narrowed(_ width: Int) throws -> Transformer {
                let block = try transformer.blocks[layer].keeping(Array(order[layer].prefix(width)))
                return transformer.replacing(layer, with: block)
            }
            let (tries, accepted) = try bisection.run(hidden: order[layer].count, start: entropy) { width in
                try self.entropy(of: narrowed(width), images)
            }
            if let accepted {
                transformer = try narrowed(accepted.width)
                entropy = accepted.entropy
            }
            decisions.append(
                SearchDecision(layer: layer, tries: tries, width: accepted?.width ?? order[layer].count))
        }
        return decisions
    }

    private func entropy(of transformer: Transformer, _ images: some InputSource) throws -> Double {
        try measure.measure(transformer.run(images).features).mean
    }
}
