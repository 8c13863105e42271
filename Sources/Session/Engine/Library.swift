import Checkpoints
import Foundation
import Images
import Models
import Tensor

/// Opened models and listed data sets of this process, so that a sentence does not open them again.
///
/// Nothing here is part of the session's state: everything can be opened anew from paths and hashes.
final class Library {
    private var models: [ModelKey: (stamp: SourceStamp, model: Model)] = [:]
    private var revised: [(base: Model, weights: Weights, model: Model)] = []
    private var transformers: [(model: Model, view: TransformerView, transformer: Transformer)] = []
    private var parts: [DataEntry: [DataPart]] = [:]
    let recentOutputs = RecentOutputs()
    /// Operations a second of a model's last work, with the threads it had.
    private var rates: [ObjectIdentifier: (threads: Int, rate: Double)] = [:]

    private struct ModelKey: Hashable {
        let path: String
        let given: Given
    }

    private struct TransformerView: Hashable {
        let kept: KeptNeurons
        let use: WeightUse
        let precision: Precision
    }

    /// Transformers that are kept ready: the current model and the original it is compared with.
    private static let ready = 2

    func model(path: String, given: Given, stamp: SourceStamp) throws -> Model {
        let key = ModelKey(path: path, given: given)
        if let known = models[key], known.stamp == stamp { return known.model }
        let model = try Model(path: path, given: given)
        models[key] = (stamp, model)
        return model
    }

    /// A model with revised tensors, the same object as long as both are.
    func revised(_ model: Model, by weights: Weights) throws -> Model {
        if let known = revised.first(where: { $0.base === model && $0.weights === weights }) { return known.model }
        let result = try Model(revising: model, with: weights)
        revised.append((model, weights, result))
        if revised.count > Self.ready { revised.removeFirst() }
        return result
    }

    /// Only of the very model that was opened: another file of the same content, or the same file read with another number
    /// of heads, is another one.
    func transformer(
        _ model: Model, keeping kept: KeptNeurons, use: WeightUse, precision: Precision
    ) throws -> Transformer {
        let view = TransformerView(kept: kept, use: use, precision: precision)
        if let known = transformers.first(where: { $0.model === model && $0.view == view }) {
            return known.transformer
        }
        let transformer = try model.transformer(keeping: kept, use: use, precision: precision)
        transformers.append((model, view, transformer))
        if transformers.count > Self.ready { transformers.removeFirst() }
        return transformer
    }

    /// How fast the model's last long work was, in operations a second, with as many threads as now.
    func rate(of model: Model) -> Double? {
        rates[ObjectIdentifier(model)].flatMap { $0.threads == Parallel.threads ? $0.rate : nil }
    }

    func remember(rate: Double?, of model: Model) {
        guard let rate, rate > 0 else { return }
        rates[ObjectIdentifier(model)] = (Parallel.threads, rate)
    }

    func parts(of entry: DataEntry, open: () throws -> [DataPart]) rethrows -> [DataPart] {
        if let known = parts[entry] { return known }
        let opened = try open()
        parts[entry] = opened
        return opened
    }

    func remember(_ opened: [DataPart], for entry: DataEntry) { parts[entry] = opened }
}

/// A part of a data set, prepared for one model.
struct PartImages: InputSource {
    let part: DataPart
    /// nil for what came prepared.
    let preprocessing: Preprocessing?
    let shape: InputShape

    init(part: DataPart, preprocessing: Preprocessing) {
        self.part = part
        if let length = part.textLength {
            self.preprocessing = nil
            shape = .text(length: length)
        } else {
            let sizes = part.preparedShape ?? preprocessing.shape
            self.preprocessing = part.preparedShape == nil ? preprocessing : nil
            shape = .image(channels: sizes[0], extent: Extent(height: sizes[1], width: sizes[2]))
        }
    }

    var count: Int { part.count }

    func load(_ range: Range<Int>) throws -> Inputs {
        if part.textLength != nil {
            let rows = part.readTexts(range)
            return .texts(TokenBatch(length: rows.length, ids: rows.ids, segments: rows.segments, mask: rows.mask))
        }
        guard let preprocessing else { return .images(try part.readPrepared(range)) }
        return .images(try part.read(range, preprocessing: preprocessing))
    }
}

/// The parts of a set one after another.
struct JoinedImages: InputSource {
    let sources: [PartImages]

    var count: Int { sources.reduce(0) { $0 + $1.count } }
    var shape: InputShape { sources[0].shape }

    func load(_ range: Range<Int>) throws -> Inputs {
        var offset = 0
        var parts: [Inputs] = []
        for source in sources {
            let own = range.clamped(to: offset..<(offset + source.count))
            if !own.isEmpty { parts.append(try source.load((own.lowerBound - offset)..<(own.upperBound - offset))) }
            offset += source.count
        }
        return Inputs(joining: parts, shape: shape)
    }
}
