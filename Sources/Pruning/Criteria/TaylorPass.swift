import Models
import Tensor

/// One forward and backward pass over a few batches.
struct TaylorPass: Sendable {
    let scorer: TaylorScorer
    let tape: TapePlan
    let shape: TokenShape
    /// What one input costs, and where that is counted.
    let work: ScoringWork
    let meter: WorkMeter
    /// The inputs of all batches of the group.
    let inputs: Inputs
    /// Which batches of the source these are.
    let group: Range<Int>
    private let workspaces = WorkspacePool()

    init(
        scorer: TaylorScorer, tape: TapePlan, shape: TokenShape, work: ScoringWork, meter: WorkMeter, inputs: Inputs,
        group: Range<Int>
    ) {
        self.scorer = scorer
        self.tape = tape
        self.shape = shape
        self.work = work
        self.meter = meter
        self.inputs = inputs
        self.group = group
    }

    private var transformer: Transformer { scorer.transformer }
    private var tokens: Int { shape.count }
    private var width: Int { transformer.architecture.width }
    private var reading: Reading { scorer.loss.reading }
    private var depth: Int { transformer.blocks.count }

    /// What one block leaves behind for the way back, for the inputs of one unit.
    private struct BlockTape {
        /// (inputs, tokens, width)
        let input: FloatBuffer
        var inside: Inside?

        struct Inside {
            /// (inputs, tokens, 3·width)
            let qkv: FloatBuffer
            /// (inputs, rows, width)
            let middle: FloatBuffer
            /// Pre-activations without the bias (inputs, rows, expanded width).
            let u: FloatBuffer
        }
    }

    private struct UnitTape {
        var blocks: [BlockTape?]
        /// The last block's output (inputs, rows, width).
        let output: FloatBuffer
    }

    /// - Returns: the loss of each batch, and each unit's sums in a fixed order.
    func run(monitor: Monitor) throws -> (losses: [Double], units: [NeuronSums]) {
        let batch = scorer.batch
        let units = Units(inputs: batch, tokens: tokens)
        let count = units.count * group.count
        let readWidth = transformer.width(of: reading)
        let values = FloatBuffer([group.count * batch, readWidth])
        let tapes = Locked<[UnitTape?]>(Array(repeating: nil, count: count))

        @Sendable func members(_ index: Int) -> Range<Int> {
            let inBatch = units.range(index % units.count)
            let start = index / units.count * batch
            return (start + inBatch.lowerBound)..<(start + inBatch.upperBound)
        }

        try Parallel.forEach(count) { index in
            try monitor.check()
            let range = members(index)
            let unit = try forward(range, values: values.row(range.lowerBound))
            tapes.withLock { $0[index] = unit }
        }
        try transformer.checkFinite(values, first: group.lowerBound * batch)

        let results = Locked<[(value: Double, gradient: [Float])?]>(Array(repeating: nil, count: group.count))
        try Parallel.forEach(group.count) { index in
            let source = (group.lowerBound + index) * batch
            let result = try scorer.loss.evaluate(
                values.row(index * batch), batch: source..<(source + batch), width: readWidth, transformer: transformer)
            results.withLock { $0[index] = result }
        }
        let losses = results.withLock { $0.compactMap { $0 } }

        let sums = Locked<[NeuronSums?]>(Array(repeating: nil, count: count))
        try Parallel.forEach(count) { index in
            try monitor.check()
            guard
                let unit = tapes.withLock({ tapes in
                    defer { tapes[index] = nil }
                    return tapes[index]
                })
            else { return }
            let range = members(index)
            let offset = (range.lowerBound - index / units.count * batch) * readWidth
            let result = try losses[index / units.count].gradient.withUnsafeBufferPointer { gradient in
                try backward(unit, of: inputs.sequences(range), gradient: gradient.baseAddress.map { $0 + offset })
            }
            sums.withLock { $0[index] = result }
        }
        return (losses.map(\.value), sums.withLock { $0.compactMap { $0 } })
    }

