import Foundation

// Which file of a folder holds the weights.
extension Checkpoint {
    /// The names that libraries give to a file of weights, the safest format first.
    private static let usualNames = [
        weightsName, "model.safetensors.index.json", "open_clip_model.safetensors", "pytorch_model.bin",
        "pytorch_model.bin.index.json", "open_clip_pytorch_model.bin",
    ]
    private static let torchEndings = [".bin", ".pth", ".pt"]
    /// What training loops leave beside the weights.
    private static let trainingFiles = ["training_args.bin", "optimizer.bin", "optimizer.pt", "scheduler.pt"]

    /// The file that a path names: itself, or the one of the folder that holds the weights or lists where they are.
    ///
    /// A usual name comes first; otherwise the only safetensors file, its index, or the only PyTorch file.
    package static func weightsFile(at path: String) throws(CheckpointError) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw .notFound(path: path)
        }
        guard isDirectory.boolValue else { return path }
        func inside(_ name: String) -> String { (path as NSString).appendingPathComponent(name) }
        for name in usualNames where FileManager.default.fileExists(atPath: inside(name)) { return inside(name) }
        let found: [String]
        do { found = try FileManager.default.contentsOfDirectory(atPath: path).sorted() } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
        let indexes = found.filter { $0.hasSuffix(".index.json") }
        if indexes.count == 1 { return inside(indexes[0]) }
        let candidates = found.filter { $0.hasSuffix(".safetensors") }
        if candidates.count == 1, indexes.isEmpty { return inside(candidates[0]) }
        let archives = found.filter { name in
            torchEndings.contains(where: name.hasSuffix) && !trainingFiles.contains(name)
                && !name.hasPrefix("rng_state")
        }
        if candidates.isEmpty, indexes.isEmpty, archives.count == 1 { return inside(archives[0]) }
        throw .noWeights(directory: path, found: found)
    }
}
