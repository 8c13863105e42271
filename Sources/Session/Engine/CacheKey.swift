import Checkpoints
import Foundation
import Images
import Models
import Tensor

/// What a computed value depends on. Two equal keys mean the same value; anything else a different one.
struct CacheKey: Encodable {
    /// Changes whenever the engine would compute something else from the same inputs.
    private let engine = 1
    private let precision: Precision
    let kind: String
    /// SHA-256 of the weights and, where the configuration can change the computation, the architecture.
    let source: String
    let architecture: Architecture
    let kept: KeptNeurons
    /// The identity of revised tensors; left out where there are none, as in keys of old.
    let revision: String?
    var data: DataIdentity?
    var recipe: [String: String] = [:]

    /// Which images, in which order, prepared how.
    struct DataIdentity: Encodable {
        let fingerprint: String
        let part: String
        let count: Int
        let classNames: [String]?
        let preprocessing: Preprocessing?
    }

    /// Reads the whole weights file where its hash is not known yet.
    init(_ kind: String, _ model: OpenModel, kept: KeptNeurons? = nil) throws {
        self.kind = kind
        source = try model.hash.value
        precision = model.precision
        architecture = model.model.architecture
        self.kept = kept ?? model.entry.kept
        revision = model.entry.revision?.identity
    }

    /// Of a model's tower of texts, which stays as it is whatever is pruned.
    init(_ kind: String, _ tower: OpenTextTower) throws {
        self.kind = kind
        source = try tower.model.hash.value
        precision = tower.model.precision
        architecture = tower.architecture
        kept = KeptNeurons(allOf: tower.architecture.depth)
        revision = nil
    }

    mutating func on(_ images: PartImages, of data: OpenData) {
        self.data = DataIdentity(
            fingerprint: data.entry.fingerprint, part: images.part.role.rawValue, count: images.count,
            classNames: data.entry.classNames, preprocessing: images.preprocessing)
    }

    /// The hash that stands for all of it.
    var hash: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return sha256(of: try encoder.encode(self))
        }
    }
}

extension CommandContext {
    /// A value from the cache, or computed and put there. Says when it came from the cache.
    /// - Parameter part: what it is, where it is only part of what is asked for
    mutating func cached<Value: Codable>(
        _ key: CacheKey, as type: Value.Type, part: String? = nil, compute: (inout CommandContext) throws -> Value
    ) throws -> Value {
        let hash = try key.hash
        if let data = try store.cached(hash), let value = try? JSONDecoder().decode(type, from: data) {
            status(
                "\(faint: "\(part.map { $0 + " " } ?? "")from cache")",
                data: part.map { ["cached_part": .string($0)] } ?? ["cached": .bool(true)])
            return value
        }
        let value = try compute(&self)
        // Long work leaves much behind that the next sentence would otherwise add to.
        returnFreeMemory()
        try store.cache(CacheEntry(key: hash, kind: key.kind, data: try JSONEncoder().encode(value)))
        return value
    }
}
