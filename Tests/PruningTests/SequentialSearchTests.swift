import Models
import Pruning
import Samples
import Tensor
import Testing

@Suite("A sequential search")
struct SequentialSearchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let model: TinyModel
        var batches = 40
        var tolerance = 1e-3
        var grid = 2
        var testDescription: String { "\(model), \(batches) batches, ΔE \(tolerance)" }
    }

    private static func model(_ seed: Int) -> TinyModel {
        .timm(.init(hidden: [64, 48, 64, 40], seed: seed))
    }

    private static let batch = 8

    private func search(
        _ example: Case, confidence: Double?, memory: Int = 1 << 30, layers: [Int]? = nil,
        start: LayerPlan? = nil, transformer: Transformer? = nil
    ) throws -> (plans: [LayerPlan], spending: SearchSpending) {
        let source = try transformer ?? example.model.transformer()
        var spending: SearchSpending?
        let plans = try AdaptiveSearch(
            bisection: Bisection(tolerance: example.tolerance),
            measure: ValidationEntropy(temperature: 15, batch: Self.batch),
            layers: layers ?? Array(source.blocks.indices), memoryLimit: memory, confidence: confidence
        ).run(
            source, images: example.model.inputs(example.batches * Self.batch, grid: example.grid),
            order: { layer, _ in
                var numbers = Numbers(seed: 100 + layer)
                let values = source.blocks[layer].hiddenWidth
                let scores = (0..<values).map { _ in Double(numbers.float()) }
                return Scores.Layer(ranking: scores, signed: scores).order()
            }, start: start?.end, startPerBatch: start?.sequential?.end, spent: { spending = $0 })
        return (plans, try #require(spending))
    }

    private static func deep(_ seed: Int) -> TinyModel {
        .timm(.init(hidden: Array(repeating: 64, count: 12), seed: seed))
    }

    @Test("finds the same sizes as the exact one in 95 % of its decisions at least", arguments: [8, 16], [1e-3, 5e-3])
    func agreement(_ batches: Int, _ tolerance: Double) throws {
        var (same, all) = (0, 0)
        for seed in 1...3 {
            let example = Case(model: Self.deep(seed), batches: batches, tolerance: tolerance)
            let expected = try search(example, confidence: nil)
            let found = try search(example, confidence: 0.999)
            for (x, y) in zip(expected.plans, found.plans) {
                all += 1
                same += x.width == y.width ? 1 : 0
                // What was accepted holds on all batches, whatever the test said.
                #expect(y.end - y.start <= tolerance)
            }
            #expect(found.spending.spent < expected.spending.spent)
        }
        #expect(Double(same) >= 0.95 * Double(all), "\(same) of \(all)")
    }

    @Test("with hundreds of batches does a third of the exact one's work, for the same sizes")
    func saving() throws {
        let example = Case(model: Self.deep(1), batches: 512, tolerance: 5e-3)
        let expected = try search(example, confidence: nil)
        let found = try search(example, confidence: 0.999)
        #expect(found.plans.map(\.width) == expected.plans.map(\.width))
        #expect(
            3 * found.spending.spent <= expected.spending.spent,
            "\(Double(expected.spending.spent) / Double(found.spending.spent)) times fewer")
    }

    @Test("with few batches is the exact one", arguments: [1, 2, 4])
    func few(_ batches: Int) throws {
        let example = Case(model: Self.model(1), batches: batches)
        let exact = try search(example, confidence: nil)
        let found = try search(example, confidence: 0.999)
        #expect(found.plans.map(\.tries) == exact.plans.map(\.tries))
        #expect(found.plans.map(\.kept) == exact.plans.map(\.kept))
        #expect(found.plans.map(\.end) == exact.plans.map(\.end))
        #expect(found.spending == exact.spending)
    }

    @Test("says what rests on some of the batches, and gives the entropies of all at the end of a layer")
    func honest() throws {
        let example = Case(model: Self.model(2))
        let source = try example.model.load()
        var kept = KeptNeurons(allOf: 4)
        let images = example.model.inputs(example.batches * Self.batch)
        let measure = ValidationEntropy(temperature: 15, batch: Self.batch)
        let (plans, spending) = try search(example, confidence: 0.999)
        #expect(plans.flatMap(\.tries).contains { $0.batches != nil })
        #expect(spending.spent < spending.exact)
        for plan in plans {
            if plan.width < plan.hidden { kept = kept.keeping(plan.kept, of: plan.layer) }
            let whole = try measure.measure(source.transformer(keeping: kept).run(images).features)
            #expect(abs(whole.mean - plan.end) < 1e-6)
            let sequential = try #require(plan.sequential)
            #expect(sequential.batches == example.batches)
            for (x, y) in zip(sequential.end, whole.perBatch) { #expect(abs(x - y) < 1e-6) }
            let accepted = plan.tries.last { $0.width == plan.width }
            #expect(accepted?.batches == nil)
            for attempt in plan.tries {
                #expect((attempt.entropy - plan.start <= example.tolerance) == attempt.accepted)
                if let batches = attempt.batches { #expect((4..<example.batches).contains(batches)) }
            }
        }
    }

    @Test("repeats a layer on all batches where its width breaks the tolerance there")
    func repeated() throws {
        // A confidence of a coin's toss accepts what the whole does not bear, in some of these.
        var repeats = 0
        for seed in 1...20 {
            let example = Case(model: Self.model(seed), batches: 10, tolerance: 1e-4)
            let (plans, _) = try search(example, confidence: 0.5)
            for plan in plans {
                #expect(plan.end - plan.start <= example.tolerance)
                guard plan.sequential?.isRepeated == true else { continue }
                repeats += 1
                #expect(plan.tries.allSatisfy { $0.batches == nil })
            }
        }
        #expect(repeats > 0)
    }

    @Test("decides the same on any number of threads, with any amount of memory")
    func threads() throws {
        let example = Case(model: Self.model(3), batches: 12, grid: 11)
        let transformer = try example.model.transformer()
        let before = Parallel.threads
        defer { Parallel.threads = before }
        for memory in [0, 1 << 20, 1 << 30] {
            let results = try [1, 2, 5].map { threads in
                Parallel.threads = threads
                return try search(example, confidence: 0.99, memory: memory, transformer: transformer)
            }
            #expect(results[0].plans == results[1].plans && results[1].plans == results[2].plans)
            #expect(results.map(\.spending.spent) == Array(repeating: results[0].spending.spent, count: 3))
        }
    }

    @Test("interrupted and taken up again gives what one go gives")
    func resumed() throws {
        let example = Case(model: Self.model(4))
        let source = try example.model.load()
        let all = try search(example, confidence: 0.999).plans
        var kept = KeptNeurons(allOf: 4)
        for plan in all.prefix(2) where plan.width < plan.hidden { kept = kept.keeping(plan.kept, of: plan.layer) }
        let rest = try search(
            example, confidence: 0.999, layers: [0, 1], start: all[1],
            transformer: source.transformer(keeping: kept)
        ).plans
        #expect(rest.map(\.kept) == all.suffix(2).map(\.kept))
        #expect(rest.map { $0.tries.map(\.accepted) } == all.suffix(2).map { $0.tries.map(\.accepted) })
    }
}

@Suite("The paired test over batches")
struct PairedTestTests {
    @Test(
        "quantiles of Student's distribution are those of the tables",
        arguments: [
            (1, 0.95, 6.3138), (1, 0.999, 318.3088), (2, 0.975, 4.3027), (2, 0.9995, 31.5991), (3, 0.99, 4.5407),
            (4, 0.999, 7.1732), (5, 0.95, 2.0150), (7, 0.9995, 5.4079), (10, 0.99, 2.7638), (29, 0.975, 2.0452),
            (30, 0.9995, 3.6460), (120, 0.999, 3.1595),
        ])
    func quantiles(_ degrees: Int, _ p: Double, _ expected: Double) {
        let t = StudentT(degrees: degrees).quantile(p)
        #expect(abs(t - expected) < 1e-4 * max(1, expected / 10))
        #expect(abs(StudentT(degrees: degrees).cumulative(t) - p) < 1e-12)
        #expect(abs(StudentT(degrees: degrees).cumulative(-t) - (1 - p)) < 1e-12)
    }

    @Test(
        "looks come after four batches and then ever more seldom, short of all",
        arguments: [
            (2, []), (4, []), (5, [4]), (8, [4, 6]), (14, [4, 6, 9]), (40, [4, 6, 9, 13, 19, 28]),
        ])
    func looks(_ batches: Int, _ expected: [Int]) {
        let test = PairedTest(confidence: 0.999, batches: batches)
        #expect(test.looks == expected)
        #expect(test.order.sorted() == Array(0..<batches))
    }

    @Test(
        "verdicts on differences far from the tolerance are sure, near it they are not",
        arguments: [
            ([0.0, 0.0, 0.0, 0.0], true), ([1, 1, 1, 1], false), ([0.09, 0.11, 0.1, 0.12], nil),
            ([-5, -5.1, -4.9, -5], true), ([0.2, 5, 0.1, 9], nil),
        ] as [([Double], Bool?)])
    func verdicts(_ differences: [Double], _ expected: Bool?) {
        #expect(PairedTest(confidence: 0.999, batches: 20).verdict(differences, tolerance: 0.1) == expected)
    }

    @Test("are wrong no more often than the confidence allows, where differences are normal")
    func errors() {
        var numbers = Numbers(seed: 5)
        func normal() -> Double { (0..<12).reduce(0) { sum, _ in sum + Double(numbers.float()) } }
        var (wrong, decided) = (0, 0)
        for _ in 0..<4000 {
            let all = (0..<20).map { _ in normal() }
            let test = PairedTest(confidence: 0.95, batches: all.count)
            let mean = all.reduce(0, +) / Double(all.count)
            // As near to the mean as makes it hard.
            let tolerance = mean + 0.02
            for look in test.looks {
                guard let verdict = test.verdict(Array(all.prefix(look)), tolerance: tolerance) else { continue }
                decided += 1
                if !verdict { wrong += 1 }
                break
            }
        }
        #expect(decided > 50)
        #expect(wrong < 200)
    }
}
