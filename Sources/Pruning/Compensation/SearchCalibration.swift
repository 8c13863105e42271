import Models
import Tensor

/// The covariances of layers under search, made for as many layers at a time as fit; where a norm stands before the output
/// layer, those of one width after the other.
///
/// Used from one thread; it works on units of images in parallel.
final class SearchCalibration {
    private let search: CompensatedSearch
    private let steps: Int
    private let meter: WorkMeter
    private let monitor: Monitor
    private let layout: CompensationLayout
    private let work: ForwardWork
    private let widths: [Int]
    private let width: Int
    /// The layers whose activations pass a norm before the output layer.
    private let normalised: Set<Int>
    /// From the last layer to the first, those that are summed up in one go.
    private let passes: [[Int]]
    private var sums: [Int: MomentSums] = [:]
    private(set) var spending = SearchSpending.Compensation(work: CompensationWork(), seconds: 0)

    init(
        _ search: CompensatedSearch, _ transformer: Transformer, layers: [Int], steps: Int, meter: WorkMeter,
        monitor: Monitor
    ) throws {
        self.search = search
        self.steps = steps
        self.meter = meter
        self.monitor = monitor
        widths = transformer.blocks.map(\.hiddenWidth)
        width = transformer.architecture.width
        guard search.images.count > 0 else { throw PruningError.tooFewImages(needed: 1, found: 0) }
        normalised = Set(try layers.filter { try transformer.blocks[$0].weights().mlp.hiddenNorm != nil })
        let widest = layers.map { transformer.blocks[$0].hiddenWidth }.max() ?? 0
        // Beside the sums of a layer, what its equations take.
        layout = try CompensationLayout(
            transformer, reference: nil, shape: search.images.shape, inputs: search.images.count,
            features: [widest], method: search.compensation.method, limit: search.memoryLimit)
        work = ForwardWork(transformer.architecture, shape: layout.shape, lastRows: .all)
        var passes: [[Int]] = []
        var free = 0
        for layer in layers {
            let bytes = MemoryLayout<Double>.stride * widths[layer] * widths[layer]
            if bytes <= free, !passes.isEmpty, !normalised.contains(layer) {
                passes[passes.count - 1].append(layer)
                free -= bytes
            } else {
                passes.append([layer])
                free = search.memoryLimit - layout.fixedBytes
            }
        }
        self.passes = passes
    }

    /// What is expected to be spent still once `layer` is decided; all of it before there is any.
    func rest(after layer: Int?) -> Int {
        let done = layer.flatMap { layer in passes.firstIndex { $0.contains(layer) } }.map { $0 + 1 } ?? 0
        let coming = passes.flatMap { $0 }.filter { $0 < layer ?? .max }
        return passes.dropFirst(done).reduce(0) { $0 + pass($1).all }
            + coming.reduce(0) {
                $0 + steps * trial($1, keeping: widths[$1] / 2).all
            }
    }

    /// What summing up some layers costs.
    private func pass(_ layers: [Int]) -> CompensationWork {
        var result = CompensationWork()
        let inputs = search.images.count
        guard let highest = layers.max() else { return result }
        let whole = work.blocks(widths: Array(widths.prefix(highest)))
        if normalised.contains(highest) {
            result.forward = residentInputs * (work.embedding + whole + work.attention(highest))
            return result
        }
        result.forward = inputs * (work.embedding + whole + work.attention(highest))
        for layer in layers {
            result.forward += inputs * work.expansion(layer, hidden: widths[layer])
            result.sums += MomentSums.work(rows: inputs * layout.shape.count, features: widths[layer], outputs: 0)
        }
        return result
    }

    /// The inputs whose tokens are kept.
    private var residentInputs: Int { min(search.images.count, layout.residentUnits * layout.units.size) }

    /// What fitting a layer at one width costs.
    private func trial(_ layer: Int, keeping kept: Int) -> CompensationWork {
        var result = CompensationWork()
        let hidden = widths[layer]
        guard normalised.contains(layer) else {
            result.solutions = 2 * width * hidden * (hidden - kept)
            result.solutions += CompensationWork.solution(features: kept, outputs: width)
            return result
        }
        let inputs = search.images.count
        result.forward = inputs * (work.mlp(layer, hidden: hidden) + work.mlp(layer, hidden: kept))
        let whole = work.blocks(widths: Array(widths.prefix(layer)))
        result.forward += (inputs - residentInputs) * (work.embedding + whole + work.attention(layer))
        if search.compensation.method != .bias {
            result.sums = MomentSums.work(rows: inputs * layout.shape.count, features: kept, outputs: width)
            result.solutions = CompensationWork.solution(features: kept, outputs: width)
        }
        return result
    }

