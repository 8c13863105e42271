import Foundation
import Models
import Pruning
import Samples
import Tensor
import Testing

@Suite("Widths out of one ranking of all layers")
struct GlobalAllocationTests {
    private static let values = [[4, 0.1, 3, 2], [0.2, 1, 0.05, 2.5]]

    /// Kwon's rule without heads: as many of the best as the budget pays for.
    @Test(
        "are those of the best neurons that can be paid",
        arguments: [(20.0, [3, 3]), (6.0, [2, 0]), (2.0, [0, 0]), (99.0, [4, 4])] as [(Double, [Int])])
    func best(_ budget: Double, _ expected: [Int]) {
        let found = GlobalAllocation(values: Self.values, least: [0, 0]).widths { widths in
            Double(3 * widths.reduce(0, +)) <= budget
        }
        #expect(found == expected)
    }

    @Test("keep at least what every layer must, and nothing where that is too much")
    func least() {
        let allocation = GlobalAllocation(values: [[9, 8, 7], [1, 1, 1]], least: [1, 1])
        #expect(allocation.widths { $0.reduce(0, +) <= 3 } == [2, 1])
        #expect(allocation.widths { $0.reduce(0, +) <= 2 } == [1, 1])
        #expect(allocation.widths { $0.reduce(0, +) <= 1 } == nil)
    }

    @Test("are multiples or whole, and never more than fits", arguments: 1..<40)
    func multiples(_ budget: Int) throws {
        var numbers = Numbers(seed: budget)
        let values = [13, 16, 11].map { numbers.floats($0).map(Double.init) }
        let least = values.map { min(4, $0.count) }
        let found = GlobalAllocation(values: values, least: least, multiple: 4).widths { $0.reduce(0, +) <= budget }
        guard budget >= 12 else {
            #expect(found == nil)
            return
        }
        let widths = try #require(found)
        #expect(widths.reduce(0, +) <= budget)
        for (width, layer) in zip(widths, values) {
            #expect((width % 4 == 0 && width >= 4) || width == layer.count)
        }
    }

    @Test("give equally important neurons to the earlier layer first")
    func ties() {
        let found = GlobalAllocation(values: [[1, 1], [1, 1]], least: [0, 0]).widths { $0.reduce(0, +) <= 3 }
        #expect(found == [2, 1])
    }
}

@Suite("The tolerance for a budget")
struct ToleranceSearchTests {
    /// What tolerances leave, as a curve.
    struct Curve: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let left: @Sendable (Double) -> Double
    }

    private static let curves = [
        Curve(testDescription: "a line over the logarithm") { 0.9 - 0.1 * log10(max($0, 1e-9) * 1e6) },
        Curve(testDescription: "stairs") { ((0.95 - 0.13 * log10(max($0, 1e-9) * 1e6)) * 20).rounded() / 20 },
        Curve(testDescription: "a cliff") { $0 < 0.03 ? 0.99 : 0.2 },
        Curve(testDescription: "late") { max(0.1, 1 - $0 / 3) },
        Curve(testDescription: "not falling evenly") { 0.8 - 0.1 * log10(max($0, 1e-9) * 1e6) + 0.03 * sin(40 * $0) },
    ]

    @Test("leaves the most of all that were tried and fit", arguments: curves, [0.25, 0.4, 0.6, 0.75, 0.9])
    func best(_ curve: Curve, _ budget: Double) throws {
        let search = ToleranceSearch(budget: budget, first: 0.005, highest: 4)
        let (attempts, best) = search.run(curve.left)
        #expect(attempts.count <= 10)
        #expect(Set(attempts.map(\.tolerance)).count == attempts.count, "no tolerance twice")
        let found = attempts[try #require(best)]
        #expect(found.amount <= budget)
        #expect(found.amount == attempts.filter(\.fits).map(\.amount).max())
        for attempt in attempts {
            #expect(attempt.amount == curve.left(attempt.tolerance))
            #expect(attempt.fits == (attempt.amount <= budget))
            #expect(ToleranceSearch.rounded(attempt.tolerance) == attempt.tolerance, "three digits")
        }
    }

    @Test("comes within half a percent where the curve lets it", arguments: [0.25, 0.4, 0.6, 0.75])
    func near(_ budget: Double) throws {
        let search = ToleranceSearch(budget: budget, first: 0.005, highest: 4)
        let (attempts, best) = search.run(Self.curves[0].left)
        #expect(attempts[try #require(best)].amount >= budget * 0.995)
        #expect(attempts.count <= 7)
    }

    @Test("is 0 where even that leaves less than asked for, and stops there")
    func zero() {
        let (attempts, best) = ToleranceSearch(budget: 0.8, first: 0.01, highest: 4).run { _ in 0.5 }
        #expect(best.map { attempts[$0].tolerance } == 0)
        #expect(attempts.count <= 3)
    }

    @Test("does not exist where everything is too much")
    func nothing() {
        let (attempts, best) = ToleranceSearch(budget: 0.1, first: 0.01, highest: 4).run { _ in 0.5 }
        #expect(best == nil)
        #expect(attempts.last?.tolerance == 4)
    }
}

@Suite("Tries that searches at several tolerances share")
struct TryMemoryTests {
    private static let model = TinyModel.timm(.init(hidden: [40, 30, 24], seed: 8))
    private static let measure = ValidationEntropy(temperature: 15, batch: 4)

