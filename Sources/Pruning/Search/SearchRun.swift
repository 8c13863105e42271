import Models
import Tensor

/// The images of a search on their way through a model whose blocks change from the last to the first.
///
/// Decisions are those of the plain algorithm, which runs the whole model for every try; here only what changes runs:
/// a prefix of the hidden neurons of block ℓ and the blocks after it.
///
/// Units of images are worked on in parallel; the run's own state changes only between such phases, on one thread.
final class SearchRun<Images: InputSource>: @unchecked Sendable {
    private(set) var transformer: Transformer
    let shape: TokenShape
    let units: Units
    let memory: SearchMemory
    let measure: ValidationEntropy
    let meter: WorkMeter
    let forward: ForwardWork
    let workspaces = WorkspacePool()
    private let images: Images
    private let monitor: Monitor
    /// The middle of block b, for each unit, where b is a multiple of the stride.
    private var middles: [[Int: FloatBuffer]]
    /// What attention and readout have to know of each unit whose middles are kept.
    private var sequences: [Sequences?]

    init(
        transformer: Transformer, images: Images, shape: TokenShape, units: Units, memory: SearchMemory,
        measure: ValidationEntropy, meter: WorkMeter, monitor: Monitor
    ) {
        self.transformer = transformer
        self.images = images
        self.shape = shape
        self.units = units
        self.memory = memory
        self.measure = measure
        self.meter = meter
        self.monitor = monitor
        forward = ForwardWork(transformer, shape: shape)
        middles = Array(repeating: [:], count: units.count)
        sequences = Array(repeating: nil, count: units.count)
    }

    /// Images that take part.
    var count: Int { units.inputs }
    var width: Int { transformer.architecture.width }
    private var tokens: Int { shape.count }
    private var depth: Int { transformer.blocks.count }

    /// Runs everything once: keeps the middles of blocks up to `highest` and returns the entropies.
    func begin(highest: Int) throws -> BatchEntropies {
        let features = FloatBuffer([count, width])
        let kept = Locked<[[Int: FloatBuffer]]>(middles)
        let known = Locked<[Sequences?]>(sequences)
        let (transformer, memory, units) = (transformer, memory, units)
        try forEach(Array(0..<units.count)) { unit in
            var own: [Int: FloatBuffer] = [:]
            let sequences = try self.run(
                transformer, unit: unit, into: features.row(units.range(unit).lowerBound)
            ) { index, middle in
                if unit < memory.residentUnits, index <= highest, index % memory.stride == 0 {
                    own[index] = FloatBuffer(copying: middle)
                }
            }
            kept.withLock { $0[unit] = own }
            known.withLock { $0[unit] = sequences }
        }
        middles = kept.withLock { $0 }
        sequences = known.withLock { $0 }
        try transformer.checkFinite(features)
        let (mean, perBatch) = try measure.measure(features)
        return BatchEntropies(mean: mean, perBatch: perBatch)
    }

    /// Puts what was found for block `layer` in its place and forgets what lies after it, which will not be entered from
    /// before it again.
    func settle(_ layer: Int, keeping kept: [Int]?, output: OutputLayer? = nil) throws {
        if let kept {
            let narrow = try transformer.blocks[layer].keeping(kept)
            transformer = transformer.replacing(
                layer, with: try output.map { try narrow.replacingOutput(with: $0) } ?? narrow)
        }
        for unit in middles.indices { middles[unit] = middles[unit].filter { $0.key < layer || $0.key == 0 } }
    }

    func forEach(_ units: [Int], _ body: @Sendable (Int) throws -> Void) throws {
        try Parallel.forEach(units.count) { index in
            try monitor.check()
            try body(units[index])
        }
    }

    // MARK: One unit

    /// The middle of block `layer`, from the nearest one kept; nil where none is.
    func middle(ofBlock layer: Int, unit: Int) throws -> (x: FloatBuffer, sequences: Sequences)? {
        guard let sequences = sequences[unit], let nearest = middles[unit].keys.filter({ $0 <= layer }).max(),
            let kept = middles[unit][nearest]
        else { return nil }
        guard nearest < layer else { return (kept, sequences) }
        var x = FloatBuffer(copying: kept)
        for index in nearest..<layer {
            try finish(transformer.block(index, shape: shape, spread: units.spread), index, x.pointer, of: sequences)
            x = try attend(transformer, index + 1, x, of: sequences)
        }
        return (x, sequences)
    }

    /// Through attention of block `index`: x is what enters it, and its middle afterwards where all rows are wanted.
    private func attend(
        _ transformer: Transformer, _ index: Int, _ x: FloatBuffer, of sequences: Sequences
    ) throws -> FloatBuffer {
        let block = try transformer.block(index, shape: shape, spread: units.spread)
        let middle = block.rows == .all ? x : FloatBuffer([sequences.count, block.rowsPerInput, width])
        block.attend(x.pointer, of: sequences, into: middle.pointer, workspaces: workspaces)
        meter.add(sequences.count * forward.attention(index))
        return middle
    }

    /// From the middle of a block to its output, in place.
    func finish(_ block: Block, _ index: Int, _ x: UnsafeMutablePointer<Float>, of sequences: Sequences) {
        block.finish(x, rows: sequences.count * block.rowsPerInput, workspaces: workspaces)
        meter.add(sequences.count * forward.mlp(index, hidden: block.hiddenWidth))
    }

    /// Blocks `first`… and the readout: x (inputs, rows, width) is what enters block `first`.
    func finish(
        _ transformer: Transformer, from first: Int, _ x: FloatBuffer, of sequences: Sequences,
        into features: UnsafeMutablePointer<Float>, showing: (Int, FloatBuffer) -> Void = { _, _ in }
    ) throws {
        var x = x
        for index in stride(from: first, to: depth, by: 1) {
            x = try attend(transformer, index, x, of: sequences)
            showing(index, x)
            try finish(transformer.block(index, shape: shape, spread: units.spread), index, x.pointer, of: sequences)
        }
        transformer.read(.feature, x.pointer, of: sequences, rows: x.shape[1], into: features, workspaces: workspaces)
        meter.add(sequences.count * forward.readout)
    }

    /// From the inputs to the features, showing the middle of each block.
    @discardableResult
    func run(
        _ transformer: Transformer, unit: Int, into features: UnsafeMutablePointer<Float>,
        showing: (Int, FloatBuffer) -> Void = { _, _ in }
    ) throws -> Sequences {
        let range = units.range(unit)
        let inputs = try images.load(range)
        let sequences = inputs.sequences(0..<range.count)
        let x = FloatBuffer([range.count, tokens, width])
        try transformer.embed(inputs, 0..<range.count, shape: shape, into: x.pointer, workspaces: workspaces)
        meter.add(range.count * forward.embedding)
        try finish(transformer, from: 0, x, of: sequences, into: features, showing: showing)
        return sequences
    }
}

extension FloatBuffer {
    fileprivate convenience init(copying other: FloatBuffer) {
        self.init(other.shape)
        pointer.update(from: other.pointer, count: other.count)
    }
}
