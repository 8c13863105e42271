import Models
import Tensor

/// What a search needs to judge its tries after compensation.
///
/// While layer ℓ is searched, what enters it is what entered it at the start: earlier layers are not narrowed yet. So the
/// covariance of its hidden activations is summed up once, with the model as it stands at the start, and each width takes
/// that of the neurons it keeps. All targets are the same here. Once earlier layers are narrowed too, a `Compensator` can
/// fit all output layers anew to what enters them then.
package struct CompensatedSearch: Sendable {
    let compensation: Compensation
    let images: any InputSource
    let memoryLimit: Int
    let found: @Sendable (Int, OutputLayer) throws -> Void

    /// - Parameters:
    ///   - images: the calibration images, of which every token counts.
    ///   - memoryLimit: bytes that covariances may take beside what the search keeps. Where those of all layers do not fit,
    ///     the images run again for some of the layers at a time.
    ///   - found: called with the output layer of each layer that was narrowed.
    package init(
        compensation: Compensation, images: any InputSource, memoryLimit: Int,
        found: @escaping @Sendable (Int, OutputLayer) throws -> Void = { _, _ in }
    ) {
        self.compensation = compensation
        self.images = images
        self.memoryLimit = memoryLimit
        self.found = found
    }

    func begin(
        _ transformer: Transformer, layers: [Int], steps: Int, meter: WorkMeter, monitor: Monitor
    ) throws -> SearchCalibration {
        try SearchCalibration(self, transformer, layers: layers, steps: steps, meter: meter, monitor: monitor)
    }
}

/// The covariances of layers under search, made for as many layers at a time as fit.
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
        if let layer = try layers.first(where: { try transformer.blocks[$0].weights().mlp.hiddenNorm != nil }) {
            throw PruningError.searchCannotCompensate(layer: layer)
        }
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
            if bytes <= free, !passes.isEmpty {
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
                $0 + steps * trial(hidden: widths[$1], keeping: widths[$1] / 2)
            }
    }

    /// What summing up some layers costs.
    private func pass(_ layers: [Int]) -> CompensationWork {
        var result = CompensationWork()
        let inputs = search.images.count
        guard let highest = layers.max() else { return result }
        let whole = work.blocks(widths: Array(widths.prefix(highest)))
        result.forward = inputs * (work.embedding + whole + work.attention(highest))
        for layer in layers {
            result.forward += inputs * work.expansion(layer, hidden: widths[layer])
            result.sums += MomentSums.work(rows: inputs * layout.shape.count, features: widths[layer], outputs: 0)
        }
        return result
    }

    /// What the equations of one width cost.
    private func trial(hidden: Int, keeping kept: Int) -> Int {
        2 * width * hidden * (hidden - kept) + CompensationWork.solution(features: kept, outputs: width)
    }

    /// - Parameters:
    ///   - order: the layer's neurons by descending importance.
    ///   - transformer: the model as it stands; blocks up to `layer` are those of the start.
    func layer(_ layer: Int, order: [Int], of transformer: Transformer) throws -> LayerCompensation {
        let start = ContinuousClock.now
        if sums[layer] == nil, let layers = passes.first(where: { $0.contains(layer) }) {
            try sum(layers, of: transformer)
        }
        let moments = sums[layer]?.moments()
        sums[layer] = nil
        guard let moments else { throw PruningError.searchCannotCompensate(layer: layer) }
        let output = try transformer.blocks[layer].weights().mlp.output
        let compensation = LayerCompensation(
            search.compensation, moments: moments, order: order, weight: output.weight.view, bias: output.bias
        ) { [self] kept, elapsed in
            let operations = trial(hidden: order.count, keeping: kept)
            meter.add(operations)
            spending.work.solutions += operations
            spending.seconds += elapsed.seconds
        }
        spending.seconds += (ContinuousClock.now - start).seconds
        return compensation
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
