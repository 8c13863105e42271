/// One size that a search tried.
package struct Try: Sendable, Hashable, Codable {
    package let left: Int
    package let right: Int
    /// The width tried, in the middle of `left` and `right`.
    package let width: Int
    /// The validation entropy at that width, in nats.
    package let entropy: Double
    package let accepted: Bool
    /// How many validation batches that rests on, where not on all; the entropy is then an estimate from them.
    package var batches: Int?
}

/// AMP's bisection over the number of neurons a block keeps.
///
/// The test is one-sided as in the paper, a falling entropy always accepted, unless falls count like rises. Exactly
/// `steps` sizes are tried, so the resolution is the hidden width / 2^steps, and narrow blocks may try the same size twice
/// or none at all (width 0).
///
/// With `multiple` above 1 only multiples of it are tried, the nearest to each middle that is still undecided; fewer sizes
/// than `steps` then, where no multiple is left in between.
package struct Bisection: Sendable {
    package let steps: Int
    /// ΔE, in nats.
    package let tolerance: Double
    /// What every width tried is a multiple of.
    package let multiple: Int
    /// Whether an entropy may fall by more than the tolerance.
    package let acceptsFalls: Bool

    package init(steps: Int = 6, tolerance: Double, multiple: Int = 1, acceptsFalls: Bool = true) {
        self.steps = steps
        self.tolerance = tolerance
        self.multiple = max(1, multiple)
        self.acceptsFalls = acceptsFalls
    }

    /// Whether an entropy may change by so much.
    func accepts(_ change: Double) -> Bool { (acceptsFalls ? change : abs(change)) <= tolerance }

    /// The width that is left of a block when everything is accepted.
    package func least(hidden: Int) -> Int {
        run(hidden: hidden, start: 0) { _ in 0 }.accepted?.width ?? hidden
    }

    /// - Parameters:
    ///   - hidden: the block's width.
    ///   - start: the entropy before, which increases are measured against.
    ///   - known: entropies measured before, by width.
    ///   - entropy: the validation entropy when the block keeps that many of its most important neurons.
    /// - Returns: every try in order, and the smallest accepted width with its entropy (nil where none was accepted).
    package func run(
        hidden: Int, start: Double, known: [Int: Double] = [:], entropy: (Int) throws -> Double
    ) rethrows -> (tries: [Try], accepted: (width: Int, entropy: Double)?) {
        var left = 0
        var right = hidden
        var accepted: (width: Int, entropy: Double)?
        var tries: [Try] = []
        var known = known
        var tried = Set<Int>()
        for _ in 0..<steps {
            guard let middle = width(between: left, and: right, hidden: hidden, tried: tried) else { break }
            tried.insert(middle)
            let value = try known[middle] ?? entropy(middle)
            known[middle] = value
            let verdict = accepts(value - start)
            tries.append(Try(left: left, right: right, width: middle, entropy: value, accepted: verdict))
            if verdict {
                right = middle
                accepted = (middle, value)
            } else {
                left = middle
            }
        }
        return (tries, accepted)
    }

    /// The width to try next; nil where no multiple lies between.
    private func width(between left: Int, and right: Int, hidden: Int, tried: Set<Int>) -> Int? {
        let middle = (left + right) / 2
        guard multiple > 1 else { return middle }
        let below = middle / multiple * multiple
        // Only where plain halving comes down to no neuron at all may multiples do so.
        let reachesNone = left == 0 && hidden >> steps == 0 && !tried.contains(0)
        return [below, below + multiple].filter { $0 < right && ($0 > left || ($0 == 0 && reachesNone)) }
            .min { (abs($0 - middle), $0) < (abs($1 - middle), $1) }
    }
}
