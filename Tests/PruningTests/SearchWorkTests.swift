import Models
import Pruning
import Samples
import Tensor
import Testing

@Suite("The operations a search counts")
struct SearchWorkTests {
    /// A forward pass of one input, product by product: rows, columns, depth of each.
    private struct Products {
        let model: TinyModel
        let architecture: Architecture
        let tokens: Int
        let patches: Int
        let classRowOnly: Bool

        var ofAllRows: Products {
            Products(
                model: model, architecture: architecture, tokens: tokens, patches: patches, classRowOnly: false)
        }

        private func sum(_ products: [(Int, Int, Int)]) -> Int { products.reduce(0) { $0 + 2 * $1.0 * $1.1 * $1.2 } }

        private func rows(_ block: Int) -> Int {
            classRowOnly && block == architecture.depth - 1 ? 1 : tokens
        }

        func input(_ block: Int, _ hidden: Int) -> Int {
            let layers = architecture.isGated ? 2 : 1
            return sum(Array(repeating: (rows(block), hidden, architecture.width), count: layers))
        }

        func output(_ block: Int, _ hidden: Int) -> Int { sum([(rows(block), architecture.width, hidden)]) }

        func block(_ index: Int, _ hidden: Int) -> Int {
            let (width, heads) = (architecture.width, architecture.heads)
            let rows = rows(index)
            var products = [(rows, width, width), (tokens, width, width), (tokens, width, width), (rows, width, width)]
            for _ in 0..<heads { products += [(rows, tokens, width / heads), (rows, width / heads, tokens)] }
            return sum(products) + input(index, hidden) + output(index, hidden)
        }

        private var patchLayer: Int {
            sum([(patches, architecture.width, architecture.image.map { $0.channels * $0.patch.area } ?? 0)])
        }

        private var pool: Int {
            architecture.readout == .attentionPool ? sum([(tokens, 2 * architecture.width, architecture.width)]) : 0
        }

        func whole(_ widths: [Int]) -> Int { patchLayer + after(-1, widths) }

        func after(_ layer: Int, _ widths: [Int]) -> Int {
            pool + widths.indices.dropFirst(layer + 1).reduce(0) { $0 + block($1, widths[$1]) }
        }
    }

    private static let models = TinyModel.variants(.init(hidden: [20, 9, 24], seed: 3))

    private func search(
        _ model: TinyModel, _ transformer: Transformer, inputs: TinyInputs, memory: Int, confidence: Double? = nil,
        monitor: Monitor = .none
    ) throws -> (plans: [LayerPlan], spending: SearchSpending) {
        var spending: SearchSpending?
        let plans = try AdaptiveSearch(
            bisection: Bisection(tolerance: 4e-4), measure: ValidationEntropy(temperature: 15, batch: 4),
            layers: [0, 1, 2], memoryLimit: memory, confidence: confidence
        ).run(
            transformer, images: inputs, order: { layer, _ in Array(0..<model.sizes.hidden[layer]) },
            monitor: monitor, spent: { spending = $0 })
        return (plans, try #require(spending))
    }

    @Test("are those of the products that run, and of the plain algorithm's", arguments: models)
    func counted(_ model: TinyModel) throws {
        let transformer = try model.transformer()
        let inputs = model.inputs(9)
        let shape = try transformer.tokens(of: inputs.shape)
        let products = Products(
            model: model, architecture: transformer.architecture, tokens: shape.count, patches: shape.patches,
            classRowOnly: transformer.rows(for: .feature) == .leading(1))
        var widths = model.sizes.hidden
        // All rows and the classifier beside: the count that models are described by.
        #expect(
            products.ofAllRows.whole(widths) + headWork(transformer.architecture)
                == transformer.architecture.flops(of: shape))
        let (plans, ample) = try search(model, transformer, inputs: inputs, memory: 1 << 30)
        var spent = products.whole(widths)
        var plain = spent
        for plan in plans {
            spent += products.input(plan.layer, plan.hidden)
            for width in Set(plan.tries.map(\.width)) {
                spent += products.output(plan.layer, width) + products.after(plan.layer, widths)
            }
            for attempt in plan.tries {
                var now = widths
                now[plan.layer] = attempt.width
                plain += products.whole(now)
            }
            widths[plan.layer] = plan.width
        }
        // Of nine inputs two batches of four take part.
        #expect(ample.spent == 8 * spent)
        #expect(ample.plain == 8 * plain)
        #expect(ample.exact == ample.spent)

        // Without memory everything runs from the inputs, but no width twice.
        let none = try search(model, transformer, inputs: inputs, memory: 0)
        let repeated = plans.reduce(0) { sum, plan in sum + plan.tries.count - Set(plan.tries.map(\.width)).count }
        #expect(none.spending.plain == 8 * plain)
        #expect(repeated > 0)
        #expect(none.spending.spent < none.spending.plain)
    }

