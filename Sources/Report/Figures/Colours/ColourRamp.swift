/// Colours in an order that eyes, grey printers and colour-blind people all see.
package enum ColourRamp: Sendable, Hashable {
    /// Viridis, by its colours at each tenth.
    case sequential
    /// Blue through white to orange.
    case diverging

    init(_ kind: Matrix.Scale.Kind) {
        switch kind {
        case .sequential: self = .sequential
        case .diverging: self = .diverging
        }
    }

    /// - Parameter share: from 0 to 1; what lies beyond is cut.
    package func colour(_ share: Double) -> Colour {
        let stops = stops
        guard share.isFinite else { return share > 0 ? stops[stops.count - 1] : stops[0] }
        let place = min(max(share, 0), 1) * Double(stops.count - 1)
        let index = min(Int(place), stops.count - 2)
        return stops[index].mixed(with: stops[index + 1], place - Double(index))
    }

    /// The part of the sequential colours in which lines are seen on black and on white.
    package static func line(_ share: Double) -> Colour { sequential.colour(0.22 + 0.63 * share) }

    private var stops: [Colour] {
        switch self {
        case .sequential: Self.viridis
        case .diverging: Self.blueToOrange
        }
    }

    private static let viridis: [Colour] = [
        0x440154, 0x482475, 0x414487, 0x355F8D, 0x2A788E, 0x21918C, 0x22A884, 0x44BF70, 0x7AD151, 0xBDDF26, 0xFDE725,
    ].map { Colour($0) }

    private static let blueToOrange: [Colour] = [
        0x0B3C6F, 0x1F6CB0, 0x5FA5D6, 0xB5D6EC, 0xF7F7F7, 0xFDD3A0, 0xF6A04D, 0xD96C10, 0x8F3F00,
    ].map { Colour($0) }
}

extension Matrix.Scale {
    /// Where a value lies between the ends of the range, from 0 to 1; nil for none.
    func share(_ value: Double) -> Double? {
        guard !value.isNaN else { return nil }
        let (low, high) = (range.lowerBound, range.upperBound)
        guard low.isFinite, high.isFinite, (high - low).isFinite, low < high else { return value > low ? 1 : 0.5 }
        return min(max((value - low) / (high - low), 0), 1)
    }
}

extension Matrix {
    /// Rows and columns that can be drawn; the values may be fewer.
    var extent: (rows: Int, columns: Int) { (min(max(rows, 0), 1024), min(max(columns, 0), 1024)) }

    /// nil where there is none.
    func value(_ row: Int, _ column: Int) -> Double? {
        let (start, isTooFar) = row.multipliedReportingOverflow(by: columns)
        let (index, isBeyond) = start.addingReportingOverflow(column)
        guard !isTooFar, !isBeyond, values.indices.contains(index) else { return nil }
        let value = Double(values[index])
        return value.isNaN ? nil : value
    }
}
