import Models
import Tensor

/// The calibration images on their way through a model, block by block, while its blocks are replaced.
///
/// The tokens of as many units as memory allows are kept between blocks; the others start from the inputs for every block
/// that asks for them. Both are the same to the bit.
///
/// Units are worked on in parallel; the stream's own state changes only between such phases, on one thread.
final class CalibrationStream<Images: InputSource>: @unchecked Sendable {
    private(set) var transformer: Transformer
    let shape: TokenShape
    let units: Units
    private let images: Images
    private let meter: WorkMeter
    private let work: ForwardWork
    private let workspaces: WorkspacePool
    /// What enters the block whose turn it is, or its middle once `middle` was asked for.
    private var kept: [(x: FloatBuffer, sequences: Sequences)?]

    /// - Parameter resident: the units whose tokens are kept between blocks.
    init(
        _ transformer: Transformer, images: Images, shape: TokenShape, units: Units, resident: Range<Int>,
        meter: WorkMeter, workspaces: WorkspacePool, monitor: Monitor
    ) throws {
        self.transformer = transformer
        self.images = images
        self.shape = shape
        self.units = units
        self.meter = meter
        self.workspaces = workspaces
        work = ForwardWork(transformer.architecture, shape: shape, lastRows: .all)
        kept = Array(repeating: nil, count: units.count)
        let entered = Locked(kept)
        try Parallel.forEach(resident.count) { [self] index in
            try monitor.check()
            let unit = resident.lowerBound + index
            let own = try enter(unit)
            entered.withLock { $0[unit] = own }
        }
        kept = entered.withLock { $0 }
    }

    func replace(_ index: Int, with block: BlockSource) { transformer = transformer.replacing(index, with: block) }

    /// A block that computes all tokens: each of them counts, also in the last block.
    func block(_ index: Int) throws -> Block { try transformer.block(index, shape: shape, rows: .all) }

    func isResident(_ unit: Int) -> Bool { kept[unit] != nil }

    /// The tokens of a unit after the attention of block `index` (inputs · tokens, width).
    ///
    /// - Parameter isThere: whether they were asked for before, so that what is kept has passed the attention already.
    func middle(ofBlock index: Int, unit: Int, isThere: Bool = false) throws -> FloatBuffer {
        if isThere, let x = kept[unit]?.x { return x }
        let (x, sequences) = try kept[unit] ?? arrive(at: index, unit)
        try block(index).attend(x.pointer, of: sequences, into: x.pointer, workspaces: workspaces)
        meter.add(sequences.count * work.attention(index))
        return x
    }

    /// Takes a unit whose tokens are kept from the middle of block `index` to its output.
    func finish(_ index: Int, unit: Int) throws {
        guard let (x, sequences) = kept[unit] else { return }
        try finish(index, x, sequences)
    }

    private func finish(_ index: Int, _ x: FloatBuffer, _ sequences: Sequences) throws {
        let block = try block(index)
        block.finish(x.pointer, rows: sequences.count * shape.count, workspaces: workspaces)
        meter.add(sequences.count * work.mlp(index, hidden: block.hiddenWidth))
    }

    private func enter(_ unit: Int) throws -> (x: FloatBuffer, sequences: Sequences) {
        let range = units.range(unit)
        let inputs = try images.load(range)
        let x = FloatBuffer([range.count, shape.count, transformer.architecture.width])
        try transformer.embed(inputs, 0..<range.count, shape: shape, into: x.pointer, workspaces: workspaces)
        meter.add(range.count * work.embedding)
        return (x, inputs.sequences(0..<range.count))
    }

    /// From the inputs to what enters block `index`.
    private func arrive(at index: Int, _ unit: Int) throws -> (x: FloatBuffer, sequences: Sequences) {
        let (x, sequences) = try enter(unit)
        for before in 0..<index {
            try block(before).attend(x.pointer, of: sequences, into: x.pointer, workspaces: workspaces)
            meter.add(sequences.count * work.attention(before))
            try finish(before, x, sequences)
        }
        return (x, sequences)
    }
}
