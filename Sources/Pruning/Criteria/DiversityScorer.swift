import Models
import Tensor

/// Baseline without data: diversity of the neurons' weights (DGMR, arXiv 2506.08591).
///
/// Rounds over the rows of the input layer: of those not selected, the longest is selected and its direction taken from
/// the others, as many times as a row has entries; then the next round starts from the original rows. Where no rest
/// longer than a millionth of the longest row is left, the neurons not selected follow by the length of their rows.
///
/// A neuron with a gate has two rows; they count as one, side by side. Biases do not count.
package struct DiversityScorer: Sendable {
    let transformer: Transformer
    let layers: Set<Int>

    package init(transformer: Transformer, layers: Set<Int>) {
        self.transformer = transformer
        self.layers = layers
    }

    /// Scores are places counted from the end: the neuron selected first has the number of neurons, the last one has 1.
    package func score(monitor: Monitor = .none) throws -> Scores {
        let wanted = transformer.blocks.indices.filter(layers.contains)
        let total = wanted.reduce(0) { $0 + transformer.blocks[$1].hiddenWidth }
        let done = Locked(0)
        let found = Locked<[Scores.Layer?]>(Array(repeating: nil, count: transformer.blocks.count))
        try Parallel.forEach(wanted.count) { index in
            let mlp = try transformer.blocks[wanted[index]].weights().mlp
            let order = try Self.order(of: mlp) {
                try monitor.check()
                let now = done.withLock { done in
                    done += 1
                    return done
                }
                if now % 64 == 0 { monitor.progress(now, of: total) }
            }
            var places = [Double](repeating: 0, count: order.count)
            for (place, neuron) in order.enumerated() { places[neuron] = Double(order.count - place) }
            found.withLock { $0[wanted[index]] = Scores.Layer(ranking: places, signed: places) }
        }
        return try Scores(layers: found.withLock { $0 }).checked()
    }

    private static func order(of mlp: MLPWeights, selected: () throws -> Void) throws -> [Int] {
        let width = mlp.input.inputs
        // Gate and value are stacked: neuron i has rows i and i + hidden.
        let rows = mlp.input.layers.map(\.view).flatMap { matrix in
            (0..<matrix.shape[0]).map { matrix.base + $0 * width }
        }
        return try order(count: mlp.hiddenWidth, width: mlp.rowsPerNeuron * width, selected: selected) { neuron, row in
            for part in 0..<mlp.rowsPerNeuron {
                let source = rows[neuron + part * mlp.hiddenWidth]
                for column in 0..<width { row[part * width + column] = Double(source[column]) }
            }
        }
    }

    /// The rows of a matrix in the order of their selection.
    ///
    /// - Parameter rows: all of one length.
    package static func order(_ rows: [[Double]]) -> [Int] {
        order(count: rows.count, width: rows.first?.count ?? 0, selected: {}) { index, row in
            for (column, value) in rows[index].enumerated() { row[column] = value }
        }
    }

    private static func order(
        count: Int, width: Int, selected: () throws -> Void,
        fill: (_ index: Int, _ row: UnsafeMutablePointer<Double>) -> Void
    ) rethrows -> [Int] {
        let norms = squaredNorms(count: count, width: width, fill: fill)
        // The square of a millionth: float32 weights leave no more of rows that depend on one another.
        let least = (norms.max() ?? 0) * 1e-12
        var order: [Int] = []
        var rest = Array(0..<count)
        while !rest.isEmpty {
            let candidates = rest
            var schmidt = PivotedGramSchmidt(
                rows: candidates.count, width: width, limit: min(width, candidates.count)
            ) { fill(candidates[$0], $1) }
            var picked = 0
            while let next = schmidt.next(above: least) {
                order.append(candidates[next])
                picked += 1
                try selected()
            }
            let taken = Set(order.suffix(picked))
            rest.removeAll(where: taken.contains)
            if picked < min(width, candidates.count) || width == 0 { break }
        }
        return order + rest.sorted { (norms[$0], $1) > (norms[$1], $0) }
    }

    private static func squaredNorms(
        count: Int, width: Int, fill: (_ index: Int, _ row: UnsafeMutablePointer<Double>) -> Void
    ) -> [Double] {
        let row = UnsafeMutablePointer<Double>.allocate(capacity: max(1, width))
        row.initialize(repeating: 0, count: max(1, width))
        defer { row.deallocate() }
        return (0..<count).map { index in
            fill(index, row)
            return (0..<width).reduce(0) { $0 + row[$1] * row[$1] }
        }
    }
}
