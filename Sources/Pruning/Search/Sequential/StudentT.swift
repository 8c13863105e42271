import Foundation

/// Student's t distribution with a whole number of degrees of freedom.
package struct StudentT: Sendable {
    package let degrees: Int

    package init(degrees: Int) { self.degrees = max(1, degrees) }

    /// P(T ≤ t), by the finite sums over powers of the cosine (Abramowitz and Stegun 26.7.3 and 26.7.4).
    package func cumulative(_ t: Double) -> Double {
        let angle = atan(t / Double(degrees).squareRoot())
        let square = cos(angle) * cos(angle)
        let isOdd = degrees % 2 == 1
        var term = isOdd ? cos(angle) : 1
        var sum = degrees == 1 ? 0 : term
        // Each term has two powers more, and the next even factor over the next odd one, or the other way round.
        for power in Swift.stride(from: isOdd ? 3 : 2, through: degrees - 2, by: 2) {
            term *= square * Double(power - 1) / Double(power)
            sum += term
        }
        let between = isOdd ? 2 / Double.pi * (angle + sin(angle) * sum) : sin(angle) * sum
        return (1 + between) / 2
    }

    /// The t that T does not exceed with probability `p`, 0.5 ≤ p < 1.
    package func quantile(_ p: Double) -> Double {
        var low = 0.0
        var high = 1.0
        while cumulative(high) < p, high < 1e15 { high *= 2 }
        for _ in 0..<200 where low < high {
            let middle = (low + high) / 2
            if middle == low || middle == high { break }
            if cumulative(middle) < p { low = middle } else { high = middle }
        }
        return high
    }
}
