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

    package func score(_ images: some ImageSource, monitor: Monitor = .none) throws -> Scores {
        let count = batch.map { images.count / max($0, 1) * $0 } ?? images.count
        guard count > 0 else { throw PruningError.tooFewImages(needed: batch ?? 1, found: images.count) }
        let extent = try transformer.imageExtent(
            channels: images.channels, height: images.height, width: images.width)
        let width = transformer.architecture.width
        let tokens = transformer.architecture.tokens(of: extent)
        let workspaces = WorkspacePool()
        let group = Units(images: count, tokens: tokens).size * max(4, 2 * Parallel.threads)
        var sums = NeuronSums(transformer: transformer)
        for start in stride(from: 0, to: count, by: group) {
            let range = start..<min(start + group, count)
            let pixels = try images.load(range)
            let units = Units(images: range.count, tokens: tokens)
            let results = Locked<[NeuronSums?]>(Array(repeating: nil, count: units.count))
            try Parallel.forEach(units.count) { unit in
                try monitor.check()
                let inGroup = units.range(unit)
                let rows = inGroup.count * tokens
                var own = NeuronSums(transformer: transformer)
                workspaces.borrow(rows * width) { x in
                    transformer.embed(
                        pixels.row(inGroup.lowerBound), count: inGroup.count, extent: extent, into: x,
                        workspaces: workspaces)
                    for index in transformer.blocks.indices {
                        // Every token counts, so the last block computes all of them too.
                        let block = transformer.block(index, tokens: tokens, rows: .all)
                        block.attend(x, images: inGroup.count, into: x, workspaces: workspaces)
                        let hidden = block.hiddenWidth
                        workspaces.borrow(rows * hidden + 2 * hidden) { a in
                            block.expand(x, rows: rows, into: a, workspaces: workspaces)
                            block.activate(a, rows: rows, into: a)
                            let signed = a + rows * hidden
                            sumOfRows(a, rows: rows, columns: hidden, into: signed, magnitudes: signed + hidden)
                            own.add(signed: signed, absolute: signed + hidden, layer: index)
                            block.contract(a, rows: rows, addingTo: x, workspaces: workspaces)
                        }
                    }
                }
                results.withLock { $0[unit] = own }
            }
            for unit in results.withLock({ $0.compactMap { $0 } }) { sums.add(unit) }
            monitor.progress(range.upperBound, of: count)
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
