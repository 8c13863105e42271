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
    /// Where given, a try is decided from some of the batches as soon as that is sure with this probability. That is a
    /// test of rises: where falls are not accepted, every try runs on all batches.
    package let confidence: Double?
    /// Entropies that an earlier search has measured at the first of the layers, by width, where every try runs on all
    /// batches.
    package let known: [Int: Double]

    package init(
        bisection: Bisection, measure: ValidationEntropy, layers: [Int], memoryLimit: Int, confidence: Double? = nil,
        known: [Int: Double] = [:]
    ) {
        self.bisection = bisection
        self.measure = measure
        self.layers = layers.sorted(by: >)
        self.memoryLimit = memoryLimit
        self.confidence = bisection.acceptsFalls ? confidence : nil
        self.known = self.confidence == nil ? known : [:]
    }

    /// Bytes that the search will take for activations.
    package func memory(_ transformer: Transformer, shape: InputShape, inputs: Int) throws -> Int {
        let plan = try layout(transformer, shape: shape, inputs: inputs).memory
        return plan.bytes + plan.workspace
    }

    /// What the parts of the search cost.
    package func work(_ transformer: Transformer, shape: InputShape, inputs: Int) throws -> SearchWork {
        let (units, shape, plan) = try layout(transformer, shape: shape, inputs: inputs)
        return SearchWork(forward: ForwardWork(transformer, shape: shape), units: units, memory: plan)
    }

    private func layout(
        _ transformer: Transformer, shape: InputShape, inputs: Int
    ) throws -> (units: Units, shape: TokenShape, memory: SearchMemory) {
        let shape = try transformer.tokens(of: shape)
        // Where the later batches may not be needed, a unit has images of one batch only.
        let isSequential = try test(inputs: inputs).map { !$0.looks.isEmpty } ?? false
        let units = Units(
            inputs: try measure.images(of: inputs), tokens: shape.count, atMost: isSequential ? measure.batch : .max)
        return (
            units, shape,
            SearchMemory(
                transformer: transformer, tokens: shape.count, units: units, highest: layers.first ?? 0,
                limit: memoryLimit)
        )
    }

    /// How the batches of so many images would be looked at; nil where every try runs on all of them.
    package func test(inputs: Int) throws -> PairedTest? {
        try confidence.map { PairedTest(confidence: $0, batches: try measure.images(of: inputs) / measure.batch) }
    }

    /// Searches the layers of a model one after another.
    ///
    /// - Parameters:
    ///   - transformer: the model, with layers decided before already narrowed.
    ///   - images: the validation images.
    ///   - order: the neurons of a layer by descending importance, asked for when its turn comes, with the model as it is
    ///     then: fixed scores ignore the model, layer-wise scoring computes them anew.
    ///   - start: the entropy of `transformer` on `images`, where an earlier run has measured it already.
    ///   - startPerBatch: the same of each batch, which a sequential search goes on from.
    ///   - compensating: where given, tries are judged with the output layer that compensates best for what they remove,
    ///     and layers keep it for the search of those before them. Its `found` is called just before `found`.
    ///   - monitor: told of progress in floating-point operations.
    ///   - found: called with each layer's result as soon as there is one.
    ///   - spent: called once at the end.
    package func run(
        _ transformer: Transformer, images: some InputSource,
        order: (_ layer: Int, _ transformer: Transformer) throws -> [Int],
        start: Double? = nil, startPerBatch: [Double]? = nil,
        compensating: CompensatedSearch? = nil,
        monitor: Monitor = .none,
        found: (LayerPlan) throws -> Void = { _ in },
        spent: (SearchSpending) -> Void = { _ in }
    ) throws -> [LayerPlan] {
        guard let highest = layers.first else { return [] }
        let meter = WorkMeter(monitor)
        let (units, shape, memory) = try layout(transformer, shape: images.shape, inputs: images.count)
        let run = SearchRun(
            transformer: transformer, images: images, shape: shape, units: units, memory: memory, measure: measure,
            meter: meter, monitor: monitor)
        let work = SearchWork(forward: run.forward, units: units, memory: memory)
        let test = try test(inputs: images.count)
        var widths = transformer.blocks.map(\.hiddenWidth)
        var expectation = SearchExpectation(
            work: work, layers: layers, widths: widths, bisection: bisection, test: test)
        var spending = SearchSpending(
            spent: 0, exact: work.pass(widths: widths), plain: work.pass(widths: widths))
        let calibration = try compensating?.begin(
            transformer, layers: layers, steps: bisection.steps, meter: meter, monitor: monitor)
        /// What compensation is expected to take for the layers to come.
        func rest(_ layer: Int? = nil) -> Int { calibration?.rest(after: layer) ?? 0 }
        meter.expect(spending.exact + expectation.rest() + rest())
        let measured = try run.begin(highest: highest)
        var entropies = BatchEntropies(mean: start ?? measured.mean, perBatch: startPerBatch ?? measured.perBatch)
        var plans: [LayerPlan] = []
        for layer in layers {
            let order = try order(layer, run.transformer)
            let compensation = try calibration?.layer(layer, order: order, of: run.transformer)
            let search = try LayerSearch(run, layer: layer, order: order, compensation: compensation)
            var tried = 0
            let (plan, end) = try search.search(
                start: entropies, bisection: bisection, test: test, known: layer == highest ? known : [:],
                tried: {
                    tried += 1
                    meter.expect(expectation.rest(tried: tried) + rest(layer))
                })
            entropies = end
            plans.append(plan)
            if let output = try plan.fit.flatMap { _ in try compensation?.output(plan.width) } {
                try compensating?.found(layer, output)
            }
            try found(plan)
            spending.exact += work.layer(layer, tries: plan.distinctWidths, widths: widths)
            spending.plain += work.plain(layer, tries: plan.tries.map(\.width), widths: widths)
            widths[layer] = plan.width
            expectation.decided(plan)
            meter.expect(expectation.rest() + rest(layer))
        }
        spending.compensation = calibration?.spending
        spending.spent = meter.done - (spending.compensation?.work.all ?? 0)
        spent(spending)
        return plans
    }
}

extension LayerPlan {
    /// The widths that were run: one tried twice runs once.
    package var distinctWidths: [Int] {
        var seen = Set<Int>()
        return tries.map(\.width).filter { seen.insert($0).inserted }
    }
}
