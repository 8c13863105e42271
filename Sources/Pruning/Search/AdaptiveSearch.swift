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
        _ transformer: Transformer, images: some ImageSource,
        order: (_ layer: Int, _ transformer: Transformer) throws -> [Int],
        start: Double? = nil,
        monitor: Monitor = .none,
        found: (LayerPlan) throws -> Void = { _ in }
    ) throws -> [LayerPlan] {
        guard let highest = layers.first else { return [] }
        let run = try SearchRun(
            transformer: transformer, images: images, measure: measure, highest: highest, memoryLimit: memoryLimit,
            monitor: monitor)
        let measured = try run.begin(highest: highest)
        var entropy = start ?? measured
        var plans: [LayerPlan] = []
        for (index, layer) in layers.enumerated() {
            let plan = try run.search(
                layer: layer, order: order(layer, run.transformer), start: entropy, bisection: bisection)
            entropy = plan.end
            plans.append(plan)
            try found(plan)
            monitor.progress(index + 1, of: layers.count)
        }
        return plans
    }
}
