import Foundation

/// What is found in the file or the files of weights, before names are brought into shape.
struct WeightsContent {
    let format: WeightsFormat
    /// The paths of the files that an index names.
    private(set) var shards: [String] = []
    private(set) var tensors: [(name: String, place: TensorPlace)] = []
    private(set) var metadata: [String: String]?
    private(set) var unwrapped: [String] = []
    private(set) var skipped: [String] = []

    /// What transformers asks of a safetensors file: that somebody says its tensors are PyTorch's.
    private static let torchMetadata = ["format": "pt"]

    /// The content of one file.
    init(_ file: MappedFile, _ format: WeightsFormat) throws(CheckpointError) {
        self.format = format
        guard format.isTorch else {
            let reader = try SafetensorsFile(file)
            tensors = reader.names.compactMap { name in reader.place(of: name).map { (name, $0) } }
            metadata = reader.metadata
            return
        }
        let archive = try TorchArchive(file)
        tensors = archive.tensors
        unwrapped = archive.unwrapped
        skipped = archive.skipped
        metadata = Self.torchMetadata
    }

    /// The content of the files that an index names, each tensor from the file it is said to be in.
    init(index: ShardIndex) throws(CheckpointError) {
        var isTorch = false
        var left = Set(index.shards.keys)
        for shard in index.shardNames {
            let file = try index.open(shard)
            let (format, isIndex) = try WeightsFormat.detect(file)
            guard !isIndex else { throw .malformedIndex(path: index.path, reason: "it names \(shard), another index") }
            let content = try WeightsContent(file, format)
            shards.append(file.path)
            isTorch = isTorch || format.isTorch
            metadata = metadata ?? content.metadata
            for entry in content.unwrapped where !unwrapped.contains(entry) { unwrapped.append(entry) }
            skipped += content.skipped
            for tensor in content.tensors {
                guard index.shards[tensor.name] == shard else {
                    skipped.append("\(tensor.name) in \(shard)")
                    continue
                }
                left.remove(tensor.name)
                tensors.append(tensor)
            }
        }
        format = isTorch ? .shardedTorch : .shardedSafetensors
        if let missing = left.min(), let shard = index.shards[missing] {
            throw .tensorNotInShard(index: index.path, tensor: missing, shard: shard)
        }
    }
}

extension WeightsFormat {
    var isTorch: Bool { self == .torch || self == .shardedTorch }
}

/// A prefix that wrappers of training put before all names.
enum WrapperPrefix {
    /// Words that no family uses for a part of its own; `visual`, `vision_model`, `vit` or `bert` are such parts.
    private static let words: Set<Substring> = [
        "module", "_orig_mod", "model", "backbone", "teacher", "student", "ema", "model_ema",
    ]

    /// The wrappers' words that all names begin with, each with its dot; empty where there are none.
    static func common(to names: [String]) -> String {
        var prefix = ""
        guard let first = names.first else { return prefix }
        for word in first.split(separator: ".", omittingEmptySubsequences: false).dropLast() {
            let longer = prefix + word + "."
            guard words.contains(word),
                names.allSatisfy({ $0.utf8.starts(with: longer.utf8) && $0.utf8.count > longer.utf8.count })
            else { break }
            prefix = longer
        }
        return prefix
    }
}
