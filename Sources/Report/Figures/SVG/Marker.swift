import Foundation

/// The shape of a point, which tells series apart where colours do not.
enum Marker: Int, Sendable, Hashable, CaseIterable {
    case disc, square, triangle, diamond, plus, wedge, ring, star
    /// What was refused.
    case cross

    init(_ tone: Chart.Series.Tone) {
        switch tone {
        case .number(let number): self = Self.equals[Self.place(number, of: Self.equals.count)]
        case .accepted: self = .disc
        case .rejected: self = .cross
        case .faint: self = .ring
        }
    }

    private static let equals: [Marker] = [.disc, .square, .triangle, .diamond, .plus, .wedge, .ring, .star]

    /// Any number taken round and round.
    static func place(_ number: Int, of count: Int) -> Int {
        let rest = number % count
        return rest < 0 ? rest + count : rest
    }

    var isStroked: Bool { self == .plus || self == .cross || self == .ring }

    /// - Parameter r: about half its width; shapes look equally large.
    func path(_ x: Double, _ y: Double, _ r: Double) -> String {
        func corners(_ points: [(Double, Double)]) -> String {
            points.enumerated().map { index, point in
                (index == 0 ? "M" : "L") + n(x + point.0 * r) + " " + n(y + point.1 * r)
            }.joined() + "Z"
        }
        func strokes(_ ends: [((Double, Double), (Double, Double))]) -> String {
            ends.map { start, end in
                "M\(n(x + start.0 * r)) \(n(y + start.1 * r))L\(n(x + end.0 * r)) \(n(y + end.1 * r))"
            }.joined()
        }
        switch self {
        case .disc, .ring:
            let r = self == .ring ? r * 0.85 : r
            let arc = "a\(n(r)) \(n(r)) 0 1 0"
            return "M\(n(x - r)) \(n(y))\(arc) \(n(2 * r)) 0\(arc) \(n(-2 * r)) 0Z"
        case .square: return corners([(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)])
        case .triangle: return corners([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)])
        case .wedge: return corners([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)])
        case .diamond: return corners([(0, -1.3), (1.15, 0), (0, 1.3), (-1.15, 0)])
        case .plus: return strokes([((-1.1, 0), (1.1, 0)), ((0, -1.1), (0, 1.1))])
        case .cross: return strokes([((-0.95, -0.95), (0.95, 0.95)), ((-0.95, 0.95), (0.95, -0.95))])
        case .star:
            return corners(
                (0..<10).map { corner in
                    let angle = Double(corner) * .pi / 5
                    let length = corner % 2 == 0 ? 1.35 : 0.6
                    return (length * sin(angle), -length * cos(angle))
                })
        }
    }

    private func n(_ value: Double) -> String { SVGMarkup.number(value) }
}
