import Foundation

/// The index of a checkpoint in several files: which file holds which tensor.
struct ShardIndex {
    let path: String
    /// The file of each tensor, by names relative to the index's folder.
    let shards: [String: String]

    /// A hundred bytes for each of a million tensors.
    private static let longest = 100_000_000

    private struct Content: Decodable {
        let shards: [String: String]

        enum CodingKeys: String, CodingKey { case shards = "weight_map" }
    }

    init(_ file: MappedFile) throws(CheckpointError) {
        path = file.path
        guard file.bytes.count <= Self.longest else {
            throw .malformedIndex(path: path, reason: "it has \(file.bytes.count) bytes")
        }
        let content: Content
        do { content = try JSONDecoder().decode(Content.self, from: Data(file.bytes)) } catch {
            throw .malformedIndex(path: path, reason: "it is no JSON object with a weight_map from tensors to files")
        }
        guard !content.shards.isEmpty else { throw .malformedIndex(path: path, reason: "its weight_map is empty") }
        shards = content.shards
        for shard in shardNames {
            let parts = shard.split(separator: "/", omittingEmptySubsequences: false)
            guard !shard.contains("\0"), !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
                throw .shardOutsideFolder(index: path, shard: shard)
            }
        }
    }

    var shardNames: [String] { Set(shards.values).sorted() }

    func path(of shard: String) -> String {
        ((path as NSString).deletingLastPathComponent as NSString).appendingPathComponent(shard)
    }

    /// A shard's bytes.
    func open(_ shard: String) throws(CheckpointError) -> MappedFile {
        do throws(CheckpointError) { return try MappedFile(path: path(of: shard)) } catch {
            if case .notFound = error { throw .missingShard(index: path, shard: shard) }
            throw error
        }
    }
}
