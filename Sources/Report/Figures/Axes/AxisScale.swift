import Foundation

/// What an axis shows, and where on it a value lies.
package struct AxisScale: Sendable, Hashable {
    package let kind: Chart.Axis.Scale
    /// At the start and at the end; logarithms to base 10 on a logarithmic axis.
    package let lower: Double
    package let upper: Double

    /// The share of the axis that stays free beyond the values at each end.
    private static let margin = 0.04

    /// - Parameters:
    ///   - values: all that has to be seen; those that can't be are left out.
    ///   - isTight: nothing stays free beyond the values.
    ///   - standsOnZero: nothing stays free on the other side of zero.
    init(_ axis: Chart.Axis, showing values: [Double], isTight: Bool = false, standsOnZero: Bool = false) {
        kind = axis.scale
        switch axis.scale {
        case .categories(let names):
            (lower, upper) = (-0.5, Double(max(names.count, 1)) - 0.5)
        case .linear:
            let values = values.filter(Self.isDrawn)
            let ends = Self.ends(values, wanted: axis.range, slightest: 1e-9, alone: (0, 1), isTight: isTight)
            guard standsOnZero, !values.isEmpty else {
                (lower, upper) = ends
                return
            }
            lower = values.allSatisfy { $0 >= 0 } && ends.1 > 0 ? 0 : ends.0
            upper = values.allSatisfy { $0 <= 0 } && ends.0 < 0 && lower < 0 ? 0 : ends.1
        case .logarithmic:
            func exponent(_ value: Double) -> Double? { Self.isDrawn(value) && value > 1e-300 ? log10(value) : nil }
            let range = axis.range.flatMap { range in
                exponent(range.lowerBound).flatMap { low in exponent(range.upperBound).map { low...$0 } }
            }
            (lower, upper) = Self.ends(
                values.compactMap(exponent), wanted: range, slightest: 1e-6, alone: (0, 1), isTight: isTight)
        }
    }

    /// From 0 at the start to 1 at the end; nil where there is no such place.
    package func position(_ value: Double) -> Double? {
        guard Self.isDrawn(value) else { return nil }
        let place: Double
        switch kind {
        case .linear, .categories: place = value
        case .logarithmic:
            guard value > 0 else { return nil }
            place = log10(value)
        }
        let position = (place - lower) / (upper - lower)
        return position >= -1e-9 && position <= 1 + 1e-9 ? min(max(position, 0), 1) : nil
    }

    package func ticks(atMost count: Int) -> Ticks {
        switch kind {
        case .linear: .linear(from: lower, to: upper, atMost: count)
        case .logarithmic: .logarithmic(from: lower, to: upper, atMost: count)
        case .categories(let names): .categories(names, atMost: count)
        }
    }

    /// Where bars and areas stand: zero, or the low end where zero is not on the axis.
    var floor: Double {
        switch kind {
        case .linear: min(max(position(0) ?? (upper < 0 ? 1 : 0), 0), 1)
        case .logarithmic, .categories: 0
        }
    }

    /// Finite, and far enough from the ends of what a double holds for sums and differences.
    private static func isDrawn(_ value: Double) -> Bool { value.isFinite && value.magnitude <= 1e300 }

    private static func ends(
        _ values: [Double], wanted: ClosedRange<Double>?, slightest: Double, alone: (Double, Double), isTight: Bool
    ) -> (Double, Double) {
        let wanted = wanted.flatMap { isDrawn($0.lowerBound) && isDrawn($0.upperBound) ? $0 : nil }
        guard var low = values.min() ?? wanted?.lowerBound, var high = values.max() ?? wanted?.upperBound else {
            return alone
        }
        let span = max(high, wanted?.upperBound ?? high) - min(low, wanted?.lowerBound ?? low)
        let least = max(max(low.magnitude, high.magnitude) * slightest, 1e-290)
        if span <= least {
            // All values are one: it lies in the middle of something.
            let room = low == 0 ? 1 : max(low.magnitude * 0.1, least)
            return (low - room, high + room)
        }
        let room = isTight ? 0 : span * margin
        low = wanted.map { $0.lowerBound <= low ? $0.lowerBound : low - room } ?? (low - room)
        high = wanted.map { $0.upperBound >= high ? $0.upperBound : high + room } ?? (high + room)
        return (low, high)
    }
}
