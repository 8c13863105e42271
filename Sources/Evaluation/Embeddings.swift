import Tensor

extension UnitFeatures {
    /// Embeddings scaled to length one, after a check that each has a direction.
    /// - Parameter embeddings: (count, width)
    /// - Throws: `EvaluationError.shape`, `.nothing`, `.notFinite`, `.noDirection`.
    init(checking embeddings: FloatBuffer, of side: EvaluationError.Side) throws {
        guard embeddings.shape.count == 2, embeddings.shape[1] > 0 else {
            throw EvaluationError.shape(side, expected: [-1, -1], found: embeddings.shape)
        }
        guard embeddings.count > 0 else { throw EvaluationError.nothing(side) }
        if let index = FloatView(embeddings).firstNonFinite {
            throw EvaluationError.notFinite(side, row: index / embeddings.rowCount)
        }
        self.init(embeddings)
        for row in 0..<count {
            // What is shorter than the smallest length that is divided by doesn't come out at length one.
            let squares = (0..<width).reduce(0.0) { $0 + Double(values.row(row)[$1]) * Double(values.row(row)[$1]) }
            guard squares > 0.5 else { throw EvaluationError.noDirection(side, row: row) }
        }
    }

    /// Calls `body` with the cosines of some rows with all rows of `other` (range, other), block by block on all cores.
    ///
    /// A block holds at most some four million cosines, so memory does not grow with the number of rows.
    func forEachBlock(
        with other: UnitFeatures, monitor: Monitor, _ body: @Sendable (Range<Int>, FloatBuffer) throws -> Void
    ) throws {
        let size = max(1, min(64, (4 << 20) / max(1, other.count)))
        try Parallel.forEach((count + size - 1) / size) { block in
            try monitor.check()
            let range = (block * size)..<min((block + 1) * size, count)
            try body(range, cosines(range, with: other))
        }
    }
}
