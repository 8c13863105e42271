import Models
import Pruning
import Samples
import Tensor
import Testing

@Suite("A search that compensates")
struct CompensatedSearchTests {
    private static let sizes = TinyModel.Sizes(hidden: [20, 9, 24], seed: 2)
    private static let models = TinyModel.variants(sizes)
    /// One of each way through the code.
    private static let few =
        [
            TinyModel.timm(sizes, layerScale: true, registers: 2), .dinov2(sizes, registers: 2, gate: .packed),
            .evaCLIP(sizes, .normsOnBranches), .bert(sizes),
        ] + TinyModel.variants(sizes).filter { $0.hiddenNorm != nil }.prefix(1)

    struct Case: Sendable, CustomTestStringConvertible {
        let model: TinyModel
        let method: Compensation.Method
        var testDescription: String { "\(model), \(method)" }

        static let all =
            models.map { Case(model: $0, method: .leastSquares) }
            + few.flatMap { model in [Case(model: model, method: .bias), Case(model: model, method: .scale)] }
    }

    private static let measure = ValidationEntropy(temperature: 15, batch: 4)

    private static func order(_ layer: Int) -> [Int] {
        var numbers = Numbers(seed: 70 + layer)
        return numbers.permutation(sizes.hidden[layer])
    }

    private struct Found {
        var plans: [LayerPlan]
        var outputs: [Int: OutputLayer]
        var spending: SearchSpending?
        var done = 0
        var left = 0
    }

    private func search(
        _ model: TinyModel, _ method: Compensation.Method, tolerance: Double = 1e-3, layers: [Int] = [0, 1, 2],
        memory: Int = 1 << 30, sums: Int = 1 << 30, grid: Int = 2, images: Int = 8, confidence: Double? = nil
    ) throws -> Found {
        let outputs = Locked<[Int: OutputLayer]>([:])
        let progress = Locked((done: 0, total: 0))
        var spending: SearchSpending?
        let search = AdaptiveSearch(
            bisection: Bisection(tolerance: tolerance), measure: Self.measure, layers: layers, memoryLimit: memory,
            confidence: confidence)
        let plans = try search.run(
            model.transformer(), images: model.inputs(images, grid: grid), order: { layer, _ in Self.order(layer) },
            compensating: CompensatedSearch(
                compensation: Compensation(method), images: model.inputs(13, grid: grid, seed: 5), memoryLimit: sums,
                found: { layer, output in outputs.withLock { $0[layer] = output } }),
            monitor: Monitor(report: { done, total in progress.withLock { $0 = (done, total) } }),
            spent: { spending = $0 })
        let seen = progress.withLock { $0 }
        return Found(
            plans: plans, outputs: outputs.withLock { $0 }, spending: spending, done: seen.done,
            left: seen.total - seen.done)
    }

    @Test("judges every try by the whole model compensated there", arguments: Case.all)
    func plain(_ example: Case) throws {
        let (model, method) = (example.model, example.method)
        let found = try search(model, method)
        let validation = model.inputs(8)
        var transformer = try model.transformer()
        func entropy(_ transformer: Transformer) throws -> Double {
            try Self.measure.measure(transformer.run(validation).features).mean
        }
        func compensated(_ layer: Int, _ kept: [Int]) throws -> (Transformer, OutputLayer?) {
            let outputs = try Compensator(
                transformer: transformer, kept: [layer: kept], compensation: Compensation(method, target: .block),
                memoryLimit: 1 << 30
            ).run(model.inputs(13, seed: 5))
            let narrow = try transformer.blocks[layer].keeping(kept)
            return (
                transformer.replacing(
                    layer, with: try outputs[layer].map { try narrow.replacingOutput(with: $0) } ?? narrow),
                outputs[layer]
            )
        }
        #expect(found.plans.map(\.layer) == [2, 1, 0])
        for plan in found.plans {
            #expect(abs(try entropy(transformer) - plan.start) < 1e-5)
            for attempt in plan.tries {
                let (tried, _) = try compensated(plan.layer, Array(Self.order(plan.layer).prefix(attempt.width)))
                #expect(abs(try entropy(tried) - attempt.entropy) < 1e-4, "layer \(plan.layer), \(attempt.width)")
            }
            guard plan.entropy != nil else {
                #expect(found.outputs[plan.layer] == nil && plan.fit == nil)
                continue
            }
            let (next, expected) = try compensated(plan.layer, plan.kept)
            let (output, fit) = (try #require(found.outputs[plan.layer]), try #require(expected?.fit))
            #expect(plan.fit == output.fit)
            #expect(output.fit.skipped == fit.skipped)
            #expect(abs(output.fit.before - fit.before) < 1e-3 * max(1, fit.before))
            #expect(abs(output.fit.after - fit.after) < 1e-3 * max(1, fit.before))
            #expect(
                relativeError(
                    output.weight.values.map(Double.init), (expected?.weight.values ?? []).map(Double.init)) < 2e-3)
            transformer = next
        }
    }

