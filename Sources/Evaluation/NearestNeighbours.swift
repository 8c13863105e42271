import Foundation
import Tensor

/// Features (images, width) scaled to length one, ready to be compared by cosine.
package struct UnitFeatures: Sendable {
    package let values: FloatBuffer
    package var count: Int { values.shape[0] }
    package var width: Int { values.rowCount }

    package init(_ features: FloatBuffer) {
        values = FloatBuffer(features.shape)
        let width = features.rowCount
        for row in 0..<features.shape[0] {
            let source = features.row(row)
            let target = values.row(row)
            var squares = 0.0
            for i in 0..<width { squares += Double(source[i]) * Double(source[i]) }
            let inverse = 1 / max(squares.squareRoot(), 1e-12)
            for i in 0..<width { target[i] = Float(Double(source[i]) * inverse) }
        }
    }

    /// Cosines of rows `range` with all rows of `other`: (range, other).
    func cosines(_ range: Range<Int>, with other: UnitFeatures) -> FloatBuffer {
        let result = FloatBuffer([range.count, other.count])
        multiply(
            range.count, other.count, width, values.row(range.lowerBound), lda: width, other.values.pointer,
            ldb: width, .transposed, into: result.pointer, ldc: other.count)
        return result
    }
}

/// k-nearest-neighbour classification by cosine, votes weighted by softmax(cosine / 0.07) over the k neighbours.
package struct NearestNeighbours: Sendable {
    let bank: UnitFeatures
    /// The classes there are, in ascending order.
    let classes: [Int]
    /// The place in `classes` of each of the bank's labels.
    let places: [Int]
    let k: Int
    /// The temperature of the votes.
    static let temperature = 0.07

    /// - Parameters:
    ///   - bank: the features that vote, with a label each.
    ///   - k: how many vote; at most as many as there are.
    package init(bank: UnitFeatures, labels: [Int], k: Int) {
        self.bank = bank
        classes = Set(labels).sorted()
        let place = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
        places = labels.compactMap { place[$0] }
        self.k = min(k, bank.count)
    }

    /// The class of each query. Neighbours of equal cosine count in the bank's order, classes of equal weight too.
    package func classify(_ queries: UnitFeatures, monitor: Monitor = .none) throws -> [Int] {
        let size = 64
        let results = Locked<[Int]>(Array(repeating: 0, count: queries.count))
        try Parallel.forEach((queries.count + size - 1) / size) { block in
            try monitor.check()
            let range = (block * size)..<min((block + 1) * size, queries.count)
            let cosines = queries.cosines(range, with: bank)
            let found = range.map { row in
                vote(cosines.row(row - range.lowerBound))
            }
            results.withLock { $0.replaceSubrange(range, with: found) }
        }
        return results.withLock { $0 }
    }

    private func vote(_ cosines: UnsafePointer<Float>) -> Int {
        let nearest = largest(k, of: cosines, count: bank.count)
        let top = Double(nearest.first.map { cosines[$0] } ?? 0)
        var votes = [Double](repeating: 0, count: classes.count)
        for index in nearest { votes[places[index]] += exp((Double(cosines[index]) - top) / Self.temperature) }
        return votes.indices.max { votes[$0] < votes[$1] }.map { classes[$0] } ?? 0
    }
}

/// The indices of the k largest values, largest first; equal values in the order of their index.
func largest(_ k: Int, of values: UnsafePointer<Float>, count: Int) -> [Int] {
    var found: [Int] = []
    found.reserveCapacity(k + 1)
    for index in 0..<count {
        if found.count == k, let last = found.last, values[index] <= values[last] { continue }
        var place = found.count
        while place > 0, values[found[place - 1]] < values[index] { place -= 1 }
        found.insert(index, at: place)
        if found.count > k { found.removeLast() }
    }
    return found
}