    private func headWork(_ a: Architecture) -> Int {
        var headless = a
        headless.head = nil
        let shape = TokenShape(count: 0, grid: nil, image: nil)
        return a.flops(of: shape) - headless.flops(of: shape)
    }

    @Test("are what was foreseen for those tries, with any amount of memory", arguments: models)
    func foreseen(_ model: TinyModel) throws {
        let transformer = try model.transformer()
        // Many tokens, so that the inputs are worked on in several units.
        let inputs = model.inputs(9, grid: 11)
        let unit = 9 * 11 * 11 * 8 * 4
        for memory in [0, 2 * unit, 3 * unit, 5 * unit, 1 << 30] {
            let (_, spending) = try search(model, transformer, inputs: inputs, memory: memory)
            #expect(spending.spent == spending.exact, "memory \(memory)")
        }
    }

    @Test("grow steadily up to what was announced", arguments: [nil, 0.99])
    func progress(_ confidence: Double?) throws {
        let model = TinyModel.timm(.init(hidden: [64, 64, 64], seed: 3))
        let reports = Locked<[(done: Int, total: Int)]>([])
        let monitor = Monitor(report: { done, total in reports.withLock { $0.append((done, total)) } })
        let (_, spending) = try search(
            model, model.transformer(), inputs: model.inputs(64), memory: 1 << 30, confidence: confidence,
            monitor: monitor)
        let seen = reports.withLock { $0 }
        #expect(seen.first?.done == 0)
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.done <= $1.done })
        #expect(seen.allSatisfy { $0.done <= $0.total })
        #expect(seen.last?.done == spending.spent)
        #expect(seen.last?.total == spending.spent)
    }

    @Test(
        "foresee the whole after the first tenth, within a fifth where about as much is kept as expected",
        arguments: [(-100.0, 1, 0.35), (5e-4, 1, 0.35), (5e-4, 2, 0.2), (2e-3, 3, 0.2)])
    func estimate(_ tolerance: Double, _ seed: Int, _ bound: Double) throws {
        let model = TinyModel.timm(.init(hidden: Array(repeating: 64, count: 12), seed: seed))
        let reports = Locked<[(done: Int, total: Int)]>([])
        _ = try AdaptiveSearch(
            bisection: Bisection(tolerance: tolerance), measure: ValidationEntropy(temperature: 15, batch: 4),
            layers: Array(0..<12), memoryLimit: 1 << 30
        ).run(
            model.transformer(), images: model.inputs(64), order: { _, _ in Array(0..<64) },
            monitor: Monitor(report: { done, total in reports.withLock { $0.append((done, total)) } }))
        let seen = reports.withLock { $0 }
        let spent = Double(try #require(seen.last).done)
        let worst = seen.filter { Double($0.done) >= 0.1 * spent }.map { abs(Double($0.total) / spent - 1) }.max() ?? 1
        #expect(worst <= bound)
    }

    @Test("of scoring come to what was announced", arguments: models, [1 << 30, 150_000])
    func scoring(_ model: TinyModel, _ memory: Int) throws {
        let reports = Locked<[(done: Int, total: Int)]>([])
        let monitor = Monitor(report: { done, total in reports.withLock { $0.append((done, total)) } })
        let scorer = TaylorScorer(
            transformer: try model.transformer(), loss: .entropy(temperature: 15), batch: 4, layers: [1, 2],
            memoryLimit: memory)
        _ = try scorer.score(model.inputs(9), monitor: monitor)
        let seen = reports.withLock { $0 }
        let total = try #require(seen.first).total
        #expect(total > 0)
        #expect(seen.allSatisfy { $0.total == total })
        #expect(seen.last?.done == total)
    }
}
