import Foundation
import Synchronization

/// The tensors of a checkpoint, whatever files they lie in.
///
/// Nothing but headers is read before a tensor is asked for. Tensors that lie in the file in another order than
/// row-major are brought into it then, and kept.
package final class Weights: TensorReading {
    /// The file of weights, or the index of several.
    package let path: String
    package let format: WeightsFormat
    /// All files that the tensors and the index lie in.
    package let files: [String]
    package let tensors: [String: TensorInfo]
    /// In the order of the files: by bytes in safetensors, as in the dictionary in PyTorch's; shards by their names.
    package let names: [String]
    /// What a safetensors file saved from these says about itself.
    package let metadata: [String: String]?
    /// What was taken off on the way to the tensors: keys such as `state_dict`, prefixes of all names such as `module.`
    package let unwrapped: [String]
    /// What a PyTorch file holds beside the tensors: its key, and its class where it is an object.
    package let skipped: [String]
    private let places: [String: TensorPlace]
    private let gathered = Mutex<[String: StoredTensor]>([:])

    /// - Parameter path: a file of weights or an index.
    package init(path: String) throws(CheckpointError) {
        self.path = path
        let file = try MappedFile(path: path)
        let (format, isIndex) = try WeightsFormat.detect(file)
        let content = isIndex ? try WeightsContent(index: ShardIndex(file)) : try WeightsContent(file, format)
        self.format = content.format
        files = [path] + content.shards
        metadata = content.metadata
        skipped = content.skipped
        let prefix = content.format.isTorch ? WrapperPrefix.common(to: content.tensors.map(\.name)) : ""
        unwrapped = content.unwrapped + (prefix.isEmpty ? [] : [prefix])
        names =
            prefix.isEmpty
            ? content.tensors.map(\.name)
            : content.tensors.map { String(decoding: $0.name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self) }
        places = Dictionary(zip(names, content.tensors.map(\.place)), uniquingKeysWith: { $1 })
        tensors = places.mapValues(\.info)
    }

    package func stored(_ name: String) throws(CheckpointError) -> StoredTensor {
        guard let place = places[name] else { throw .missingTensor(path: path, tensor: name) }
        if let stored = place.inPlace { return stored }
        return gathered.withLock { gathered in
            if let known = gathered[name] { return known }
            let stored = place.gathered()
            gathered[name] = stored
            return stored
        }
    }

    /// The files that weights at a path lie in, without reading more than an index.
    package static func files(at path: String) throws(CheckpointError) -> [String] {
        guard path.hasSuffix(".json") else { return [path] }
        let index = try ShardIndex(MappedFile(path: path))
        return [path] + index.shardNames.map(index.path(of:))
    }
}
