import Foundation
import Language
import Models
import Pruning
import Report
import Tensor

// `prune compensate=ls`: changes the output layers of narrowed MLPs so that less is lost.
extension Prune {
    /// What came of compensating, as the cache keeps it.
    struct Compensated: Codable {
        let revision: Revision
        /// By layer, from 0.
        let fits: [Int: OutputFit]
    }

    /// Gives the output layers of layers that are about to be narrowed their compensated values.
    ///
    /// - Parameter narrowed: by layer from 0 the neurons that are kept, counted in the model as it is.
    static func compensate(
        _ model: OpenModel, narrowed: [Int: [Int]], by compensation: Compensation, on data: OpenData,
        _ context: inout CommandContext
    ) throws -> Compensated {
        let images = try context.images(data.images(for: .calibration), for: model)
        let kept = narrowed.reduce(model.entry.kept) { $0.keeping($1.value, of: $1.key) }
        var key = try CacheKey("compensation", model)
        key.on(images, of: data)
        key.recipe = [
            "method": compensation.method.rawValue, "target": compensation.target.rawValue,
            "ridge": String(compensation.ridge), "into": try CacheKey("view", model, kept: kept).hash,
        ]
        let hash = try key.hash
        if let known = try context.store.cached(hash),
            let found = try? JSONDecoder().decode(Compensated.self, from: known), context.revisions.has(found.revision)
        {
            context.status("\(faint: "compensation from cache")", data: ["cached_part": .string("compensation")])
            return found
        }
        try context.revisions.prepare()
        let started = Date()
        let share = context.memory(for: model, keeping: model.entry.kept)
        let reference = compensation.target == .block ? nil : try context.transformer(model.original)
        let compensator = Compensator(
            transformer: try context.transformer(model), kept: narrowed, compensation: compensation,
            reference: reference, memoryLimit: share.activations)
        let activations = try share.fitting { try compensator.memory(for: images.shape, inputs: images.count) }
        let watch = context.watch("compensating \(model.name)", on: model, memory: activations + share.weights)
        let layers = try compensator.run(images, monitor: watch.monitor)
        var changed: [String: FloatBuffer] = [:]
        for (index, layer) in layers where layer.fit.skipped == nil {
            let tensors = try model.model.outputTensors(
                ofBlock: index, neurons: kept[index] ?? [], weight: layer.weight, bias: layer.bias)
            changed.merge(tensors) { $1 }
        }
        let result = Compensated(
            revision: try context.revisions.store(model.model.revision(changing: changed), identity: hash),
            fits: layers.mapValues(\.fit))
        context.close(watch, on: model, share: share, activations: activations)
        context.status(
            "\(seconds: Date().timeIntervalSince(started)) for compensation",
            data: ["seconds": .double(Date().timeIntervalSince(started))])
        try context.store.cache(
            CacheEntry(key: hash, kind: key.kind, data: try JSONEncoder().encode(result)))
        returnFreeMemory()
        return result
    }

    static func describe(
        _ compensated: Compensated, _ compensation: Compensation, of model: OpenModel, on data: OpenData,
        _ context: inout CommandContext
    ) throws {
        let fits = compensated.fits.sorted { $0.key < $1.key }
        let hasNotes = fits.contains { $0.value.skipped != nil }
        var table = Table(
            columns: [
                Table.Column("layer"), .number("missing as pruned", key: "missing_before"),
                .number("missing compensated", key: "missing_after"),
            ] + (hasNotes ? [Table.Column("note", wide: true)] : []))
        for (layer, fit) in fits {
            table.rows.append([
                Table.Cell(model.label(ofLayer: layer), value: .int(layer + 1)), .percent(fit.before),
                .percent(fit.after), Table.Cell(StyledText(fit.skipped.map(words) ?? "")),
            ])
        }
        context.show(.table(table))
        let count = try data.images(for: .calibration).count
        let (before, after) = fits.reduce((0.0, 0.0)) { ($0.0 + $1.value.before, $0.1 + $1.value.after) }
        context.say(
            """
            compensated by \(strong: compensation.method.title) on \(count: count) \(model.inputs): of what an MLP's output should be, \
            \(percent: after / Double(max(fits.count, 1))) is missing where it was \
            \(percent: before / Double(max(fits.count, 1)))
            """,
            data: [
                "compensation": .string(compensation.method.rawValue), "images": .int(count),
                "target": .string(compensation.target.rawValue), "ridge": .double(compensation.ridge),
                "missing_before": .double(before / Double(max(fits.count, 1))),
                "missing_after": .double(after / Double(max(fits.count, 1))),
            ])
    }

    private static func words(_ skip: OutputFit.Skip) -> String {
        switch skip {
        case .noBias: "left: its output layer has no bias"
        case .largeFactor: "left: a factor would be above 10"
        case .unsolvable: "left: the equations have no solution"
        }
    }
}
