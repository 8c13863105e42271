import Models
import Tensor

/// Baseline: the mean activation of each hidden neuron over images and tokens; ranked by its mean magnitude.
package struct ActivationScorer: Sendable {
    let transformer: Transformer
    let layers: Set<Int>
    /// Where given, only full batches of that many images take part, as with the other criteria.
    let batch: Int?

    package init(transformer: Transformer, layers: Set<Int>, batch: Int? = nil) {
        self.transformer = transformer
        self.layers = layers
        self.batch = batch
    }

    /// The operations that scoring so many inputs takes.
    package func work(for shape: InputShape, inputs: Int) throws -> Int {
        let shape = try transformer.tokens(of: shape)
        let count = batch.map { inputs / max($0, 1) * $0 } ?? inputs
        return count * forward(shape).whole(widths: transformer.blocks.map(\.hiddenWidth))
    }

    private func forward(_ shape: TokenShape) -> ForwardWork {
        ForwardWork(transformer.architecture, shape: shape, lastRows: .all)
    }

    package func score(_ images: some InputSource, monitor: Monitor = .none) throws -> Scores {
        let count = batch.map { images.count / max($0, 1) * $0 } ?? images.count
        guard count > 0 else { throw PruningError.tooFewImages(needed: batch ?? 1, found: images.count) }
        let shape = try transformer.tokens(of: images.shape)
        let width = transformer.architecture.width
        let tokens = shape.count
        let workspaces = WorkspacePool()
        let group = Units(inputs: count, tokens: tokens).size * max(4, 2 * Parallel.threads)
        var sums = NeuronSums(transformer: transformer)
        let work = forward(shape)
        let meter = WorkMeter(monitor)
        meter.expect(count * work.whole(widths: transformer.blocks.map(\.hiddenWidth)))
        for start in stride(from: 0, to: count, by: group) {
            let range = start..<min(start + group, count)
            let inputs = try images.load(range)
            let units = Units(inputs: range.count, tokens: tokens)
            let results = Locked<[NeuronSums?]>(Array(repeating: nil, count: units.count))
            try Parallel.forEach(units.count) { unit in
                try monitor.check()
                let inGroup = units.range(unit)
                let rows = inGroup.count * tokens
                var own = NeuronSums(transformer: transformer)
                let sequences = inputs.sequences(inGroup)
                try workspaces.borrow(rows * width) { x in
                    try transformer.embed(inputs, inGroup, shape: shape, into: x, workspaces: workspaces)
                    for index in transformer.blocks.indices {
                        // Every token counts, so the last block computes all of them too.
                        let block = try transformer.block(index, shape: shape, rows: .all)
                        block.attend(x, of: sequences, into: x, workspaces: workspaces)
                        let hidden = block.hiddenWidth
                        workspaces.borrow(rows * (block.expandedWidth + hidden) + 2 * hidden) { h in
                            let a = h + rows * block.expandedWidth
                            let signed = a + rows * hidden
                            block.expand(x, rows: rows, into: h, workspaces: workspaces)
                            block.activate(h, rows: rows, into: h)
                            block.finishHidden(h, rows: rows, into: a)
                            sumOfRows(a, rows: rows, columns: hidden, into: signed, magnitudes: signed + hidden)
                            own.add(signed: signed, absolute: signed + hidden, layer: index)
                            block.contract(h, rows: rows, joining: x, workspaces: workspaces)
                            meter.add(inGroup.count * (work.attention(index) + work.mlp(index, hidden: hidden)))
                        }
                    }
                }
                results.withLock { $0[unit] = own }
            }
            for unit in results.withLock({ $0.compactMap { $0 } }) { sums.add(unit) }
        }
        var scores = sums.scores(layers: layers, images: count * tokens, losses: [])
        scores.loss = nil
        scores.images = count
        return try scores.checked()
    }
}

extension NeuronSums {
    fileprivate mutating func add(
        signed values: UnsafePointer<Float>, absolute magnitudes: UnsafePointer<Float>, layer: Int
    ) {
        for neuron in signed[layer].indices {
            signed[layer][neuron] += Double(values[neuron])
            absolute[layer][neuron] += Double(magnitudes[neuron])
        }
    }
}
