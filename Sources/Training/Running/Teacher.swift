import Models
import Tensor

/// A teacher's answers to batches of inputs. Where inputs do not change, they are kept as far as memory allows.
final class Teacher: Sendable {
    private let transformer: Transformer
    private let reading: ObjectiveReading
    private let shape: InputShape
    private let workspaces = WorkspacePool()
    /// The answers to the first inputs of the source (inputs, …), and which of them are there.
    private let kept: FloatBuffer?
    private let isKept: Locked<[Bool]>
    let width: Int

    /// - Parameter limit: bytes that kept answers may take.
    init(_ transformer: Transformer, _ reading: ObjectiveReading, source: some BatchSource, limit: Int) throws {
        self.transformer = transformer
        self.reading = reading
        shape = source.shape
        width = transformer.width(of: reading, tokens: try transformer.tokens(of: shape).count)
        let count = source.isFixed ? Self.fitting(source.count, width: width, limit: limit) : 0
        kept = count > 0 ? FloatBuffer([count, width]) : nil
        isKept = Locked(Array(repeating: false, count: count))
    }

    /// How many inputs' answers fit.
    static func fitting(_ inputs: Int, width: Int, limit: Int) -> Int {
        min(inputs, max(0, limit) / max(1, width * MemoryLayout<Float>.stride))
    }

    /// - Parameter indices: of the inputs in their source.
    func answers(to inputs: Inputs, _ indices: [Int], monitor: Monitor) throws -> FloatBuffer {
        let known = isKept.withLock { isKept in indices.map { $0 < isKept.count && isKept[$0] } }
        let missing = known.indices.filter { !known[$0] }
        let result = FloatBuffer([indices.count, width])
        if let kept {
            for place in known.indices where known[place] {
                result.row(place).update(from: kept.row(indices[place]), count: width)
            }
        }
        guard !missing.isEmpty else { return result }
        let found = try transformer.values(
            reading, of: missing.count == indices.count ? inputs : inputs.selecting(missing), shape: shape,
            workspaces: workspaces, monitor: monitor)
        for (row, place) in missing.enumerated() {
            result.row(place).update(from: found.row(row), count: width)
            guard let kept, indices[place] < kept.shape[0] else { continue }
            kept.row(indices[place]).update(from: found.row(row), count: width)
            isKept.withLock { $0[indices[place]] = true }
        }
        return result
    }
}

extension Inputs {
    /// Some of these inputs, in that order.
    fileprivate func selecting(_ places: [Int]) -> Inputs {
        switch self {
        case .images(let pixels):
            let part = FloatBuffer([places.count] + pixels.shape.dropFirst())
            for (row, place) in places.enumerated() {
                part.row(row).update(from: pixels.row(place), count: part.rowCount)
            }
            return .images(part)
        case .texts(let batch):
            let parts = places.map { Inputs.texts(batch.part($0..<($0 + 1))) }
            return Inputs(joining: parts, shape: .text(length: batch.length))
        }
    }
}
