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
    private let images: Images
    private let count: Int
    private let shape: TokenShape
    private let units: Units
    private let memory: SearchMemory
    private let measure: ValidationEntropy
    private let monitor: Monitor
    private let workspaces = WorkspacePool()
    /// What enters block b, for each unit, where b is a multiple of the stride.
    private var inputs: [[Int: FloatBuffer]]
    /// What attention and readout have to know of each unit whose inputs are kept.
    private var sequences: [Sequences?]

    init(
        transformer: Transformer, images: Images, measure: ValidationEntropy, highest: Int, memoryLimit: Int,
        monitor: Monitor
    ) throws {
        self.transformer = transformer
        self.images = images
        self.measure = measure
        self.monitor = monitor
        count = try measure.images(of: images.count)
        shape = try transformer.tokens(of: images.shape)
        units = Units(inputs: count, tokens: shape.count)
        memory = SearchMemory(
            transformer: transformer, tokens: shape.count, units: units, highest: highest, limit: memoryLimit)
        inputs = Array(repeating: [:], count: units.count)
        sequences = Array(repeating: nil, count: units.count)
    }

    private var tokens: Int { shape.count }
    private var width: Int { transformer.architecture.width }
    private var depth: Int { transformer.blocks.count }

    /// Runs everything once: keeps what enters the blocks up to `highest` and returns the entropy.
    func begin(highest: Int) throws -> Double {
        let features = FloatBuffer([count, width])
        let kept = Locked<[[Int: FloatBuffer]]>(inputs)
        let known = Locked<[Sequences?]>(sequences)
        let (transformer, memory, units) = (transformer, memory, units)
        try forEachUnit { unit, workspaces in
            var own: [Int: FloatBuffer] = [:]
            let sequences = try self.run(
                transformer, unit: unit, into: features.row(units.range(unit).lowerBound), workspaces
            ) {
                index, x in
                if unit < memory.residentUnits, index <= highest, index % memory.stride == 0 { own[index] = x }
            }
            kept.withLock { $0[unit] = own }
            known.withLock { $0[unit] = sequences }
        }
        inputs = kept.withLock { $0 }
        sequences = known.withLock { $0 }
        return try entropy(of: features)
    }

    /// Searches block `layer`, ranked by `order`; the result takes its place for what follows.
    ///
    /// - Parameter tried: called after each try.
    func search(
        layer: Int, order: [Int], start: Double, bisection: Bisection, tried: () -> Void
    ) throws -> LayerPlan {
        // What lies after this block will not be entered from before it again.
        let ordered = try transformer.blocks[layer].keeping(order)
        let candidate = transformer.replacing(layer, with: ordered)
        var middles: [Middle?] = []
        let result = try bisection.run(hidden: order.count, start: start) { width in
            if middles.isEmpty { middles = try prepare(candidate, layer: layer) }
            defer { tried() }
            return try entropy(candidate, layer: layer, width: width, middles: middles)
        }
        let kept = result.accepted.map { Array(order.prefix($0.width)) } ?? order
        if result.accepted != nil {
            transformer = transformer.replacing(layer, with: try transformer.blocks[layer].keeping(kept))
        }
        for unit in inputs.indices { inputs[unit] = inputs[unit].filter { $0.key < layer || $0.key == 0 } }
        return LayerPlan(
            layer: layer, hidden: order.count, start: start, tries: result.tries, kept: kept,
            entropy: result.accepted?.entropy)
    }

    // MARK: One layer

    /// What does not change while a block is searched.
    private struct Middle: Sendable {
        /// After the block's attention (inputs, rows, width).
        let x: FloatBuffer
        /// Hidden activations in descending importance (inputs · rows, hidden), where they are kept.
        let hidden: FloatBuffer?
        let sequences: Sequences
    }

    private func prepare(_ transformer: Transformer, layer: Int) throws -> [Middle?] {
        let middles = Locked<[Middle?]>(Array(repeating: nil, count: units.count))
        let memory = memory
        let inputs = inputs
        let sequences = sequences
        try forEachUnit { unit, workspaces in
            guard unit < memory.residentUnits, let own = sequences[unit] else { return }
            let middle = try self.middle(
                transformer, layer: layer, of: own, inputs: inputs[unit], keepsHidden: memory.keepsHidden, workspaces)
            middles.withLock { $0[unit] = middle }
        }
        return middles.withLock { $0 }
    }

    /// From the nearest kept input through the blocks before `layer` and through its attention.
    private func middle(
        _ transformer: Transformer, layer: Int, of sequences: Sequences, inputs: [Int: FloatBuffer], keepsHidden: Bool,
        _ workspaces: WorkspacePool
    ) throws -> Middle? {
        guard let nearest = inputs.keys.filter({ $0 <= layer }).max(), let input = inputs[nearest] else { return nil }
        var x = input
        for index in nearest..<layer {
            let next = FloatBuffer(input.shape)
            try transformer.block(index, shape: shape, spread: units.spread)
                .run(x.pointer, of: sequences, into: next.pointer, workspaces: workspaces)
            x = next
        }
        let block = try transformer.block(layer, shape: shape, spread: units.spread)
        let middle = FloatBuffer([sequences.count, block.rowsPerInput, width])
        block.attend(x.pointer, of: sequences, into: middle.pointer, workspaces: workspaces)
        guard keepsHidden else { return Middle(x: middle, hidden: nil, sequences: sequences) }
        let rows = sequences.count * block.rowsPerInput
        let hidden = FloatBuffer([rows, block.hiddenWidth])
        workspaces.borrow(rows * block.expandedWidth) { u in
            block.expand(middle.pointer, rows: rows, into: u, workspaces: workspaces)
            block.activate(u, rows: rows, into: hidden.pointer)
        }
        return Middle(x: middle, hidden: hidden, sequences: sequences)
    }

    /// The validation entropy when block `layer` keeps its `width` most important neurons.
    private func entropy(
        _ transformer: Transformer, layer: Int, width kept: Int, middles: [Middle?]
    ) throws -> Double {
        let features = FloatBuffer([count, width])
        let units = units
        try forEachUnit { unit, workspaces in
            let target = features.row(units.range(unit).lowerBound)
            if let middle = middles[unit] {
                try self.finish(transformer, layer: layer, kept: kept, middle: middle, into: target, workspaces)
            } else {
                let block = try transformer.blocks[layer].keeping(Array(0..<kept))
                _ = try self.run(
                    transformer.replacing(layer, with: block), unit: unit, into: target, workspaces,
                    entering: { _, _ in })
            }
        }
        return try entropy(of: features)
    }

    /// From the middle of block `layer` to the features.
    private func finish(
        _ transformer: Transformer, layer: Int, kept: Int, middle: Middle,
        into features: UnsafeMutablePointer<Float>, _ workspaces: WorkspacePool
    ) throws {
        let block = try transformer.block(layer, shape: shape, spread: units.spread)
        let rows = middle.sequences.count * block.rowsPerInput
        try workspaces.borrow(rows * width) { x in
            x.update(from: middle.x.pointer, count: rows * width)
            if let hidden = middle.hidden {
                block.contract(
                    hidden.pointer, rows: rows, prefix: kept, joining: x, workspaces: workspaces)
            } else {
                workspaces.borrow(rows * block.expandedWidth) { hidden in
                    block.expand(x, rows: rows, into: hidden, workspaces: workspaces)
                    block.activate(hidden, rows: rows, into: hidden)
                    block.contract(hidden, rows: rows, prefix: kept, joining: x, workspaces: workspaces)
                }
            }
            try finish(transformer, from: layer + 1, x, of: middle.sequences, into: features, workspaces)
        }
    }

    /// Blocks `first`… and the final norm: x holds what enters block `first`.
    private func finish(
        _ transformer: Transformer, from first: Int, _ x: UnsafeMutablePointer<Float>, of sequences: Sequences,
        into features: UnsafeMutablePointer<Float>, _ workspaces: WorkspacePool
    ) throws {
        var rows = tokens
        if first == depth { rows = transformer.rows(ofBlock: depth - 1).count(of: tokens) }
        for index in stride(from: first, to: depth, by: 1) {
            let block = try transformer.block(index, shape: shape, spread: units.spread)
            guard block.rows != .all else {
                block.run(x, of: sequences, into: x, workspaces: workspaces)
                continue
            }
            rows = block.rowsPerInput
            let wanted = sequences.count * rows * width
            workspaces.borrow(wanted) { y in
                block.run(x, of: sequences, into: y, workspaces: workspaces)
                x.update(from: y, count: wanted)
            }
        }
        transformer.read(.feature, x, of: sequences, rows: rows, into: features, workspaces: workspaces)
    }

    // MARK: All layers

    /// One unit from its inputs to the features, showing what enters each block.
    private func run(
        _ transformer: Transformer, unit: Int, into features: UnsafeMutablePointer<Float>, _ workspaces: WorkspacePool,
        entering: (Int, FloatBuffer) -> Void
    ) throws -> Sequences {
        let range = units.range(unit)
        let inputs = try images.load(range)
        let sequences = inputs.sequences(0..<range.count)
        var x = FloatBuffer([range.count, tokens, width])
        try transformer.embed(inputs, 0..<range.count, shape: shape, into: x.pointer, workspaces: workspaces)
        for index in 0..<(depth - 1) {
            entering(index, x)
            let next = FloatBuffer(x.shape)
            try transformer.block(index, shape: shape, spread: units.spread)
                .run(x.pointer, of: sequences, into: next.pointer, workspaces: workspaces)
            x = next
        }
        entering(depth - 1, x)
        let last = FloatBuffer(x.shape)
        last.pointer.update(from: x.pointer, count: x.count)
        try finish(transformer, from: depth - 1, last.pointer, of: sequences, into: features, workspaces)
        return sequences
    }

    private func entropy(of features: FloatBuffer) throws -> Double {
        try transformer.checkFinite(features)
        return try measure.measure(features).mean
    }

    private func forEachUnit(_ body: @Sendable (Int, WorkspacePool) throws -> Void) throws {
        try Parallel.forEach(units.count) { unit in
            try monitor.check()
            try body(unit, workspaces)
        }
    }
}