    /// - Parameters:
    ///   - order: the layer's neurons by descending importance.
    ///   - transformer: the model as it stands; blocks up to `layer` are those of the start.
    func layer(_ layer: Int, order: [Int], of transformer: Transformer) throws -> LayerCompensation {
        let start = ContinuousClock.now
        defer { spending.seconds += (ContinuousClock.now - start).seconds }
        let before = meter.done
        let fit: (Int) throws -> OutputLayer
        if normalised.contains(layer) {
            fit = try fitting(layer, order: order, images: search.images, of: transformer)
            spending.work.forward += meter.done - before
        } else {
            let moments = try ordered(layer, order: order, of: transformer)
            fit = { [self] kept in
                meter.add(trial(layer, keeping: kept).solutions)
                return moments.output(kept, by: search.compensation)
            }
        }
        return LayerCompensation { [self] kept in
            let start = ContinuousClock.now
            let before = meter.done
            let output = try fit(kept)
            let expected = trial(layer, keeping: kept)
            spending.work.forward += meter.done - before - expected.sums - expected.solutions
            spending.work.sums += expected.sums
            spending.work.solutions += expected.solutions
            spending.seconds += (ContinuousClock.now - start).seconds
            return output
        }
    }

    /// Brings the images to a layer, and fits it at each width to sums of its own.
    private func fitting(
        _ layer: Int, order: [Int], images: some InputSource, of transformer: Transformer
    ) throws -> (Int) throws -> OutputLayer {
        let run = try CompensationRun(
            compensation: search.compensation, layout: layout, meter: meter, monitor: monitor,
            stream: { workspaces in
                try CalibrationStream(
                    transformer, images: images, shape: layout.shape, units: layout.units,
                    resident: 0..<layout.residentUnits, meter: meter, workspaces: workspaces, monitor: monitor)
            }, reference: { _ in nil })
        for index in 0..<layer { try run.advance(index) }
        return { kept in try run.fit(layer, keeping: Array(order.prefix(kept))).layer }
    }

    private func ordered(_ layer: Int, order: [Int], of transformer: Transformer) throws -> OrderedMoments {
        if sums[layer] == nil { try sum(passes.first { $0.contains(layer) } ?? [layer], of: transformer) }
        guard let own = sums.removeValue(forKey: layer) else {
            preconditionFailure("a pass sums up every layer it is made for")
        }
        let output = try transformer.blocks[layer].weights().mlp.output
        return OrderedMoments(own.moments(), order: order, weight: output.weight.view, bias: output.bias)
    }

    private func sum(_ layers: [Int], of transformer: Transformer) throws {
        guard let highest = layers.max() else { return }
        let own = Dictionary(uniqueKeysWithValues: layers.map { ($0, MomentSums(features: widths[$0], outputs: 0)) })
        let before = meter.done
        for first in stride(from: 0, to: layout.chunks, by: layout.chunksTogether) {
            let chunks = first..<min(first + layout.chunksTogether, layout.chunks)
            try add(chunks, highest: highest, to: own, images: search.images, of: transformer)
        }
        sums = own
        let expected = pass(layers)
        spending.work.sums += expected.sums
        spending.work.forward += meter.done - before - expected.sums
    }

    private func add(
        _ chunks: Range<Int>, highest: Int, to sums: [Int: MomentSums], images: some InputSource,
        of transformer: Transformer
    ) throws {
        let workspaces = WorkspacePool()
        let units =
            layout.units(ofChunk: chunks.lowerBound)
            .lowerBound..<layout.units(
                ofChunk: chunks.upperBound - 1
            ).upperBound
        let stream = try CalibrationStream(
            transformer, images: images, shape: layout.shape, units: layout.units, resident: units, meter: meter,
            workspaces: workspaces, monitor: monitor)
        let (layout, monitor, meter, work) = (layout, monitor, meter, work)
        for index in 0...highest {
            let block = try stream.block(index)
            let hidden = block.hiddenWidth
            let parts = sums[index].map { _ in
                chunks.map { chunk in
                    let rows = layout.units(ofChunk: chunk).reduce(0) { $0 + layout.units.range($1).count }
                    return MomentSums.Chunk(
                        rows: rows * layout.shape.count, features: FloatBuffer([rows * layout.shape.count, hidden]),
                        lack: FloatBuffer([rows * layout.shape.count, 0]), targets: [])
                }
            }
            try Parallel.forEach(units.count) { number in
                try monitor.check()
                let unit = units.lowerBound + number
                let count = layout.units.range(unit).count
                let middle = try stream.middle(ofBlock: index, unit: unit)
                if let parts {
                    let chunk = unit / layout.unitsPerChunk
                    let first = (unit - chunk * layout.unitsPerChunk) * layout.units.size * layout.shape.count
                    block.features(
                        middle, rows: count * layout.shape.count,
                        into: parts[chunk - chunks.lowerBound].features.row(first), workspaces: workspaces)
                    meter.add(count * work.expansion(index, hidden: hidden))
                }
                if index < highest { try stream.finish(index, unit: unit) }
            }
            guard let parts, let own = sums[index] else { continue }
            try check(parts, first: chunks.lowerBound)
            try own.add(parts, workspaces: workspaces)
            meter.add(parts.reduce(0) { $0 + MomentSums.work(rows: $1.rows, features: hidden, outputs: 0) })
        }
    }

    private func check(_ parts: [MomentSums.Chunk], first chunk: Int) throws {
        for (place, part) in parts.enumerated() {
            guard let bad = FloatView(part.features).firstNonFinite else { continue }
            let unit = (chunk + place) * layout.unitsPerChunk
            let row = bad / max(1, part.features.rowCount)
            throw ModelError.nonFiniteFeature(image: unit * layout.units.size + row / layout.shape.count)
        }
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
