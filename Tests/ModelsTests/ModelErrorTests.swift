import Checkpoints
import Foundation
import Models
import Samples
import Tensor
import Testing

@Suite("A model that can't be right is refused by what is wrong")
struct ModelErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let id: String
        let model: TinyModel
        /// The error for a model in this folder.
        let expected: @Sendable (_ folder: String) -> ModelError
        var testDescription: String { id }

        init(
            _ id: String, on model: TinyModel = .timm(), _ change: (inout TinyModel) -> Void,
            _ expected: @escaping @Sendable (_ folder: String) -> ModelError
        ) {
            self.id = id
            self.model = model.with(change)
            self.expected = expected
        }
    }

    private static func weights(_ folder: String) -> String { folder + "/model.safetensors" }
    private static func config(_ folder: String) -> String { folder + "/config.json" }
    private static func tensor(_ name: String, _ shape: [Int]) -> TinyModel.Weights {
        .init(name, shape, Array(repeating: 0.5, count: shape.reduce(1, *)))
    }

    private static let brokenTensors: [Case] = [
        Case("no tensor of a family", { $0.tensors = [tensor("a.weight", [2, 3]), tensor("b", [1])] }) {
            .unknownFamily(
                path: weights($0),
                patterns: [
                    NamePattern(name: "a.weight", count: 1, shape: [2, 3]),
                    NamePattern(name: "b", count: 1, shape: [1]),
                ], nearest: nil)
        },
        Case("no tensors", { $0.tensors = [] }) { .unknownFamily(path: weights($0), patterns: [], nearest: nil) },
        Case("a missing bias", { $0["blocks.1.mlp.fc1.bias"] = nil }) {
            .missingTensor(path: weights($0), tensor: "blocks.1.mlp.fc1.bias", expected: [12], similar: nil)
        },
        Case("a missing weight", on: .hfViT(), { $0["vit.encoder.layer.1.attention.attention.key.weight"] = nil }) {
            .missingTensor(
                path: weights($0), tensor: "vit.encoder.layer.1.attention.attention.key.weight", expected: [8, 8],
                similar: nil)
        },
        Case("missing positions", on: .timmEVA(), { $0["pos_embed"] = nil }) {
            .missingTensor(path: weights($0), tensor: "pos_embed", expected: [-1, -1], similar: nil)
        },
        Case("a missing input layer", { $0["blocks.1.mlp.fc1.weight"] = nil }) {
            .missingTensor(path: weights($0), tensor: "blocks.1.mlp.fc1.weight", expected: [-1, -1], similar: nil)
        },
        Case("a missing patch embedding", { $0["patch_embed.proj.weight"] = nil }) {
            .missingTensor(
                path: weights($0), tensor: "patch_embed.proj.weight", expected: [-1, -1, -1, -1], similar: nil)
        },
        Case("a tensor with one axis too few", { $0["norm.weight"] = tensor("norm.weight", [4]) }) {
            .misshapenTensor(path: weights($0), tensor: "norm.weight", expected: [8], found: [4])
        },
        Case("a tensor turned round", { $0["blocks.0.mlp.fc2.weight"] = tensor("blocks.0.mlp.fc2.weight", [12, 8]) }) {
            .misshapenTensor(path: weights($0), tensor: "blocks.0.mlp.fc2.weight", expected: [8, 12], found: [12, 8])
        },
        Case(
            "a patch embedding of no channels",
            { model in
                model["patch_embed.proj.weight"] = tensor("patch_embed.proj.weight", [8, 0, 2, 2])
            }
        ) {
            .misshapenTensor(
                path: weights($0), tensor: "patch_embed.proj.weight", expected: [-1, -1, -1, -1], found: [8, 0, 2, 2])
        },
        Case(
            "tensors left over",
            { model in
                model.tensors.append(tensor("z", [3]))
                model.tensors.append(tensor("extra.weight", [1, 2]))
            }
        ) {
            .leftoverTensors(path: weights($0), tensors: ["extra.weight [1, 2]", "z [3]"])
        },
        Case("a third block beyond a gap", { $0.tensors.append(tensor("blocks.3.norm1.weight", [8])) }) {
            .leftoverTensors(path: weights($0), tensors: ["blocks.3.norm1.weight [8]"])
        },
        Case("whole numbers for weights", { $0["norm.bias"]?.type = .int64 }) {
            .unsupportedType(path: weights($0), tensor: "norm.bias", type: "I64")
        },
        Case("more positions than patches", { $0["pos_embed"] = tensor("pos_embed", [1, 9, 8]) }) {
            .contradiction(
                path: config($0), key: "model_args.img_size", configured: "4×4", tensor: "pos_embed",
                found: "9 position embeddings")
        },
    ]

    private static let brokenConfigurations: [Case] = [
        Case("another width", { $0.config?["model_args"]?["embed_dim"] = 16 }) {
            .contradiction(
                path: config($0), key: "model_args.embed_dim", configured: "16", tensor: "patch_embed.proj.weight",
                found: "8")
        },
        Case("another depth", on: .hfViT(), { $0.config?["num_hidden_layers"] = 3 }) {
            .contradiction(
                path: config($0), key: "num_hidden_layers", configured: "3", tensor: "vit.encoder.layer", found: "2")
        },
        Case("another hidden width", on: .hfViT(), { $0.config?["intermediate_size"] = 13 }) {
            .contradiction(
                path: config($0), key: "intermediate_size", configured: "13",
                tensor: "vit.encoder.layer.0.intermediate.dense.weight", found: "12")
        },
        Case("another ratio", on: .dinov2(), { $0.config?["mlp_ratio"] = 4 }) {
            .contradiction(
                path: config($0), key: "mlp_ratio", configured: "32", tensor: "dinov2.encoder.layer.0.mlp.fc1.weight",
                found: "12")
        },
        Case("another number of classes", { $0.config?["num_classes"] = 6 }) {
            .contradiction(path: config($0), key: "num_classes", configured: "6", tensor: "head.weight", found: "5")
        },
        Case(
            "classes without a classifier",
            { model in
                model["head.weight"] = nil
                model["head.bias"] = nil
            }
        ) {
            .missingTensor(path: weights($0), tensor: "head.weight", expected: [5, 8], similar: nil)
        },
        Case("heads that do not divide the width", { $0.config?["model_args"]?["num_heads"] = 3 }) {
            .configuration(
                path: config($0), key: "model_args.num_heads", expected: "a divisor of the width 8", found: "3")
        },
        Case("no heads at all", { $0.config?["model_args"]?["num_heads"] = 0 }) {
            .configuration(
                path: config($0), key: "model_args.num_heads", expected: "a divisor of the width 8", found: "0")
        },
        Case("heads that nothing tells", { $0.config = nil }) { .unknownHeads(path: weights($0), width: 8) },
        Case("a size that is a word", on: .hfViT(), { $0.config?["hidden_size"] = "8" }) {
            .configuration(path: config($0), key: "hidden_size", expected: "a whole number", found: "\"8\"")
        },
        Case("a size with a fraction", on: .hfViT(), { $0.config?["hidden_size"] = .number(8.5) }) {
            .configuration(path: config($0), key: "hidden_size", expected: "a whole number", found: "8.5")
        },
        Case("a negative size", on: .hfViT(), { $0.config?["num_hidden_layers"] = -1 }) {
            .configuration(path: config($0), key: "num_hidden_layers", expected: "a whole number", found: "-1")
        },
        Case("an image of three sizes", on: .hfViT(), { $0.config?["image_size"] = .array([1, 2, 3]) }) {
            .configuration(
                path: config($0), key: "image_size", expected: "one size or [height, width]", found: "[1,2,3]")
        },
        Case("an activation that amp lacks", on: .hfViT(), { $0.config?["hidden_act"] = "mish" }) {
            .configuration(
                path: config($0), key: "hidden_act",
                expected: "gelu, gelu_tanh (gelu_new, gelu_pytorch_tanh), quick_gelu, relu or silu", found: "mish")
        },
        Case("a pooling that amp lacks", { $0.config?["global_pool"] = "avgmax" }) { _ in
            .unsupportedVariant(
                family: Family(name: "timm_vit", title: "timm vision transformer"),
                what: "global_pool \"avgmax\" (amp has token, avg and map)")
        },
        Case("an attention pooling without its tensors", { $0.config?["global_pool"] = "map" }) {
            .missingTensor(path: weights($0), tensor: "attn_pool.latent", expected: [1, 1, 8], similar: nil)
        },
        Case("widths of other layers", { $0.record = ["widths": .array([12])] }) {
            .contradiction(
                path: $0 + "/amp.json", key: "widths", configured: "1 layers", tensor: "blocks.#", found: "2 layers")
        },
        Case("widths of another model", { $0.record = ["widths": .array([12, 11])] }) {
            .misshapenTensor(path: weights($0), tensor: "blocks.1.mlp.fc1.weight", expected: [11, 8], found: [12, 8])
        },
    ]

    @Test("tensors", arguments: brokenTensors)
    func tensors(_ example: Case) throws { try expectError(example) }

    @Test("configurations", arguments: brokenConfigurations)
    func configurations(_ example: Case) throws { try expectError(example) }

    private func expectError(_ example: Case) throws {
        try withTemporaryFolder { folder in
            try example.model.write(to: folder)
            #expect(throws: example.expected(folder)) { try Model(path: folder) }
        }
    }

    @Test(
        "a ratio beyond all numbers is refused", arguments: [1e300, -1e300, 1e18, -1], [TinyModel.timm(), .dinov2()])
    func ratio(_ ratio: Double, _ model: TinyModel) throws {
        let model = model.with { model in
            if model.config?["model_args"] != nil {
                model.config?["model_args"]?["mlp_ratio"] = .number(ratio)
            } else {
                model.config?["mlp_ratio"] = .number(ratio)
            }
        }
        #expect(throws: ModelError.self) { try model.load() }
    }

    @Test("a weight that is no number is named by tensor and index", arguments: [Float.nan, .infinity, -.infinity])
    func nonFiniteWeight(_ bad: Float) throws {
        let model = try TinyModel.timm().with { $0["blocks.1.mlp.fc2.weight"]?.values[37] = bad }.load()
        let error = #expect(throws: ModelError.self) {
            try model.transformer(keeping: KeptNeurons(allOf: 2)).run(TinyModel.timm().images(1))
        }
        guard case .nonFiniteWeight(_, let tensor, let index, let value)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(tensor == "blocks.1.mlp.fc2.weight")
        #expect(index == 37)
        #expect(value.bitPattern == bad.bitPattern)
    }

    @Test("a float64 weight that float32 can't hold is no number")
    func tooLarge() throws {
        let model = TinyModel.timm().stored(as: .float64)
        #expect(throws: Never.self) { try model.load().transformer(keeping: KeptNeurons(allOf: 2)) }
        let large = try model.with { $0["norm.bias"]?.values[0] = .infinity }.load()
        #expect(throws: ModelError.self) { try large.transformer(keeping: KeptNeurons(allOf: 2)) }
    }

    @Test("images that do not suit the model")
    func images() throws {
        let transformer = try TinyModel.timm().transformer()
        func run(_ shape: [Int]) throws { _ = try transformer.run(LoadedImages(FloatBuffer(shape, filledWith: 0))) }
        #expect(throws: ModelError.channels(expected: 3, found: 1)) { try run([1, 1, 4, 4]) }
        for size in [[5, 4], [4, 5], [1, 1]] {
            #expect(throws: ModelError.imageSize(height: size[0], width: size[1], patchHeight: 2, patchWidth: 2)) {
                try run([1, 3] + size)
            }
        }
        #expect(throws: Never.self) { try run([1, 3, 6, 2]) }
        // DINOv2's convolution leaves out what does not fill a patch.
        let dinov2 = try TinyModel.dinov2().transformer()
        #expect(throws: Never.self) { try dinov2.run(LoadedImages(FloatBuffer([1, 3, 5, 4], filledWith: 0))) }
    }

    @Test("features that are no numbers name the image")
    func nonFiniteFeature() throws {
        let model = TinyModel.timm()
        let images = model.images(7)
        images.buffer.row(5)[3] = .nan
        #expect(throws: ModelError.nonFiniteFeature(image: 5)) { try model.transformer().run(images) }
    }
}
