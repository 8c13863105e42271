import Models
import Tensor

/// The search of one block: its tries, and what does not change between them.
///
/// Each unit's middle and hidden activations are made when a try first needs them, since a sequential search may never
/// come to the later units.
final class LayerSearch<Images: InputSource>: @unchecked Sendable {
    private let run: SearchRun<Images>
    private let layer: Int
    private let order: [Int]
    /// Block `layer` with its neurons in descending importance.
    private let ordered: BlockSource
    private var prepared: [Prepared?]
    private var trials: [Int: Trial] = [:]
    /// What gives each width its output layer, where tries are judged after compensation.
    private let compensation: LayerCompensation?

    /// What does not change while a block is searched.
    private struct Prepared: Sendable {
        /// After the block's attention (inputs, rows, width).
        let middle: FloatBuffer
        let sequences: Sequences
        /// Hidden activations in descending importance (inputs · rows, hidden), where they are kept.
        var hidden: FloatBuffer?
    }

    /// One width on its way through the batches.
    private struct Trial {
        /// (images, width), 0 where not run yet.
        let features: FloatBuffer
        var unitsDone: [Bool]
        var entropies: [Double?]

        var batches: Int { entropies.count { $0 != nil } }
        /// Over all batches, once they are in.
        var mean: Double? {
            batches == entropies.count ? entropies.reduce(0) { $0 + ($1 ?? 0) } / Double(entropies.count) : nil
        }
    }

    init(_ run: SearchRun<Images>, layer: Int, order: [Int], compensation: LayerCompensation? = nil) throws {
        self.run = run
        self.layer = layer
        self.order = order
        self.compensation = compensation
        ordered = try run.transformer.blocks[layer].keeping(order)
        prepared = Array(repeating: nil, count: run.units.count)
    }

    /// Searches the block; the result takes its place for what follows.
    ///
    /// - Parameters:
    ///   - test: where given, tries are decided from as few batches as it allows, and the width found is then measured on
    ///     all. Where it breaks the tolerance there, the layer is searched again with every try on all batches.
    ///   - known: entropies that an earlier search of the same model has measured, by width.
    ///   - tried: called after each try.
    /// - Returns: the plan, and the entropies after it.
    func search(
        start: BatchEntropies, bisection: Bisection, test: PairedTest?, known: [Int: Double] = [:], tried: () -> Void
    ) throws -> (plan: LayerPlan, end: BatchEntropies) {
        var result = try bisection.run(hidden: order.count, start: start.mean, known: known) { width in
            defer { tried() }
            return try entropy(width, start: start, tolerance: bisection.tolerance, test: test)
        }
        var isRepeated = false
        if let width = result.accepted?.width, known[width] == nil, trials[width]?.mean == nil {
            let confirmed = try entropy(width, confirms: true)
            if bisection.accepts(confirmed - start.mean) {
                result.accepted = (width, confirmed)
            } else {
                isRepeated = true
                result = try bisection.run(hidden: order.count, start: start.mean) { try entropy($0) }
            }
        }
        let kept = result.accepted.map { Array(order.prefix($0.width)) }
        let output = try kept.flatMap { try compensation?.output($0.count) }
        try run.settle(layer, keeping: kept, output: output)
        let end =
            result.accepted.map { accepted in
                // Batch by batch only a sequential search wants to know them, and that one is told of no known ones.
                BatchEntropies(
                    mean: accepted.entropy, perBatch: trials[accepted.width]?.entropies.map { $0 ?? .nan } ?? [])
            } ?? start
        var plan = LayerPlan(
            layer: layer, hidden: order.count, start: start.mean, tries: result.tries.map(asFarAsRun),
            kept: kept ?? order, entropy: result.accepted?.entropy)
        plan.fit = output?.fit
        if test != nil {
            plan.sequential = LayerPlan.Sequential(
                batches: end.perBatch.count, end: end.perBatch, isRepeated: isRepeated)
        }
        return (plan, end)
    }

    /// A try with its entropy on all batches, or with the number of those it ran on.
    private func asFarAsRun(_ attempt: Try) -> Try {
        guard let trial = trials[attempt.width] else { return attempt }
        return Try(
            left: attempt.left, right: attempt.right, width: attempt.width, entropy: trial.mean ?? attempt.entropy,
            accepted: attempt.accepted, batches: trial.mean == nil ? trial.batches : nil)
    }

    // MARK: One try

    /// The entropies at the nearest width that all batches are known of; before the layer is touched it has all of its
    /// neurons. The nearer, the more alike the batches differ from it.
    private func reference(for width: Int, start: BatchEntropies) -> BatchEntropies {
        let known = trials.compactMap { width, trial in trial.mean.map { (width: width, mean: $0, trial: trial) } }
        guard
            let nearest = known.min(by: { (abs($0.width - width), $0.width) < (abs($1.width - width), $1.width) }),
            abs(nearest.width - width) < order.count - width
        else { return start }
        return BatchEntropies(mean: nearest.mean, perBatch: nearest.trial.entropies.map { $0 ?? .nan })
    }

