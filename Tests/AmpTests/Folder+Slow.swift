extension Folder {
    /// A folder with a model large enough that a search of it takes seconds, in `slow/`, beside the tiny ones.
    static func slow() throws -> Folder {
        let folder = try staged()
        for (name, bytes) in slowFiles { try folder.write(bytes, to: name) }
        return folder
    }

    private static let slowFiles: [String: [UInt8]] = {
        let model = TinyModel(depth: 8, width: 192, heads: 3, hidden: 768, imageSize: 96)
        var files = ["slow.safetensors": Stage.images(size: model.imageSize, seed: 6)]
        for (name, bytes) in model.files { files["slow/" + name] = bytes }
        return files
    }()

    /// On one thread, so that a large machine is not done before anything can be seen.
    static let slowPreparation = [
        "set threads 1", "load \"slow\" as m", "data \"slow.safetensors\" tensor=images as cal", "score magnitude",
    ]
    static let slowSearch = "search all within 0.05 batch=8 steps=12"
}
