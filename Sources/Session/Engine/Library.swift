import Checkpoints
import Foundation
import Images
import Models
import Tensor

/// Opened models and listed data sets of this process, so that a sentence does not open them again.
///
/// Nothing here is part of the session's state: everything can be opened anew from paths and hashes.
final class Library {
    private var models: [String: (stamp: SourceStamp, model: Model)] = [:]
    private var transformers: [(model: Model, kept: KeptNeurons, transformer: Transformer)] = []
    private var parts: [DataEntry: [DataPart]] = [:]

    /// Transformers that are kept ready: the current model and the original it is compared with.
    private static let ready = 2

    func model(path: String, heads: Int?, stamp: SourceStamp) throws -> Model {
        let key = path + "\0" + (heads.map(String.init) ?? "")
        if let known = models[key], known.stamp == stamp { return known.model }
        let model = try Model(path: path, heads: heads)
        models[key] = (stamp, model)
        return model
    }

    /// Only of the very model that was opened: another file of the same content, or the same file read with another number
    /// of heads, is another one.
    func transformer(_ model: Model, keeping kept: KeptNeurons) throws -> Transformer {
        if let known = transformers.first(where: { $0.model === model && $0.kept == kept }) { return known.transformer }
        let transformer = try model.transformer(keeping: kept)
        transformers.append((model, kept, transformer))
        if transformers.count > Self.ready { transformers.removeFirst() }
        return transformer
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
struct PartImages: ImageSource {
    let part: DataPart
    /// nil for images that came prepared.
    let preprocessing: Preprocessing?
    let shape: [Int]

    init(part: DataPart, preprocessing: Preprocessing) {
        self.part = part
        if let prepared = part.preparedShape {
            self.preprocessing = nil
            shape = prepared
        } else {
            self.preprocessing = preprocessing
            shape = preprocessing.shape
        }
    }

    var count: Int { part.count }
    var channels: Int { shape[0] }
    var height: Int { shape[1] }
    var width: Int { shape[2] }

    func load(_ range: Range<Int>) throws -> FloatBuffer {
        guard let preprocessing else { return try part.readPrepared(range) }
        return try part.read(range, preprocessing: preprocessing)
    }
}

/// The parts of a set one after another.
struct JoinedImages: ImageSource {
    let sources: [PartImages]

    var count: Int { sources.reduce(0) { $0 + $1.count } }
    var channels: Int { sources[0].channels }
    var height: Int { sources[0].height }
    var width: Int { sources[0].width }

    func load(_ range: Range<Int>) throws -> FloatBuffer {
        let result = FloatBuffer([range.count, channels, height, width])
        var offset = 0
        for source in sources {
            let own = range.clamped(to: offset..<(offset + source.count))
            if !own.isEmpty {
                let values = try source.load((own.lowerBound - offset)..<(own.upperBound - offset))
                result.row(own.lowerBound - range.lowerBound).update(from: values.pointer, count: values.count)
            }
            offset += source.count
        }
        return result
    }
}
