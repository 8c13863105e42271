import Checkpoints

/// Compares the values of two answers figure by figure.
///
/// Two whole numbers must be equal: they are counts, widths, verdicts. Where one of two figures is not whole they may
/// differ by `tolerance` of the larger one. In a column of a table and in a list it is the column's or the list's
/// largest that counts: what is next to nothing beside the others may be off by as much as they may.
package struct FigureComparison: Sendable {
    /// A place where two answers are not the same.
    package struct Difference: Sendable, Hashable {
        package let place: FigurePlace
        package let recorded: JSON
        package let now: JSON
        /// Of the larger figure; nil where it is no matter of degree.
        package let relative: Double?
    }

    package let tolerance: Double
    /// Figures that were compared.
    package private(set) var count = 0
    /// Those that are not identical but within the tolerance.
    package private(set) var near = 0
    /// Texts that show such figures.
    package private(set) var roundedTexts = 0
    /// The largest difference within the tolerance.
    package private(set) var largest: Difference?
    /// The first difference that is none of rounding.
    package private(set) var first: Difference?

    package init(tolerance: Double) { self.tolerance = tolerance }

    package var isIdentical: Bool { near == 0 && roundedTexts == 0 && first == nil }

    /// - Parameters: the outputs of two answers, as lists of objects.
    package mutating func compare(_ recorded: JSON, _ now: JSON) {
        let (old, new) = (recorded.array ?? [], now.array ?? [])
        for index in 0..<max(old.count, new.count) {
            let left = old.indices.contains(index) ? old[index] : nil
            let right = new.indices.contains(index) ? new[index] : nil
            let place = FigurePlace.output(index, of: left == nil ? new : old)
            guard let left, let right, left["kind"] == right["kind"] else {
                note(Difference(place: place, recorded: left ?? .null, now: right ?? .null, relative: nil))
                continue
            }
            compare(left, right, at: place, key: "", scale: 0)
        }
    }

    /// - Parameters:
    ///   - key: what the values are a member of.
    ///   - scale: of the figures beside.
    private mutating func compare(_ old: JSON, _ new: JSON, at place: FigurePlace, key: String, scale: Double) {
        switch (old, new) {
        case (.number(let left), .number(let right)): compare(left, right, at: place, scale: scale)
        case (.object(let left), .object(let right)):
            for name in Set(left.keys).union(right.keys).sorted(by: Self.figuresFirst) {
                compare(left[name] ?? .null, right[name] ?? .null, at: place.member(name), key: name, scale: 0)
            }
        case (.array(let left), .array(let right)):
            guard left.count == right.count else {
                return note(
                    Difference(place: place, recorded: .int(left.count), now: .int(right.count), relative: nil))
            }
            compare(left, right, at: place, key: key)
        case (.string(let left), .string(let right)):
            switch TextComparison.outcome(left, right, tolerance: tolerance) {
            case .same: break
            case .rounding: roundedTexts += 1
            case .different: note(Difference(place: place, recorded: old, now: new, relative: nil))
            }
        default:
            if old != new { note(Difference(place: place, recorded: old, now: new, relative: nil)) }
        }
    }

    private mutating func compare(_ left: [JSON], _ right: [JSON], at place: FigurePlace, key: String) {
        let flat = left.compactMap(\.double).map(abs).max() ?? 0
        var columns: [String: Double] = [:]
        for case .object(let members) in left {
            for case (let name, .number(let value)) in members { columns[name] = max(columns[name] ?? 0, abs(value)) }
        }
        for (index, (old, new)) in zip(left, right).enumerated() {
            let own = place.element(index, of: key, old)
            // The two coordinates of a point have nothing to do with each other's size.
            if key == "points", let oldPoint = old.array, let newPoint = new.array, oldPoint.count == newPoint.count {
                for (axis, (before, after)) in zip(oldPoint, newPoint).enumerated() {
                    let along = left.compactMap { point in
                        point.array.flatMap { $0.indices.contains(axis) ? $0[axis].double : nil }
                    }
                    compare(
                        before, after, at: own.member(axis == 0 ? "x" : "y"), key: key,
                        scale: along.map(abs).max() ?? 0)
                }
                continue
            }
            guard case .object(let oldMembers) = old, case .object(let newMembers) = new else {
                compare(old, new, at: own, key: key, scale: flat)
                continue
            }
            for name in Set(oldMembers.keys).union(newMembers.keys).sorted(by: Self.figuresFirst) {
                compare(
                    oldMembers[name] ?? .null, newMembers[name] ?? .null, at: own.member(name), key: name,
                    scale: columns[name] ?? 0)
            }
        }
    }

    private mutating func compare(_ left: Double, _ right: Double, at place: FigurePlace, scale: Double) {
        count += 1
        guard left != right else { return }
        let size = max(abs(left), abs(right))
        let difference = Difference(
            place: place, recorded: .number(left), now: .number(right), relative: abs(left - right) / size)
        let areCounts = left == left.rounded() && right == right.rounded()
        guard !areCounts, abs(left - right) <= tolerance * max(size, scale) else { return note(difference) }
        near += 1
        if (difference.relative ?? 0) > (largest?.relative ?? -1) { largest = difference }
    }

    private mutating func note(_ difference: Difference) { first = first ?? difference }

    /// Figures say more exactly than texts and hashes what is different.
    private static func figuresFirst(_ left: String, _ right: String) -> Bool {
        let (a, b) = (shown.contains(left) ? 1 : 0, shown.contains(right) ? 1 : 0)
        return (a, left) < (b, right)
    }

    private static let shown: Set = ["text", "title", "caption", "hint", "label", "kind", "of", "sha256"]
}
