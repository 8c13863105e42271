import Checkpoints

/// A plain vision transformer of random weights in timm's names, for 224-pixel images in patches of 16.
struct RandomViT: Sendable {
    /// The four sizes of the literature.
    enum Size: String, CaseIterable, Sendable {
        case tiny = "ti"
        case small = "s"
        case base = "b"
        case large = "l"

        var width: Int {
            switch self {
            case .tiny: 192
            case .small: 384
            case .base: 768
            case .large: 1024
            }
        }

        var depth: Int { self == .large ? 24 : 12 }
        /// Every head is 64 wide.
        var heads: Int { width / 64 }
        /// timm's name of the architecture.
        var name: String {
            switch self {
            case .tiny: "vit_tiny_patch16_224"
            case .small: "vit_small_patch16_224"
            case .base: "vit_base_patch16_224"
            case .large: "vit_large_patch16_224"
            }
        }
    }

    static let image = 224
    static let patch = 16

    let size: Size
    /// Blocks, where it is to have another number than its size has.
    var depth: Int?
    /// The standard deviation of the weights; timm initialises with 0.02.
    var deviation: Float = 0.02

    private var blocks: Int { depth ?? size.depth }

    /// Writes weights and configuration into a folder that is there.
    func write(to folder: String) throws {
        let width = size.width
        let grid = Self.image / Self.patch
        var tensors = [
            tensor("cls_token", [1, 1, width]), tensor("pos_embed", [1, 1 + grid * grid, width]),
            tensor("patch_embed.proj.weight", [width, 3, Self.patch, Self.patch]),
            tensor("patch_embed.proj.bias", [width]),
        ]
        for block in 0..<blocks {
            let name = "blocks.\(block)."
            tensors += norm(name + "norm1") + linear(name + "attn.qkv", 3 * width, width)
            tensors += linear(name + "attn.proj", width, width) + norm(name + "norm2")
            tensors += linear(name + "mlp.fc1", 4 * width, width) + linear(name + "mlp.fc2", width, 4 * width)
        }
        tensors += norm("norm")
        let file = try StagedFile(target: folder + "/" + Checkpoint.weightsName)
        try SafetensorsWriter.write(tensors, metadata: nil, to: file)
        try file.commit()
        let config = JSON.object([
            "architecture": .string(size.name), "num_classes": .number(0),
            "model_args": .object(["depth": .number(Double(blocks))]),
        ])
        let text = try StagedFile(target: folder + "/" + Checkpoint.configName)
        try text.write(config.encoded())
        try text.commit()
    }

    private func norm(_ name: String) -> [TensorSource] {
        let width = size.width
        return [
            TensorSource(name: name + ".weight", shape: [width], floats: Array(repeating: 1, count: width)),
            TensorSource(name: name + ".bias", shape: [width], floats: Array(repeating: 0, count: width)),
        ]
    }

    private func linear(_ name: String, _ outputs: Int, _ inputs: Int) -> [TensorSource] {
        [tensor(name + ".weight", [outputs, inputs]), tensor(name + ".bias", [outputs])]
    }

    /// Normally distributed, from a stream of its own for each name.
    private func tensor(_ name: String, _ shape: [Int]) -> TensorSource {
        TensorSource(name: name, type: .float32, shape: shape) { write in
            let seed = name.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
            let values = randomNormals(shape.reduce(1, *), deviation: deviation, seed: seed)
            try values.withUnsafeBytes(write)
        }
    }
}
