import Tensor

/// Sums up moments, some rows at a time.
///
/// Rows come in chunks whose size does not depend on the number of threads. Products are made in float32 within a chunk
/// and added in float64 in the order of the chunks; the threads share the entries of the sums. All rows are taken
/// relative to the means of the first chunk, so that nothing is lost where means are large beside deviations.
final class MomentSums: @unchecked Sendable {
    /// Some rows of one block.
    struct Chunk: Sendable {
        let rows: Int
        /// (rows, features); overwritten.
        let features: FloatBuffer
        /// (rows, outputs); overwritten.
        let lack: FloatBuffer
        /// Σ and Σ² of the targets, column by column (2, outputs).
        var targets: [Double]
    }

    let features: Int
    let outputs: Int
    private var rows = 0
    private var origin: (features: FloatBuffer, lack: FloatBuffer)?
    private let products: DoubleBuffer
    private let cross: DoubleBuffer
    private var featureSums: [Double]
    private var lackSums: [Double]
    private var lackSquares: [Double]
    private var targets: [Double]

    init(features: Int, outputs: Int) {
        self.features = features
        self.outputs = outputs
        products = DoubleBuffer(features * features)
        cross = DoubleBuffer(outputs * features)
        featureSums = Array(repeating: 0, count: features)
        lackSums = Array(repeating: 0, count: outputs)
        lackSquares = lackSums
        targets = Array(repeating: 0, count: 2 * outputs)
    }

    /// Bytes that sums, moments and what solves the equations take.
    static func bytes(features: Int, outputs: Int, method: Compensation.Method) -> Int {
        // The sums, the moments, those around zero, a factorisation; eigenvectors want more room.
        let copies = method == .scale ? 8 : 4
        return MemoryLayout<Double>.stride * copies * features * (features + outputs)
    }

    /// Operations of so many rows: products above the diagonal, and those with what is lacking.
    static func work(rows: Int, features: Int, outputs: Int) -> Int {
        rows * features * (features + 1 + 2 * outputs)
    }

    /// Rows of a strip of sums that one thread works on.
    private static let strip = 96

    func add(_ chunks: [Chunk], workspaces: WorkspacePool) throws {
        guard let first = chunks.first else { return }
        let origin = origin ?? (mean(first.features, first.rows), mean(first.lack, first.rows))
        self.origin = origin
        let (features, outputs) = (features, outputs)
        let own = Locked<[[Double]]>(Array(repeating: [], count: chunks.count))
        try Parallel.forEach(chunks.count) { index in
            let chunk = chunks[index]
            subtractFromRows(
                chunk.features.pointer, rows: chunk.rows, columns: features, origin: origin.features.pointer)
            subtractFromRows(chunk.lack.pointer, rows: chunk.rows, columns: outputs, origin: origin.lack.pointer)
            var sums = [Double](repeating: 0, count: features + 2 * outputs)
            sums.withUnsafeMutableBufferPointer { sums in
                guard let base = sums.baseAddress else { return }
                addSumOfRows(chunk.features.pointer, rows: chunk.rows, columns: features, to: base)
                addSumOfRows(chunk.lack.pointer, rows: chunk.rows, columns: outputs, to: base + features)
                addSumOfSquares(chunk.lack.pointer, rows: chunk.rows, columns: outputs, to: base + features + outputs)
            }
            own.withLock { $0[index] = sums }
        }
        for (chunk, sums) in zip(chunks, own.withLock { $0 }) {
            rows += chunk.rows
            for i in 0..<features { featureSums[i] += sums[i] }
            for d in 0..<outputs {
                lackSums[d] += sums[features + d]
                lackSquares[d] += sums[features + outputs + d]
            }
            for i in targets.indices { targets[i] += chunk.targets[i] }
        }
        try addProducts(of: chunks, workspaces: workspaces)
    }

    private func addProducts(of chunks: [Chunk], workspaces: WorkspacePool) throws {
        let (features, outputs) = (features, outputs)
        guard features > 0 else { return }
        let triangle = (features + Self.strip - 1) / Self.strip
        let wide = (outputs + Self.strip - 1) / Self.strip
        try Parallel.forEach(triangle + wide) { [products, cross] index in
            let isTriangle = index < triangle
            let start = (isTriangle ? index : index - triangle) * Self.strip
            let count = min(Self.strip, (isTriangle ? features : outputs) - start)
            // Left of the diagonal the products are those right of it.
            let first = isTriangle ? start : 0
            workspaces.borrow(count * (features - first)) { scratch in
                for chunk in chunks {
                    Tensor.addProducts(
                        count, features - first, rows: chunk.rows,
                        (isTriangle ? chunk.features : chunk.lack).pointer + start,
                        lda: isTriangle ? features : outputs, chunk.features.pointer + first, ldb: features,
                        to: (isTriangle ? products : cross).pointer + start * features + first, stride: features,
                        workspace: scratch)
                }
            }
        }
    }

    private func mean(_ values: FloatBuffer, _ rows: Int) -> FloatBuffer {
        let result = FloatBuffer([values.rowCount])
        meanOfRows(values.pointer, rows: rows, columns: values.rowCount, into: result.pointer)
        return result
    }

    /// The moments of all rows so far.
    func moments() -> Moments {
        let n = Double(max(rows, 1))
        let (features, outputs) = (features, outputs)
        var covariance = [Double](repeating: 0, count: features * features)
        var cross = [Double](repeating: 0, count: outputs * features)
        for i in 0..<features {
            for j in i..<features {
                let value = products.pointer[i * features + j] - featureSums[i] * featureSums[j] / n
                covariance[i * features + j] = value
                covariance[j * features + i] = value
            }
        }
        for d in 0..<outputs {
            for i in 0..<features {
                cross[d * features + i] = self.cross.pointer[d * features + i] - lackSums[d] * featureSums[i] / n
            }
        }
        func mean(_ origin: FloatBuffer?, _ sums: [Double]) -> [Double] {
            sums.indices.map { index in (origin.map { Double($0.pointer[index]) } ?? 0) + sums[index] / n }
        }
        return Moments(
            rows: rows, featureMean: mean(origin?.features, featureSums), lackMean: mean(origin?.lack, lackSums),
            covariance: covariance, cross: cross,
            lackSquares: (0..<outputs).reduce(0) { $0 + max(0, lackSquares[$1] - lackSums[$1] * lackSums[$1] / n) },
            targetSquares: (0..<outputs).reduce(0) {
                $0 + max(0, targets[outputs + $1] - targets[$1] * targets[$1] / n)
            })
    }
}

/// Owned float64 storage, zero at first. Threads write to different places.
private final class DoubleBuffer: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Double>

    init(_ count: Int) {
        pointer = .allocate(capacity: max(count, 1))
        pointer.initialize(repeating: 0, count: max(count, 1))
    }

    deinit { pointer.deallocate() }
}
