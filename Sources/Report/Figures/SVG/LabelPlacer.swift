/// Finds places for texts among what is already drawn.
struct LabelPlacer: Sendable {
    struct Box: Sendable, Hashable {
        var x: Double
        var y: Double
        var width: Double
        var height: Double

        func overlaps(_ other: Box) -> Bool {
            x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
        }

        func contains(_ point: (x: Double, y: Double)) -> Bool {
            point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height
        }

        func isInside(_ other: Box) -> Bool {
            x >= other.x - 0.01 && y >= other.y - 0.01 && x + width <= other.x + other.width + 0.01
                && y + height <= other.y + other.height + 0.01
        }
    }

    /// Where texts may be.
    let area: Box
    private var texts: [Box] = []
    private var points: [(x: Double, y: Double)] = []

    init(area: Box) { self.area = area }

    /// Something drawn that a text should leave free.
    mutating func add(_ x: Double, _ y: Double) {
        if points.count < 20_000 { points.append((x, y)) }
    }

    mutating func add(line from: (x: Double, y: Double), to end: (x: Double, y: Double), every step: Double = 4) {
        let length = max((end.x - from.x).magnitude, (end.y - from.y).magnitude)
        let count = min(max(Int(length / step), 1), 500)
        for index in 0...count {
            let share = Double(index) / Double(count)
            add(from.x + (end.x - from.x) * share, from.y + (end.y - from.y) * share)
        }
    }

    /// The first of the candidates that covers nothing, or the one that covers least; it is taken from then on.
    ///
    /// - Returns: its number.
    mutating func place(_ candidates: [Box]) -> Int? {
        var best: (index: Int, cost: Double)?
        for (index, box) in candidates.enumerated() {
            var cost = box.isInside(area) ? 0.0 : 1000
            cost += 100 * Double(texts.count { box.overlaps($0) })
            cost += 4 * Double(points.count { box.contains($0) })
            // Nearer is better.
            cost += 0.2 * Double(index)
            if cost < best?.cost ?? .infinity { best = (index, cost) }
        }
        guard let best else { return nil }
        texts.append(candidates[best.index])
        return best.index
    }
}