    /// The entropy at a width on as many batches as decide about it: that of all, or estimated as the reference's plus the
    /// mean difference from it.
    private func entropy(
        _ width: Int, start: BatchEntropies, tolerance: Double, test: PairedTest?
    ) throws -> Double {
        let reference = reference(for: width, start: start)
        for look in test?.looks ?? [] {
            let batches = Array((test?.order ?? []).prefix(look))
            let trial = try extend(width, to: batches)
            let differences = batches.map { (trial.entropies[$0] ?? .nan) - reference.perBatch[$0] }
            if test?.verdict(differences, tolerance: tolerance - (reference.mean - start.mean)) != nil {
                return reference.mean + differences.reduce(0, +) / Double(look)
            }
        }
        return try entropy(width)
    }

    /// The validation entropy when the block keeps its `width` most important neurons, on all batches.
    ///
    /// - Parameter confirms: whether no other width will be asked for, so that hidden activations beyond it are not worth
    ///   computing.
    private func entropy(_ width: Int, confirms: Bool = false) throws -> Double {
        try extend(width, to: Array(0..<(run.count / run.measure.batch)), confirms: confirms).mean ?? .nan
    }

    /// Runs the units that some batches need and have not been run.
    private func extend(_ width: Int, to batches: [Int], confirms: Bool = false) throws -> Trial {
        let size = run.measure.batch
        var trial =
            trials[width]
            ?? Trial(
                features: FloatBuffer([run.count, run.width], filledWith: 0),
                unitsDone: Array(repeating: false, count: run.units.count),
                entropies: Array(repeating: nil, count: run.count / size))
        let missing = batches.filter { trial.entropies[$0] == nil }
        let needed = Set(
            missing.flatMap { batch in
                (batch * size / run.units.size)...(((batch + 1) * size - 1) / run.units.size)
            })
        let waiting = needed.filter { !trial.unitsDone[$0] }.sorted()
        if !waiting.isEmpty { try work(waiting, width: width, into: trial.features, confirms: confirms) }
        for unit in waiting { trial.unitsDone[unit] = true }
        try run.transformer.checkFinite(trial.features)
        let values = Locked<[Double]>(Array(repeating: 0, count: missing.count))
        let features = trial.features
        try Parallel.forEach(missing.count) { index in
            let value = run.measure.measure(features, batch: missing[index])
            values.withLock { $0[index] = value }
        }
        for (batch, value) in zip(missing, values.withLock { $0 }) { trial.entropies[batch] = value }
        trials[width] = trial
        return trial
    }

    private func work(_ units: [Int], width: Int, into features: FloatBuffer, confirms: Bool) throws {
        let output = try compensation?.output(width)
        let leading = try ordered.keeping(Array(0..<width))
        let narrow = run.transformer.replacing(
            layer, with: try output.map { try leading.replacingOutput(with: $0) } ?? leading)
        let whole = run.transformer.replacing(
            layer, with: try output.map { try ordered.replacingOutput(with: $0.widened(to: order.count)) } ?? ordered)
        let known = Locked(prepared)
        try run.forEach(units) { [self] unit in
            let target = features.row(run.units.range(unit).lowerBound)
            guard let own = try known.withLock({ $0[unit] }) ?? prepare(unit) else {
                try run.run(narrow, unit: unit, into: target)
                return
            }
            var prepared = own
            let x = FloatBuffer([prepared.sequences.count] + prepared.middle.shape.dropFirst())
            x.pointer.update(from: prepared.middle.pointer, count: x.count)
            if run.memory.keepsHidden, !confirms || prepared.hidden != nil {
                let block = try whole.block(layer, shape: run.shape, spread: run.units.spread)
                let hidden = prepared.hidden ?? expand(block, prepared)
                prepared.hidden = hidden
                block.contract(
                    hidden.pointer, rows: hidden.shape[0], prefix: width, joining: x.pointer,
                    workspaces: run.workspaces)
                run.meter.add(prepared.sequences.count * run.forward.contraction(layer, hidden: width))
            } else {
                run.finish(
                    try narrow.block(layer, shape: run.shape, spread: run.units.spread), layer, x.pointer,
                    of: prepared.sequences)
            }
            known.withLock { $0[unit] = prepared }
            try run.finish(narrow, from: layer + 1, x, of: prepared.sequences, into: target)
        }
        prepared = known.withLock { $0 }
    }

    private func prepare(_ unit: Int) throws -> Prepared? {
        try run.middle(ofBlock: layer, unit: unit).map { Prepared(middle: $0.x, sequences: $0.sequences) }
    }

    private func expand(_ block: Block, _ prepared: Prepared) -> FloatBuffer {
        let rows = prepared.sequences.count * block.rowsPerInput
        let hidden = FloatBuffer([rows, block.hiddenWidth])
        run.workspaces.borrow(rows * block.expandedWidth) { u in
            block.expand(prepared.middle.pointer, rows: rows, into: u, workspaces: run.workspaces)
            block.activate(u, rows: rows, into: hidden.pointer)
        }
        run.meter.add(prepared.sequences.count * run.forward.expansion(layer, hidden: block.hiddenWidth))
        return hidden
    }
}
