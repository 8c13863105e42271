import Models
import Tensor

/// AMP's adaptive search: bisection per layer, from the last of the wanted layers to the first.
package struct AdaptiveSearch: Sendable {
    package let bisection: Bisection
    package let measure: ValidationEntropy
    /// The layers to search, from 0.
    package let layers: [Int]
    /// Bytes that kept work may take.
    package let memoryLimit: Int

    package init(bisection: Bisection, measure: ValidationEntropy, layers: [Int], memoryLimit: Int) {
        self.bisection = bisection
        self.measure = measure
        self.layers = layers.sorted(by: >)
        self.memoryLimit = memoryLimit
    }

    /// Bytes that the search will take for activations.
    package func memory(_ transformer: Transformer, shape: InputShape, inputs: Int) throws -> Int {
        let tokens = try transformer.tokens(of: shape).count
        let plan = SearchMemory(
            transformer: transformer, tokens: tokens,
            units: Units(inputs: try measure.images(of: inputs), tokens: tokens), highest: layers.first ?? 0,
            limit: memoryLimit)
        return plan.bytes + plan.workspace
    }

    /// Searches the layers of a model one after another.
    ///
    /// - Parameters:
    ///   - transformer: the model, with layers decided before already narrowed.
    ///   - images: the validation images.
    ///   - order: the neurons of a layer by descending importance, asked for when its turn comes, with the model as it is
    ///     then: fixed scores ignore the model, layer-wise scoring computes them anew.
    ///   - start: the entropy of `transformer` on `images`, where an earlier run has measured it already.
    ///   - found: called with each layer's result as soon as there is one.
    package func run(
        _ transformer: Transformer, images: some InputSource,
        order: (_ layer: Int, _ transformer: Transformer) throws -> [Int],
        start: Double? = nil,
        monitor: Monitor = .none,
        found: (LayerPlan) throws -> Void = { _ in }
    ) throws -> [LayerPlan] {
        guard let highest = layers.first else { return [] }
        let run = try SearchRun(
            transformer: transformer, images: images, measure: measure, highest: highest, memoryLimit: memoryLimit,
            monitor: monitor)
        var progress = SearchProgress(layers: layers, depth: transformer.blocks.count, steps: bisection.steps)
        let measured = try run.begin(highest: highest)
        progress.began(monitor)
        var entropy = start ?? measured
        var plans: [LayerPlan] = []
        for layer in layers {
            let plan = try run.search(
                layer: layer, order: order(layer, run.transformer), start: entropy, bisection: bisection,
                tried: { progress.tried(layer, monitor) })
            entropy = plan.end
            plans.append(plan)
            try found(plan)
            progress.finished(layer, monitor)
        }
        return plans
    }
}

/// How much of a search is done, in tenths of a block's forward pass.
///
/// A try in layer ℓ runs the blocks after it, so tries cost more the further the search has come.
private struct SearchProgress {
    private let depth: Int
    private let steps: Int
    private let total: Int
    private var done = 0
    private var triesHere = 0

    init(layers: [Int], depth: Int, steps: Int) {
        self.depth = depth
        self.steps = steps
        total = layers.reduce(10 * depth) { $0 + steps * Self.cost(of: $1, depth) }
    }

    private static func cost(of layer: Int, _ depth: Int) -> Int { 10 * (depth - 1 - layer) + 4 }

    mutating func began(_ monitor: Monitor) {
        done = 10 * depth
        monitor.progress(done, of: total)
    }

    mutating func tried(_ layer: Int, _ monitor: Monitor) {
        triesHere += 1
        done += Self.cost(of: layer, depth)
        monitor.progress(done, of: total)
    }

    /// Sizes that were tried before in the same layer are not run again.
    mutating func finished(_ layer: Int, _ monitor: Monitor) {
        done += (steps - triesHere) * Self.cost(of: layer, depth)
        triesHere = 0
        monitor.progress(done, of: total)
    }
}