    private func block(_ index: Int) throws -> Block {
        try transformer.block(index, shape: shape, rows: transformer.rows(ofBlock: index, for: reading))
    }

    private func forward(_ range: Range<Int>, values: UnsafeMutablePointer<Float>) throws -> UnitTape {
        let sequences = inputs.sequences(range)
        var blocks = [BlockTape?](repeating: nil, count: depth)
        var x = FloatBuffer([range.count, tokens, width])
        try transformer.embed(inputs, range, shape: shape, into: x.pointer, workspaces: workspaces)
        meter.add(range.count * work.forward.embedding)
        for index in 0..<depth {
            let block = try block(index)
            let output = FloatBuffer([range.count, block.rowsPerInput, width])
            if index < tape.lowest {
                block.run(x.pointer, of: sequences, into: output.pointer, workspaces: workspaces)
            } else if index < tape.firstKeptWhole {
                block.run(x.pointer, of: sequences, into: output.pointer, workspaces: workspaces)
                blocks[index] = BlockTape(input: x)
            } else {
                let inside = inside(of: block, x: x, sequences: sequences)
                let rows = range.count * block.rowsPerInput
                output.pointer.update(from: inside.middle.pointer, count: rows * width)
                block.finish(inside.u.pointer, rows: rows, joining: output.pointer, workspaces: workspaces)
                blocks[index] = BlockTape(input: x, inside: inside)
            }
            meter.add(range.count * work.block(index))
            x = output
        }
        transformer.read(
            reading, x.pointer, of: sequences, rows: x.shape[1], into: values, workspaces: workspaces)
        meter.add(range.count * work.forward.readout)
        return UnitTape(blocks: blocks, output: x)
    }

    private func inside(of block: Block, x: FloatBuffer, sequences: Sequences) -> BlockTape.Inside {
        let rows = sequences.count * block.rowsPerInput
        let inside = BlockTape.Inside(
            qkv: FloatBuffer([sequences.count, tokens, 3 * width]),
            middle: FloatBuffer([sequences.count, block.rowsPerInput, width]),
            u: FloatBuffer([rows, block.expandedWidth]))
        block.attend(
            x.pointer, of: sequences, into: inside.middle.pointer, keeping: inside.qkv.pointer,
            workspaces: workspaces)
        block.expand(inside.middle.pointer, rows: rows, into: inside.u.pointer, workspaces: workspaces)
        return inside
    }

    private func backward(
        _ unit: UnitTape, of sequences: Sequences, gradient: UnsafePointer<Float>?
    ) throws -> NeuronSums {
        var sums = NeuronSums(transformer: transformer)
        guard let gradient else { return sums }
        var unit = unit
        var d = FloatBuffer(unit.output.shape)
        transformer.readBackward(
            reading, gradient: gradient, x: unit.output.pointer, of: sequences, rows: unit.output.shape[1],
            into: d.pointer, workspaces: workspaces)
        for index in stride(from: depth - 1, through: tape.lowest, by: -1) {
            guard let kept = unit.blocks[index] else { continue }
            let block = try block(index)
            let inside = kept.inside ?? inside(of: block, x: kept.input, sequences: sequences)
            let continues = index > tape.lowest
            let observe = { (products: UnsafePointer<Float>) in sums.add(products, layer: index) }
            block.mlpBackward(
                gradient: d.pointer, middle: inside.middle.pointer, u: inside.u.pointer, inputs: sequences.count,
                continues: continues, workspaces: workspaces, observe: scorer.layers.contains(index) ? observe : nil)
            defer { meter.add(sequences.count * work.blockBackward(index)) }
            guard continues else { break }
            let below = block.rows == .all ? d : FloatBuffer([sequences.count, tokens, width])
            block.attendBackward(
                gradient: d.pointer, x: kept.input.pointer, qkv: inside.qkv.pointer, of: sequences,
                into: below.pointer, workspaces: workspaces)
            d = below
            unit.blocks[index] = nil
        }
        return sums
    }
}
