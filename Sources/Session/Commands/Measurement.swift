import Evaluation
import Foundation
import Images
import Language
import Models
import Pruning
import Report
import Tensor

/// Quantities that several commands measure, taken from the cache where they are known.
enum Measurement {
    struct Entropy: Codable {
        let mean: Double
        let perBatch: [Double]
    }

    /// The entropy of a view of a model on some images.
    static func entropy(
        _ measure: ValidationEntropy, of model: OpenModel, kept: KeptNeurons, images: PartImages, data: OpenData,
        _ context: inout CommandContext
    ) throws -> Entropy {
        _ = try measure.images(of: images.count)
        var key = try CacheKey("entropy", model, kept: kept)
        key.on(images, of: data)
        key.recipe = ["t": String(measure.temperature), "batch": String(measure.batch)]
        return try context.cached(key, as: Entropy.self) { context in
            let outputs = try outputs(of: model, kept: kept, images: images, in: data, context)
            let (mean, perBatch) = try measure.measure(outputs.features)
            return Entropy(mean: mean, perBatch: perBatch)
        }
    }

    /// What a view of a model gives for images of a data set: kept from a pass before, or of one made now.
    ///
    /// Logits come along where they are small, for whatever is measured next.
    static func outputs(
        of model: OpenModel, kept: KeptNeurons? = nil, images: PartImages, in data: OpenData,
        wanting options: OutputOptions = [], _ context: CommandContext
    ) throws -> Outputs {
        var key = try CacheKey("outputs", model, kept: kept)
        key.on(images, of: data)
        let hash = try key.hash
        let recent = context.library.recentOutputs
        if let known = recent.find(hash, wanting: options) { return known }
        // Little beside what activations may take, and enough for most data sets.
        let limit = min(context.memoryLimit / 16, 256 << 20)
        let classes = model.model.architecture.head?.classes ?? 0
        let wanted = images.count * classes * MemoryLayout<Float>.stride <= limit / 4 ? options.union(.logits) : options
        let found = try outputs(of: model, kept: kept, images: images, wanting: wanted, context)
        recent.remember(found, hash, wanting: wanted, limit: limit)
        return found
    }

    /// Runs images through a view of a model.
    static func outputs(
        of model: OpenModel, kept: KeptNeurons? = nil, images: some InputSource, wanting options: OutputOptions = [],
        _ context: CommandContext
    ) throws -> Outputs {
        let transformer = try context.transformer(model, keeping: kept ?? model.entry.kept)
        return try transformer.run(images, wanting: options, monitor: context.monitor("running \(model.name)"))
    }

    /// Images where texts are (images, D): their projected features, or the features themselves where the model has no
    /// projection.
    static func embeddings(
        of model: OpenModel, images: some InputSource, _ context: CommandContext
    ) throws -> FloatBuffer {
        let transformer = try context.transformer(model)
        let features = try outputs(of: model, images: images, context).features
        return transformer.project(features) ?? features
    }
}

extension OpenModel {
    /// The width of `Measurement.embeddings`.
    var embeddingWidth: Int { model.architecture.projection ?? model.architecture.width }

    /// A short name for exactly this view of exactly this checkpoint.
    var view: String { get throws { String(try CacheKey("view", self).hash.prefix(16)) } }
}

extension CommandContext {
    /// What `evaluate` measured last on the model as it is now: in this sentence, or in the journal.
    func lastMeasured(_ measure: String, of model: OpenModel) throws -> Double? {
        let view = try model.view
        // The mean cosine is said beside the agreement.
        let (kind, field) = measure == "cosine" ? ("agreement", "cosine") : (measure, "value")
        func value(in outputs: [Output]) -> Double? {
            for case .line(_, let data) in outputs.reversed()
            where data["measure"] == .string(kind) && data["of"] == .string(view) {
                if case .double(let value)? = data[field] { return value }
            }
            return nil
        }
        if let own = value(in: outputs) { return own }
        for cell in try store.lastCells(500).reversed() where cell.status == .ok {
            if let found = value(in: try store.outputs(ofCell: cell.number)) { return found }
        }
        return nil
    }
}
