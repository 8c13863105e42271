import Models
import Tensor

/// Compensation at work: one block after the other.
final class CompensationRun<Images: InputSource>: @unchecked Sendable {
    private let compensation: Compensation
    private let layout: CompensationLayout
    private let meter: WorkMeter
    private let monitor: Monitor
    private let workspaces = WorkspacePool()
    /// The model that is narrowed as it goes.
    private let stream: CalibrationStream<Images>
    /// The model that targets come from, where it runs beside.
    private let reference: CalibrationStream<Images>?
    private let work: ForwardWork
    private let width: Int
    /// The block whose middles are there already.
    private var atMiddle: Int?

    init(
        compensation: Compensation, layout: CompensationLayout, meter: WorkMeter, monitor: Monitor,
        stream: (WorkspacePool) throws -> CalibrationStream<Images>,
        reference: (WorkspacePool) throws -> CalibrationStream<Images>?
    ) throws {
        self.compensation = compensation
        self.layout = layout
        self.meter = meter
        self.monitor = monitor
        self.stream = try stream(workspaces)
        self.reference = try reference(workspaces)
        let architecture = self.stream.transformer.architecture
        work = ForwardWork(architecture, shape: layout.shape, lastRows: .all)
        width = architecture.width
    }

    /// Takes what is kept of all images through block `index`.
    func advance(_ index: Int) throws {
        let isThere = atMiddle == index
        let streams = [stream, reference].compactMap { $0 }
        try Parallel.forEach(layout.units.count) { unit in
            try monitor.check()
            for stream in streams where stream.isResident(unit) {
                if !isThere { _ = try stream.middle(ofBlock: index, unit: unit) }
                try stream.finish(index, unit: unit)
            }
        }
    }

    /// Narrows block `index` to `kept` and gives it the output layer that compensates best.
    func compensate(_ index: Int, keeping kept: [Int]) throws -> OutputLayer {
        let (narrow, layer) = try fit(index, keeping: kept)
        stream.replace(index, with: try narrow.replacingOutput(with: layer))
        return layer
    }

    /// Block `index` narrowed to `kept`, and the output layer that compensates best there. The stream keeps its own block.
    func fit(_ index: Int, keeping kept: [Int]) throws -> (narrow: BlockSource, layer: OutputLayer) {
        let whole = stream.transformer.blocks[index]
        let narrow = try whole.keeping(kept)
        let features = compensation.method == .bias ? 0 : kept.count
        let sums = MomentSums(features: features, outputs: width)
        let blocks = Blocks(
            narrow: try stream.transformer.replacing(index, with: narrow)
                .block(index, shape: layout.shape, rows: .all),
            target: try (reference ?? stream).block(index))
        for first in stride(from: 0, to: layout.chunks, by: layout.chunksTogether) {
            let together = first..<min(first + layout.chunksTogether, layout.chunks)
            try sums.add(try chunks(together, index, blocks, features: features), workspaces: workspaces)
        }
        atMiddle = index
        let output = blocks.narrow.weights.mlp.output
        let layer = compensation.solve(weight: output.weight.view, bias: output.bias, moments: sums.moments())
        if features > 0 { meter.add(CompensationWork.solution(features: features, outputs: width)) }
        return (narrow, layer)
    }

    private struct Blocks: Sendable {
        let narrow: Block
        /// What the output should be like.
        let target: Block
    }

    private func chunks(
        _ range: Range<Int>, _ index: Int, _ blocks: Blocks, features: Int
    ) throws -> [MomentSums.Chunk] {
        let tokens = layout.shape.count
        let chunks = range.map { chunk in
            let units = layout.units(ofChunk: chunk)
            let rows = units.reduce(0) { $0 + layout.units.range($1).count } * tokens
            return MomentSums.Chunk(
                rows: rows, features: FloatBuffer([rows, features]), lack: FloatBuffer([rows, width]),
                targets: Array(repeating: 0, count: 2 * width))
        }
        let places = range.enumerated().flatMap { place, chunk in
            layout.units(ofChunk: chunk).map { unit in
                (unit: unit, place: place, row: (unit - layout.units(ofChunk: chunk).lowerBound) * layout.units.size)
            }
        }
        let targets = Locked<[[Double]]>(Array(repeating: [], count: places.count))
        try Parallel.forEach(places.count) { [self] number in
            try monitor.check()
            let (unit, place, first) = places[number]
            let sums = try rows(
                of: unit, index, blocks, features: features > 0 ? chunks[place].features.row(first * tokens) : nil,
                lack: chunks[place].lack.row(first * tokens))
            targets.withLock { $0[number] = sums }
        }
        var result = chunks
        for ((_, place, _), sums) in zip(places, targets.withLock { $0 }) {
            for i in sums.indices { result[place].targets[i] += sums[i] }
        }
        return result
    }