    @Test("finds the same within any memory limit and on any number of threads", arguments: few)
    func memory(_ model: TinyModel) throws {
        let before = Parallel.threads
        defer { Parallel.threads = before }
        func bits(_ found: Found) -> [Int: [Float]] {
            found.outputs.mapValues { $0.weight.values + ($0.bias?.values ?? []) }
        }
        let ample = try search(model, .leastSquares, grid: 9)
        var least = 0
        do {
            _ = try search(model, .leastSquares, sums: 0, grid: 9)
            Issue.record("no memory at all was enough")
        } catch PruningError.memory(let needed, _) {
            least = needed
        }
        for threads in [1, 3] {
            Parallel.threads = threads
            for memory in [0, 1 << 30] {
                for sums in [least, 1 << 30] {
                    let found = try search(model, .leastSquares, memory: memory, sums: sums, grid: 9)
                    #expect(found.plans == ample.plans, "\(memory), \(sums), \(threads)")
                    #expect(bits(found) == bits(ample), "\(memory), \(sums), \(threads)")
                }
            }
        }
    }

    @Test("says what compensating took, and nothing is left at the end", arguments: few)
    func spending(_ model: TinyModel) throws {
        for sums in [90_000, 1 << 30] {
            let found = try search(model, .leastSquares, sums: max(sums, try least(model)), grid: 9)
            let spending = try #require(found.spending)
            let compensation = try #require(spending.compensation)
            #expect(compensation.work.forward > 0 && compensation.work.sums > 0 && compensation.work.solutions > 0)
            #expect(compensation.seconds > 0)
            #expect(found.done == spending.spent + compensation.work.all)
            #expect(found.left == 0)
            #expect(spending.spent == spending.exact)
        }
    }

    private func least(_ model: TinyModel) throws -> Int {
        do {
            _ = try search(model, .leastSquares, sums: 0, grid: 9)
            return 0
        } catch PruningError.memory(let needed, _) { return needed }
    }

    @Test("decides from some of the batches what all of them confirm")
    func sequential() throws {
        let model = TinyModel.timm(Self.sizes)
        let found = try search(model, .leastSquares, tolerance: 1e-2, images: 64, confidence: 0.95)
        for plan in found.plans where plan.entropy != nil {
            #expect(plan.end - plan.start <= 1e-2)
            #expect(found.outputs[plan.layer]?.weight.shape == [8, plan.width])
        }
    }

    @Test("keeps fewer neurons where the others can be said by those that stay")
    func redundant() throws {
        // Neurons 10… of block 2 are neurons 0… again, and 20… once more.
        let model = TinyModel.timm(Self.sizes).with { model in
            let width = Self.sizes.width
            guard var input = model["blocks.2.mlp.fc1.weight"], var bias = model["blocks.2.mlp.fc1.bias"] else {
                return
            }
            for neuron in 4..<24 {
                for i in 0..<width { input.values[neuron * width + i] = input.values[neuron % 4 * width + i] }
                bias.values[neuron] = bias.values[neuron % 4]
            }
            model[input.name] = input
            model[bias.name] = bias
        }
        func width(_ compensating: CompensatedSearch?) throws -> Int? {
            try AdaptiveSearch(
                bisection: Bisection(tolerance: 1e-6), measure: Self.measure, layers: [2], memoryLimit: 1 << 30
            ).run(
                model.transformer(), images: model.inputs(8), order: { _, _ in Array(0..<24) },
                compensating: compensating
            ).first?.width
        }
        let compensated = try width(
            CompensatedSearch(
                compensation: Compensation(.leastSquares, ridge: 1e-9), images: model.inputs(40, seed: 5),
                memoryLimit: 1 << 30))
        #expect(compensated == 4)
        #expect(try width(nil) ?? 0 > 4)
    }

    @Test("needs calibration images")
    func images() throws {
        let model = TinyModel.timm(Self.sizes)
        #expect(throws: PruningError.tooFewImages(needed: 1, found: 0)) {
            try AdaptiveSearch(
                bisection: Bisection(tolerance: 1), measure: Self.measure, layers: [2], memoryLimit: 1 << 30
            ).run(
                model.transformer(), images: model.inputs(8), order: { layer, _ in Self.order(layer) },
                compensating: CompensatedSearch(
                    compensation: Compensation(.bias), images: model.inputs(0), memoryLimit: 1 << 30))
        }
    }
}
