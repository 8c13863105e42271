import Models
import Tensor

/// First-order Taylor importance of hidden neurons (AMP, arXiv 2603.08100).
///
/// With a the input of the MLP's last linear layer and g = ∂E/∂a:
/// I_h = mean over batches of (1/B) Σ_b |Σ_t a[b,t,h]·g[b,t,h]|; the signed variant leaves out the | |.
/// A last partial batch is dropped.
package struct TaylorScorer: Sendable {
    /// What the products a·g are brought together to.
    package enum Gathering: Sendable {
        /// The mean of their size over images.
        case importance
        /// Kwon's score F_u = Σ over batches (∂L/∂m_u)² for a mask m_u on the neuron (arXiv 2204.09656): the slope of a
        /// batch's loss along a mask is the sum of a·g over its images and tokens.
        case fisher
    }

    let transformer: Transformer
    let loss: Loss
    let gathering: Gathering
    /// B, the images whose features see one another.
    let batch: Int
    /// The layers wanted, from 0. The way back ends at the lowest of them.
    let layers: Set<Int>
    /// Bytes that activations kept for the way back may take.
    let memoryLimit: Int

    package init(
        transformer: Transformer, loss: Loss, gathering: Gathering = .importance, batch: Int, layers: Set<Int>,
        memoryLimit: Int
    ) {
        self.transformer = transformer
        self.loss = loss
        self.gathering = gathering
        self.batch = batch
        self.layers = layers
        self.memoryLimit = memoryLimit
    }

    /// Several batches at a time where one can't occupy all cores, as far as memory allows.
    private func together(_ tape: TapePlan, tokens: Int) -> Int {
        let unitsPerBatch = Units(inputs: batch, tokens: tokens).count
        return max(1, min(tape.batchesThatFit, 2 * Parallel.threads / unitsPerBatch))
    }

    /// Bytes that activations will take. Throws `PruningError.memory` where the limit is too low for one batch.
    package func memory(for shape: InputShape, inputs: Int) throws -> Int {
        let shape = try transformer.tokens(of: shape)
        let tape = try TapePlan(
            transformer: transformer, tokens: shape.count, batch: batch, lowest: layers.min() ?? 0,
            reading: loss.reading, memoryLimit: memoryLimit)
        return min(together(tape, tokens: shape.count), max(1, inputs / max(1, batch))) * tape.bytesPerBatch
    }

    /// The operations that scoring so many inputs takes.
    package func work(for shape: InputShape, inputs: Int) throws -> Int {
        let shape = try transformer.tokens(of: shape)
        let tape = try TapePlan(
            transformer: transformer, tokens: shape.count, batch: batch, lowest: layers.min() ?? 0,
            reading: loss.reading, memoryLimit: memoryLimit)
        return inputs / max(1, batch) * batch * work(tape, shape).whole
    }

    private func work(_ tape: TapePlan, _ shape: TokenShape) -> ScoringWork {
        ScoringWork(
            forward: ForwardWork(transformer, shape: shape, reading: loss.reading),
            widths: transformer.blocks.map(\.hiddenWidth), lowest: tape.lowest, firstKeptWhole: tape.firstKeptWhole)
    }

    /// Throws `PruningError`, `ModelError`, `Interrupted` or what loading an image throws.
    ///
    /// - Parameter monitor: told of progress in floating-point operations.
    package func score(_ images: some InputSource, monitor: Monitor = .none) throws -> Scores {
        let shape = try transformer.tokens(of: images.shape)
        // One image alone has no entropy; one is enough for a cross-entropy.
        let least = if case .entropy = loss { 2 } else { 1 }
        guard batch >= least, images.count >= batch else {
            throw PruningError.tooFewImages(needed: max(batch, least), found: images.count)
        }
        let batches = images.count / batch
        try loss.check(transformer: transformer, images: images.count)
        let tape = try TapePlan(
            transformer: transformer, tokens: shape.count, batch: batch, lowest: layers.min() ?? 0,
            reading: loss.reading,
            memoryLimit: memoryLimit)
        let together = together(tape, tokens: shape.count)
        let work = work(tape, shape)
        let meter = WorkMeter(monitor)
        meter.expect(batches * batch * work.whole)
        var sums = NeuronSums(transformer: transformer)
        var losses: [Double] = []
        var slopes = BatchSlopes(layers: layers)
        let units = Units(inputs: batch, tokens: shape.count).count
        for first in stride(from: 0, to: batches, by: together) {
            let group = first..<min(first + together, batches)
            let pass = TaylorPass(
                scorer: self, tape: tape, shape: shape, work: work, meter: meter,
                inputs: try images.load((group.lowerBound * batch)..<(group.upperBound * batch)), group: group)
            let result = try pass.run(monitor: monitor)
            losses += result.losses
            for unit in result.units { sums.add(unit) }
            if gathering == .fisher { slopes.add(result.units, perBatch: units) }
        }
        var scores = sums.scores(layers: layers, images: batches * batch, losses: losses)
        if gathering == .fisher { slopes.replace(&scores) }
        return try scores.checked()
    }
}

/// Running sums over images of Σ_t a·g, signed and absolute, for every neuron of every layer, in float64.
struct NeuronSums: Sendable {
    var signed: [[Double]]
    var absolute: [[Double]]

    init(transformer: Transformer) {
        signed = transformer.blocks.map { Array(repeating: 0, count: $0.hiddenWidth) }
        absolute = signed
    }

    mutating func add(_ values: UnsafePointer<Float>, layer: Int) {
        for neuron in signed[layer].indices {
            let value = Double(values[neuron])
            signed[layer][neuron] += value
            absolute[layer][neuron] += abs(value)
        }
    }

    mutating func add(_ other: NeuronSums) {
        for layer in signed.indices {
            for neuron in signed[layer].indices {
                signed[layer][neuron] += other.signed[layer][neuron]
                absolute[layer][neuron] += other.absolute[layer][neuron]
            }
        }
    }

    func scores(layers: Set<Int>, images: Int, losses: [Double]) -> Scores {
        let scale = 1 / Double(images)
        return Scores(
            layers: signed.indices.map { layer in
                guard layers.contains(layer) else { return nil }
                return Scores.Layer(
                    ranking: absolute[layer].map { $0 * scale }, signed: signed[layer].map { $0 * scale })
            },
            loss: losses.reduce(0, +) / Double(losses.count), lossPerBatch: losses, images: images)
    }
}