    private static func order(_ layer: Int) -> [Int] {
        var numbers = Numbers(seed: 7 + layer)
        return numbers.permutation(model.sizes.hidden[layer])
    }

    /// A search that takes from a memory what it knows.
    private func search(
        _ tolerance: Double, multiple: Int, sharing tries: inout TryMemory, _ model: Model
    ) throws -> (plans: [LayerPlan], known: Int) {
        let bisection = Bisection(tolerance: tolerance, multiple: multiple)
        var kept = KeptNeurons(allOf: 3)
        var plans: [LayerPlan] = []
        for layer in [2, 1, 0] {
            guard
                let plan = tries.plan(
                    ofLayer: layer, keeping: kept, hidden: Self.model.sizes.hidden[layer], order: Self.order(layer),
                    bisection: bisection)
            else { break }
            plans.append(plan)
            if plan.width < plan.hidden { kept = kept.keeping(plan.kept, of: layer) }
        }
        let known = plans.count
        let rest = [2, 1, 0].dropFirst(known)
        guard let first = rest.first else { return (plans, known) }
        let run = AdaptiveSearch(
            bisection: bisection, measure: Self.measure, layers: Array(rest), memoryLimit: 1 << 30,
            known: tries.entropies(ofLayer: first, keeping: kept))
        plans += try run.run(
            model.transformer(keeping: kept), images: Self.model.inputs(8), order: { layer, _ in Self.order(layer) },
            start: plans.last?.end,
            found: { plan in
                tries.remember(plan, keeping: kept)
                if plan.width < plan.hidden { kept = kept.keeping(plan.kept, of: plan.layer) }
            })
        return (plans, known)
    }

    @Test("change nothing of what is found", arguments: [1, 4])
    func same(_ multiple: Int) throws {
        let model = try Self.model.load()
        var shared = TryMemory()
        var known = 0
        for tolerance in [0.003, 1e-4, 3e-4, 0.003, 2e-4, 0.01, 5.0, 2.5e-4] {
            var none = TryMemory()
            let alone = try search(tolerance, multiple: multiple, sharing: &none, model)
            let together = try search(tolerance, multiple: multiple, sharing: &shared, model)
            known += together.known
            #expect(alone.known == 0)
            #expect(together.plans.map(\.kept) == alone.plans.map(\.kept), "ΔE \(tolerance)")
            #expect(together.plans.map { $0.tries.map(\.width) } == alone.plans.map { $0.tries.map(\.width) })
            for (x, y) in zip(together.plans, alone.plans) {
                #expect(abs(x.end - y.end) < 1e-6)
                for width in x.tries.map(\.width) { #expect(width % multiple == 0) }
            }
        }
        #expect(known >= 3, "the tolerance that comes twice is all known")
    }

    @Test("are only those of the same model before")
    func place() {
        var tries = TryMemory()
        let whole = KeptNeurons(allOf: 3)
        let plan = LayerPlan(
            layer: 2, hidden: 24, start: 1, tries: Bisection(tolerance: 0).run(hidden: 24, start: 1) { _ in 2 }.tries,
            kept: Self.order(2), entropy: nil)
        tries.remember(plan, keeping: whole)
        #expect(tries.count == 5)
        func found(_ kept: KeptNeurons, _ layer: Int, _ tolerance: Double) -> LayerPlan? {
            tries.plan(
                ofLayer: layer, keeping: kept, hidden: 24, order: Self.order(2),
                bisection: Bisection(tolerance: tolerance))
        }
        #expect(found(whole, 2, 0.5) == plan)
        #expect(found(whole, 2, 1) == nil, "half of 12 neurons was never tried")
        #expect(found(whole, 1, 0.5) == nil)
        #expect(found(whole.keeping([0], of: 0), 2, 0.5) == nil)
    }
}

@Suite("Widths in multiples")
struct MultipleTests {
    @Test(
        "are tried from the middle on, and 0 only where halving comes down to it",
        arguments: [
            (384, 16, [192, 96, 48, 16]), (384, 32, [192, 96, 32]), (100, 8, [48, 24, 8]), (24, 8, [8, 0]),
            (7, 8, [0]), (64, 64, []), (200, 64, [128, 64]),
        ] as [(Int, Int, [Int])])
    func accepted(_ hidden: Int, _ multiple: Int, _ expected: [Int]) {
        let result = Bisection(tolerance: 0, multiple: multiple).run(hidden: hidden, start: 0) { _ in -1 }
        #expect(result.tries.map(\.width) == expected)
        #expect(Bisection(tolerance: 0, multiple: multiple).least(hidden: hidden) == expected.last ?? hidden)
    }

    @Test("end at the smallest multiple that is enough", arguments: [1, 8, 16, 32], [0, 1, 37, 100, 200, 383, 384])
    func smallest(_ multiple: Int, _ enough: Int) {
        let result = Bisection(steps: 12, tolerance: 0, multiple: multiple).run(hidden: 384, start: 0) {
            $0 >= enough ? 0 : 1
        }
        // Twelve halvings of 384 come down to none.
        let expected = (enough + multiple - 1) / multiple * multiple
        #expect((result.accepted?.width ?? 384) == min(expected, 384))
        #expect(result.tries.allSatisfy { $0.width % multiple == 0 })
        #expect(result.tries.count <= 12)
    }
}
