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
/// The increase is one-sided: a falling entropy is always accepted. Exactly `steps` sizes are tried, so the resolution is
/// the hidden width / 2^steps, and narrow blocks may try the same size twice or none at all (width 0).
package struct Bisection: Sendable {
    package let steps: Int
    /// ΔE, in nats.
    package let tolerance: Double

    package init(steps: Int = 6, tolerance: Double) {
        self.steps = steps
        self.tolerance = tolerance
    }

    /// - Parameters:
    ///   - hidden: the block's width.
    ///   - start: the entropy before, which increases are measured against.
    ///   - entropy: the validation entropy when the block keeps that many of its most important neurons.
    /// - Returns: every try in order, and the smallest accepted width with its entropy (nil where none was accepted).
    package func run(
        hidden: Int, start: Double, entropy: (Int) throws -> Double
    ) rethrows -> (tries: [Try], accepted: (width: Int, entropy: Double)?) {
        var left = 0
        var right = hidden
        var accepted: (width: Int, entropy: Double)?
        var tries: [Try] = []
        var known: [Int: Double] = [:]
        for _ in 0..<steps {
            let middle = (left + right) / 2
            let value = try known[middle] ?? entropy(middle)
            known[middle] = value
            let verdict = value - start <= tolerance
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
}
