import Foundation

/// Looks for the tolerance whose search leaves as much of a model as fits into a budget.
///
/// Tolerances are multiplied or divided until one leaves too much and one fits, then narrowed down in between, where the
/// logarithm of the tolerance is taken to fall evenly with the amount. They have three digits, so that the one found can be
/// written down and searched by again.
package struct ToleranceSearch: Sendable {
    /// What may be left at most.
    package let budget: Double
    /// The first tolerance tried, in nats.
    package let first: Double
    /// A tolerance at which everything is accepted.
    package let highest: Double
    /// How many tolerances are tried at most.
    package let limit: Int

    /// What is left is near enough to the budget when no more than this share of it is missing.
    private static let nearEnough = 0.005

    package init(budget: Double, first: Double, highest: Double, limit: Int = 10) {
        self.budget = budget
        self.highest = max(Self.rounded(highest), .leastNormalMagnitude)
        self.first = min(max(Self.rounded(first), self.highest * 1e-9), self.highest)
        self.limit = limit
    }

    package struct Attempt: Sendable, Hashable {
        package let tolerance: Double
        package let amount: Double
        package let fits: Bool
    }

    /// - Parameter search: searches by the tolerance and returns what it leaves.
    /// - Returns: what was tried, and which of it leaves most of what fits; nil where nothing fits.
    package func run(_ search: (_ tolerance: Double) throws -> Double) rethrows -> (attempts: [Attempt], best: Int?) {
        var attempts: [Attempt] = []
        var tolerance: Double? = first
        while let next = tolerance, attempts.count < limit {
            let amount = try search(next)
            attempts.append(Attempt(tolerance: next, amount: amount, fits: amount <= budget))
            tolerance = self.next(after: attempts)
        }
        let best = attempts.indices.filter { attempts[$0].fits }
            .max { (attempts[$0].amount, attempts[$1].tolerance) < (attempts[$1].amount, attempts[$0].tolerance) }
        return (attempts, best)
    }

    private func next(after attempts: [Attempt]) -> Double? {
        guard let last = attempts.last else { return first }
        if last.fits, last.amount >= budget * (1 - Self.nearEnough) { return nil }
        let high = attempts.filter(\.fits).min { $0.tolerance < $1.tolerance }
        // What a search leaves need not fall evenly: below the smallest that fits.
        let low = attempts.filter { attempt in !attempt.fits && high.map { attempt.tolerance < $0.tolerance } ?? true }
            .max { $0.tolerance < $1.tolerance }
        switch (low, high) {
        case (nil, nil): return nil
        case (let low?, nil):
            let next = min(Self.rounded(low.tolerance * max(step(from: low), leastGrowth)), highest)
            return low.tolerance < highest ? next : nil
        case (nil, let high?):
            guard high.tolerance > 0 else { return nil }
            let isStuck = attempts.count { $0.amount == high.amount } > 1
            return isStuck || high.tolerance < first * 1e-3 ? 0 : Self.rounded(high.tolerance / step(from: high))
        case (let low?, let high?):
            let next = Self.rounded(between(low, high))
            return next > low.tolerance && next < high.tolerance ? next : nil
        }
    }

    /// By what the tolerance changes where the other side is not known yet: more, the farther off the amount is.
    private func step(from attempt: Attempt) -> Double {
        let distance = abs(attempt.amount - budget) / max(budget, .leastNormalMagnitude)
        return pow(4, min(max(5 * distance, 0.5), 2))
    }

    /// With this all from the first to the highest is passed in a few steps.
    private var leastGrowth: Double { pow(highest / first, 0.2) }

    private func between(_ low: Attempt, _ high: Attempt) -> Double {
        guard low.tolerance > 0 else { return high.tolerance / 4 }
        let target = budget * (1 - Self.nearEnough / 2)
        let share = low.amount > high.amount ? (low.amount - target) / (low.amount - high.amount) : 0.5
        // An end that does not move would have the other creep towards it.
        let place = min(max(share, 0.25), 0.75)
        return low.tolerance * pow(high.tolerance / low.tolerance, place)
    }

    /// A number of three digits.
    package static func rounded(_ tolerance: Double) -> Double {
        Double(String(format: "%.2e", tolerance)) ?? tolerance
    }
}
