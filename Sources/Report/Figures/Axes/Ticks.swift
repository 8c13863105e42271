import Foundation

/// Where an axis is marked: at round numbers, with lesser marks between powers of ten.
package struct Ticks: Sendable, Hashable {
    package struct Tick: Sendable, Hashable {
        package var value: Double
        package var label: TickLabel
    }

    package var major: [Tick]
    package var minor: [Double] = []

    /// Multiples of 1, 2 or 5 times a power of ten.
    ///
    /// - Parameter count: how many there are at most; at least two.
    package static func linear(from lower: Double, to upper: Double, atMost count: Int) -> Ticks {
        guard lower.isFinite, upper.isFinite, lower < upper else { return Ticks(major: []) }
        let count = max(count, 2)
        let first = Int(log10((upper - lower) / Double(count)).rounded(.down))
        for exponent in first...(first + 2) {
            for factor in [1.0, 2, 5] {
                // Multiples are divided by whole powers of ten: 3 / 10 is the double nearest to 0.3, 3 · 0.1 is not.
                let (step, divisor) =
                    exponent < 0 ? (factor, powerOfTen(-exponent)) : (factor * powerOfTen(exponent), 1)
                let slack = 1e-9 * (upper - lower) * divisor / step
                let start = (lower * divisor / step - slack).rounded(.up)
                let end = (upper * divisor / step + slack).rounded(.down)
                guard end - start + 1 <= Double(count), start.magnitude < 1e15, end.magnitude < 1e15 else { continue }
                guard start <= end else { return Ticks(major: []) }
                let values = (Int(start)...Int(end)).map { Double($0) * step / divisor }
                let largest = max(lower.magnitude, upper.magnitude)
                return Ticks(major: values.map { Tick(value: $0, label: label($0, step: exponent, largest: largest)) })
            }
        }
        return Ticks(major: [])
    }

    /// Powers of ten with marks between them; 1, 2 and 5 of each, or linear ticks, where the range is narrow.
    ///
    /// - Parameters:
    ///   - lower: the logarithm of the least value, to base 10.
    ///   - upper: that of the largest.
    package static func logarithmic(from lower: Double, to upper: Double, atMost count: Int) -> Ticks {
        guard lower.isFinite, upper.isFinite, lower < upper, lower > -320, upper < 320 else { return Ticks(major: []) }
        let (low, high) = (Int((lower - 1e-9).rounded(.up)), Int((upper + 1e-9).rounded(.down)))
        if high - low >= 1 {
            let least = (high - low) / max(count, 2) + 1
            let step = [1, 2, 3, 5, 10, 20, 50, 100, 200].first { $0 >= least } ?? 500
            let first = Int((Double(low) / Double(step)).rounded(.up)) * step
            let decades = Array(stride(from: first, through: high, by: step))
            return Ticks(
                major: decades.map { Tick(value: powerOfTen($0), label: decade($0, within: low...high)) },
                minor: minor(from: lower, to: upper, step: step))
        }
        let values = (Int(lower.rounded(.down))...Int(upper.rounded(.up))).flatMap { exponent in
            [1.0, 2, 5].map { (exponent, $0) }
        }.filter { (lower...upper).contains(Double($0.0) + log10($0.1)) }
        guard values.count >= 2, values.count <= max(count, 2) else {
            return linear(from: pow(10, lower), to: pow(10, upper), atMost: count)
        }
        return Ticks(
            major: values.map { exponent, factor in
                let value = factor * powerOfTen(exponent)
                return Tick(value: value, label: label(value, step: exponent, largest: pow(10, upper)))
            }, minor: minor(from: lower, to: upper, step: 1))
    }

    /// Every name, or every second, third, fourth and so on.
    package static func categories(_ names: [String], atMost count: Int) -> Ticks {
        let steps = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 50, 100]
        let least = (names.count + max(count, 1) - 1) / max(count, 1)
        let step = max(steps.first { $0 >= least } ?? least, 1)
        return Ticks(
            major: stride(from: 0, to: names.count, by: step).map { Tick(value: Double($0), label: .text(names[$0])) })
    }

    /// Exact where a double can hold it.
    static func powerOfTen(_ exponent: Int) -> Double {
        let size = min(exponent.magnitude, 400)
        let power = size <= 22 ? (0..<size).reduce(1.0) { value, _ in value * 10 } : pow(10, Double(size))
        return exponent < 0 ? (size <= 300 ? 1 / power : pow(10, -Double(size))) : power
    }

    private static func label(_ value: Double, step exponent: Int, largest: Double) -> TickLabel {
        let size = Int(log10(largest).rounded(.down))
        guard (-3...5).contains(size) else {
            return .scientific(value, exponent: size, digits: min(max(size - exponent, 0), 9))
        }
        return .decimal(value, digits: max(-exponent, 0))
    }

    private static func decade(_ exponent: Int, within range: ClosedRange<Int>) -> TickLabel {
        guard range.lowerBound >= -3, range.upperBound <= 4 else { return .power(mantissa: "1", exponent: exponent) }
        return .decimal(powerOfTen(exponent), digits: max(-exponent, 0))
    }

    private static func minor(from lower: Double, to upper: Double, step: Int) -> [Double] {
        let exponents = Int(lower.rounded(.down))...Int(upper.rounded(.up))
        guard exponents.count <= 40 else { return [] }
        guard step == 1, exponents.count <= 13 else {
            // Too many for their parts: the powers themselves.
            return exponents.filter { (lower...upper).contains(Double($0)) }.map(powerOfTen)
        }
        return exponents.flatMap { exponent in (2...9).map { Double($0) * powerOfTen(exponent) } }
            .filter { (lower...upper).contains(log10($0)) }
    }
}
