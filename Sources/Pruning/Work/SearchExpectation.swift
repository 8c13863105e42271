/// What a search is expected to cost still, while nobody knows yet which widths it will find.
///
/// Layers to come are expected to keep the share that layers so far have kept, half of their neurons before there are
/// any; their tries are those of a bisection that ends there.
struct SearchExpectation: Sendable {
    private let work: SearchWork
    private let bisection: Bisection
    /// Layers to come, in the order of the search.
    private var coming: [Int]
    private var widths: [Int]
    private var shares: [Double] = [0.5]
    /// What share of the batches the tries so far have run on.
    private var batches: [Double]
    /// Whether a width was found that all batches had to confirm, layer by layer.
    private var confirmations: [Double] = [1]
    private let isSequential: Bool

    init(work: SearchWork, layers: [Int], widths: [Int], bisection: Bisection, test: PairedTest?) {
        self.work = work
        self.bisection = Bisection(steps: bisection.steps, tolerance: 0, multiple: bisection.multiple)
        self.widths = widths
        coming = layers
        isSequential = test.map { !$0.looks.isEmpty } ?? false
        // Between the first look and all of them.
        batches = [test.flatMap { test in test.looks.first.map { (1 + Double($0) / Double(test.batches)) / 2 } } ?? 1]
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    private func target(_ hidden: Int) -> Int { Int((mean(shares) * Double(hidden)).rounded()) }

    /// The different sizes that a bisection tries on its way to a width.
    private func tries(hidden: Int, target: Int) -> [Int] {
        let tries = bisection.run(hidden: hidden, start: 0) { $0 >= target ? 0 : 1 }.tries
        var seen = Set<Int>()
        return tries.map(\.width).filter { seen.insert($0).inserted }
    }

    private func layer(_ layer: Int, tries: [Int], target: Int, widths: [Int]) -> Int {
        let exact = work.layer(layer, tries: tries, widths: widths)
        guard isSequential else { return exact }
        let share = mean(batches)
        return Int(share * Double(exact))
            + Int((1 - share) * mean(confirmations) * Double(work.confirmation(layer, width: target, widths: widths)))
    }

    /// - Parameter tried: how many sizes of the first layer to come have been tried.
    func rest(tried: Int = 0) -> Int {
        var widths = widths
        var sum = 0
        for (place, index) in coming.enumerated() {
            let hidden = widths[index]
            let target = target(hidden)
            let tries = tries(hidden: hidden, target: target)
            let whole = layer(index, tries: tries, target: target, widths: widths)
            let left = place == 0 ? max(0, tries.count - tried) : tries.count
            sum += tries.isEmpty ? 0 : whole / tries.count * left
            widths[index] = target
        }
        return sum
    }

    mutating func decided(_ plan: LayerPlan) {
        coming.removeAll { $0 == plan.layer }
        widths[plan.layer] = plan.width
        if plan.hidden > 0 { shares.append(Double(plan.width) / Double(plan.hidden)) }
        guard isSequential, let total = plan.sequential?.batches, total > 0 else { return }
        confirmations.append(plan.width < plan.hidden ? 1 : 0)
        batches += plan.tries.map { Double($0.batches ?? total) / Double(total) }
    }
}
