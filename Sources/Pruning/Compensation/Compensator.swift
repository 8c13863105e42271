import Models
import Tensor

/// Compensates for removed neurons without training: block after block, from the first to the last, each on what enters it
/// with the blocks before it already narrowed and compensated.
///
/// Every token of every calibration image counts. Where a family has a norm between gate and output layer, the features
/// are those after the norm of the kept neurons alone, and the target is that of all. Families whose output layer has no
/// bias keep none: least squares are then fitted without one.
package struct Compensator: Sendable {
    let transformer: Transformer
    let kept: [Int: [Int]]
    let compensation: Compensation
    let reference: Transformer?
    let memoryLimit: Int

    /// - Parameters:
    ///   - transformer: the model before the neurons are removed.
    ///   - kept: the neurons that blocks keep, counted in `transformer`, in the order they will have.
    ///   - reference: where targets other than `block` come from: the same model with more of its neurons; `transformer`
    ///     unless given.
    ///   - memoryLimit: bytes that it may take.
    package init(
        transformer: Transformer, kept: [Int: [Int]], compensation: Compensation, reference: Transformer? = nil,
        memoryLimit: Int
    ) {
        self.transformer = transformer
        self.kept = kept
        self.compensation = compensation
        self.reference = compensation.target == .block ? nil : reference ?? transformer
        self.memoryLimit = memoryLimit
    }

    private func layout(_ shape: InputShape, inputs: Int) throws -> CompensationLayout {
        guard inputs > 0 else { throw PruningError.tooFewImages(needed: 1, found: inputs) }
        return try CompensationLayout(
            transformer, reference: reference, shape: shape, inputs: inputs,
            features: kept.values.map { needsFeatures ? $0.count : 0 }, method: compensation.method, limit: memoryLimit)
    }

    /// The mean of what is lacking is all that the bias needs.
    private var needsFeatures: Bool { compensation.method != .bias }

    /// Bytes that it will take. Throws `PruningError.memory` where the limit is too low.
    package func memory(for shape: InputShape, inputs: Int) throws -> Int {
        try layout(shape, inputs: inputs).bytes
    }

    /// What compensating with so many inputs costs.
    package func work(for shape: InputShape, inputs: Int) throws -> CompensationWork {
        work(try layout(shape, inputs: inputs), inputs: inputs)
    }

    private func work(_ layout: CompensationLayout, inputs: Int) -> CompensationWork {
        guard let last = kept.keys.max() else { return CompensationWork() }
        let forward = ForwardWork(transformer.architecture, shape: layout.shape, lastRows: .all)
        let width = transformer.architecture.width
        let resident = min(inputs, layout.residentUnits * layout.units.size)
        let streams: [Transformer] = [transformer] + (reference.map { [$0] } ?? [])
        var result = CompensationWork()
        func block(_ index: Int, _ hidden: Int) -> Int { forward.attention(index) + forward.mlp(index, hidden: hidden) }
        for (place, stream) in streams.enumerated() {
            let widths = stream.blocks.indices.map { index in
                place == 0 ? kept[index]?.count ?? stream.blocks[index].hiddenWidth : stream.blocks[index].hiddenWidth
            }
            result.forward += resident * forward.embedding
            var before = forward.embedding
            for index in 0...last {
                result.forward +=
                    resident * (index < last ? block(index, widths[index]) : forward.attention(index))
                if kept[index] != nil { result.forward += (inputs - resident) * (before + forward.attention(index)) }
                before += block(index, widths[index])
            }
        }
        for (index, neurons) in kept {
            let whole = (reference ?? transformer).blocks[index].hiddenWidth
            result.forward += inputs * (forward.mlp(index, hidden: whole) + forward.mlp(index, hidden: neurons.count))
            guard needsFeatures else { continue }
            result.sums += MomentSums.work(
                rows: inputs * layout.shape.count, features: neurons.count, outputs: width)
            result.solutions += CompensationWork.solution(features: neurons.count, outputs: width)
        }
        return result
    }

    /// The output layers of the blocks that keep some of their neurons.
    ///
    /// Throws `PruningError`, `ModelError`, `Interrupted` or what loading an image throws.
    ///
    /// - Parameters:
    ///   - monitor: told of progress in floating-point operations.
    ///   - found: called with each block's layer as soon as there is one.
    package func run(
        _ images: some InputSource, monitor: Monitor = .none, found: (Int, OutputLayer) throws -> Void = { _, _ in }
    ) throws -> [Int: OutputLayer] {
        let layout = try layout(images.shape, inputs: images.count)
        let meter = WorkMeter(monitor)
        meter.expect(work(layout, inputs: images.count).all)
        guard let last = kept.keys.max() else { return [:] }
        let run = try CompensationRun(
            compensation: compensation, layout: layout, meter: meter, monitor: monitor,
            stream: { workspaces in
                try CalibrationStream(
                    transformer, images: images, shape: layout.shape, units: layout.units,
                    resident: 0..<layout.residentUnits, meter: meter, workspaces: workspaces, monitor: monitor)
            },
            reference: { workspaces in
                try reference.map {
                    try CalibrationStream(
                        $0, images: images, shape: layout.shape, units: layout.units,
                        resident: 0..<layout.residentUnits, meter: meter, workspaces: workspaces, monitor: monitor)
                }
            })
        var layers: [Int: OutputLayer] = [:]
        for index in 0...last {
            if let neurons = kept[index] {
                let layer = try run.compensate(index, keeping: neurons)
                layers[index] = layer
                try found(index, layer)
            }
            if index < last { try run.advance(index) }
        }
        return layers
    }
}