    /// One unit's features (rows, kept neurons), where they are wanted, and what the output lacks (rows, width).
    ///
    /// - Returns: Σ and Σ² of the targets (2, width).
    private func rows(
        of unit: Int, _ index: Int, _ blocks: Blocks, features: UnsafeMutablePointer<Float>?,
        lack: UnsafeMutablePointer<Float>
    ) throws -> [Double] {
        let inputs = layout.units.range(unit)
        let rows = inputs.count * layout.shape.count
        let isThere = atMiddle == index
        let middle = try stream.middle(ofBlock: index, unit: unit, isThere: isThere)
        let there = try reference?.middle(ofBlock: index, unit: unit, isThere: isThere)
        // The target, and then what is missing of it.
        blocks.target.branch(there ?? middle, rows: rows, into: lack, workspaces: workspaces)
        if let there {
            blocks.narrow.adopt(lack, of: blocks.target, rows: rows)
            if compensation.target == .tokens { blocks.narrow.add(there, minus: middle, rows: rows, to: lack) }
        }
        var sums = [Double](repeating: 0, count: 2 * width)
        sums.withUnsafeMutableBufferPointer { sums in
            guard let base = sums.baseAddress else { return }
            addSumOfRows(lack, rows: rows, columns: width, to: base)
            addSumOfSquares(lack, rows: rows, columns: width, to: base + width)
        }
        workspaces.borrow(rows * width) { plain in
            blocks.narrow.branch(middle, rows: rows, keeping: features, into: plain, workspaces: workspaces)
            for i in 0..<(rows * width) { lack[i] -= plain[i] }
        }
        if let bad = (0..<(rows * width)).first(where: { !lack[$0].isFinite }) {
            throw ModelError.nonFiniteFeature(image: inputs.lowerBound + bad / (width * layout.shape.count))
        }
        for block in [blocks.target, blocks.narrow] {
            meter.add(inputs.count * work.mlp(index, hidden: block.hiddenWidth))
        }
        if features != nil {
            meter.add(MomentSums.work(rows: rows, features: blocks.narrow.hiddenWidth, outputs: width))
        }
        return sums
    }
}

extension Block {
    /// What the MLP's output layer gives without its bias, before layer scale and norms: middle (rows, width) → branch
    /// (rows, width).
    ///
    /// - Parameter features: where to leave what enters the output layer (rows, hidden), where wanted.
    func branch(
        _ middle: FloatBuffer, rows: Int, keeping features: UnsafeMutablePointer<Float>? = nil,
        into branch: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        workspaces.borrow(features == nil ? rows * hiddenWidth : 0) { scratch in
            let a = features ?? scratch
            self.features(middle, rows: rows, into: a, workspaces: workspaces)
            weights.mlp.output.weight.multiply(a, rows: rows, into: branch)
        }
    }

    /// What enters the MLP's output layer: middle (rows, width) → features (rows, hidden).
    func features(
        _ middle: FloatBuffer, rows: Int, into features: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        Strips().forEach(rows) { strip in
            workspaces.borrow(strip.count * expandedWidth) { h in
                expand(middle.pointer + strip.lowerBound * width, rows: strip.count, into: h, workspaces: workspaces)
                activate(h, rows: strip.count, into: h)
                finishHidden(h, rows: strip.count, into: features + strip.lowerBound * hiddenWidth)
            }
        }
    }

    /// Makes another block's branch (rows, width), without its bias, one that this block's bias and layer scale take to the
    /// same: they differ where the model was compensated or trained since.
    func adopt(_ branch: UnsafeMutablePointer<Float>, of other: Block, rows: Int) {
        let (own, theirs) = (weights.mlp, other.weights.mlp)
        let isScaled = order == .before
        for i in 0..<width {
            let scale = isScaled ? own.scale?.base[i] ?? 1 : 1
            let theirScale = isScaled ? theirs.scale?.base[i] ?? 1 : 1
            // A channel that is not let through can make nothing good.
            let factor = scale == 0 || scale == theirScale ? 1 : theirScale / scale
            let shift = factor * (theirs.output.bias?.base[i] ?? 0) - (own.output.bias?.base[i] ?? 0)
            guard factor != 1 || shift != 0 else { continue }
            for row in 0..<rows { branch[row * width + i] = factor * branch[row * width + i] + shift }
        }
    }

    /// Adds to a branch what the tokens lack before it, so that they end where those of `there` do: all (rows, width).
    ///
    /// Where a norm stands on the branch nothing is added.
    func add(_ there: FloatBuffer, minus middle: FloatBuffer, rows: Int, to branch: UnsafeMutablePointer<Float>) {
        guard order != .onBranch else { return }
        let scale = order == .before ? weights.mlp.scale : nil
        for row in 0..<rows {
            for i in 0..<width {
                let place = row * width + i
                let factor = scale?.base[i] ?? 1
                // A channel that is not let through can make nothing good.
                if factor != 0 { branch[place] += (there.pointer[place] - middle.pointer[place]) / factor }
            }
        }
    }
}
