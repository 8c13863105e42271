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

        func isInside(_ other: Box) -> Bool {
            x >= other.x - 0.01 && y >= other.y - 0.01 && x + width <= other.x + other.width + 0.01
                && y + height <= other.y + other.height + 0.01
        }
    }

    /// Where texts may be.
    let area: Box
    private var texts: [Box] = []
    /// How much is drawn in each square of the area.
    private var drawn: [Int]
    private let columns: Int
    private let rows: Int
    private let side: Double

    init(area: Box) {
        self.area = area
        // Small beside a letter, but never more squares than are quickly looked at.
        side = max(4, area.width / 400, area.height / 400)
        columns = max(Int(area.width / side) + 1, 1)
        rows = max(Int(area.height / side) + 1, 1)
        drawn = Array(repeating: 0, count: columns * rows)
    }

    /// Something drawn that a text should leave free.
    mutating func add(_ x: Double, _ y: Double) {
        let (column, row) = (Int((x - area.x) / side), Int((y - area.y) / side))
        guard x >= area.x, y >= area.y, column < columns, row < rows else { return }
        drawn[row * columns + column] += 1
    }

    mutating func add(line from: (x: Double, y: Double), to end: (x: Double, y: Double), every step: Double = 4) {
        let length = max((end.x - from.x).magnitude, (end.y - from.y).magnitude)
        let count = min(max(Int(length / step), 1), 500)
        for index in 0...count {
            let share = Double(index) / Double(count)
            add(from.x + (end.x - from.x) * share, from.y + (end.y - from.y) * share)
        }
    }

    private func covered(_ box: Box) -> Int {
        func places(_ start: Double, _ length: Double, _ count: Int) -> Range<Int> {
            let first = min(max(Int((start / side).rounded(.down)), 0), count)
            return first..<min(max(Int(((start + length) / side).rounded(.up)), first), count)
        }
        let across = places(box.x - area.x, box.width, columns)
        return places(box.y - area.y, box.height, rows).reduce(0) { sum, row in
            across.reduce(sum) { $0 + drawn[row * columns + $1] }
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
            cost += 4 * Double(covered(box))
            // Nearer is better.
            cost += 0.2 * Double(index)
            if cost < best?.cost ?? .infinity { best = (index, cost) }
        }
        guard let best else { return nil }
        texts.append(candidates[best.index])
        return best.index
    }
}
