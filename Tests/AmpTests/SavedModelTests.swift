import Checkpoints
import Foundation
import Testing

/// A Python that has the libraries the snippets use: `AMP_PYTHON`, else `python3`.
enum Python {
    struct Installation: Sendable {
        let path: String
        let environment: [String: String]
    }

    static let installation: Installation? = {
        let environment = ProcessInfo.processInfo.environment
        guard let path = environment["AMP_PYTHON"] ?? find("python3", in: environment["PATH"] ?? "") else { return nil }
        let plain = ["HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error"]
        // A torchvision built for another torch lacks two operators at import that no model here uses.
        let mended = plain.merging(["PYTHONPATH": mend() ?? ""]) { $1 }
        return [plain, mended].map { Installation(path: path, environment: $0) }.first { installation in
            let imports = try? Run(
                path, ["-c", "import torch, timm, transformers, safetensors; transformers.Dinov2Model"],
                environment: installation.environment)
            return imports?.exitCode == 0
        }
    }()

    static func find(_ name: String, in paths: String) -> String? {
        paths.split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// A folder with a module that Python imports by itself.
    private static func mend() -> String? {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("amp-python-\(getpid())")
        let module = """
            try:
                import torch
                library = torch.library.Library("torchvision", "DEF")
                for name in ("nms", "qnms"):
                    library.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            except ImportError:
                pass
            """
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(module.utf8).write(to: folder.appendingPathComponent("sitecustomize.py"))
            return folder.path
        } catch {
            return nil
        }
    }
}

@Suite(
    "A saved model is rebuilt in Python as docs/saved-models.md says",
    // The libraries are large and amp does not need them; AMP_PYTHON names a Python that has them.
    .enabled(
        if: Python.installation != nil, "needs a Python with torch, timm, transformers and safetensors (AMP_PYTHON)"),
    .serialized)
struct SavedModelTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let snippet: String
        let channels: Int
        let size: Int
        /// The library whose form it is saved in, where it is not its own.
        var library: String?
        /// Makes the checkpoint in a folder and says where it is.
        let checkpoint: @Sendable (URL) throws -> String
    }

    static let cases = [
        Case(testDescription: "timm, the example model", snippet: "timm_model.py", channels: 1, size: 28) { _ in
            Project.path + "/examples/models/fashion-vit"
        },
        Case(testDescription: "Hugging Face ViT", snippet: "hugging_face.py", channels: 3, size: 16) {
            try TinyCheckpoint.vit.write(to: $0)
        },
        Case(testDescription: "Hugging Face DINOv2", snippet: "hugging_face.py", channels: 3, size: 16) {
            try TinyCheckpoint.dinov2.write(to: $0)
        },
        Case(
            testDescription: "timm, the example model, as Hugging Face's", snippet: "hugging_face.py", channels: 1,
            size: 28, library: "huggingface"
        ) { _ in Project.path + "/examples/models/fashion-vit" },
        Case(
            testDescription: "Hugging Face ViT as timm's", snippet: "timm_model.py", channels: 3, size: 16,
            library: "timm"
        ) { try TinyCheckpoint.vit.write(to: $0) },
        Case(
            testDescription: "Hugging Face DINOv2 as timm's", snippet: "timm_model.py", channels: 3, size: 16,
            library: "timm"
        ) { try TinyCheckpoint.dinov2.write(to: $0) },
    ]

    @Test("the snippet's features are those amp exports", arguments: cases)
    func features(_ test: Case) throws {
        let python = try #require(Python.installation)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("amp-saved-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let at = { folder.appendingPathComponent($0).path }

        var numbers = Numbers(seed: 1)
        let shape = [8, test.channels, test.size, test.size]
        try write([("images", shape, numbers.take(shape.reduce(1, *), within: 2))], to: at("images.safetensors"))
        let run = try Run(
            AmpBinary.path,
            [
                "-c",
                """
                load "\(try test.checkpoint(folder))" as m
                data "\(at("images.safetensors"))" tensor=images as images
                score entropy t=5 batch=4
                search all within 0.001 batch=4
                prune
                expect params < 100%
                save "\(at("slim"))"\(test.library.map { " as \($0)" } ?? "")
                export features to "\(at("amp.safetensors"))"
                """,
            ])
        #expect(run.exitCode == 0, "\(run.output)\(run.errors)")

        let snippet = try Run(
            python.path,
            [
                Project.path + "/docs/snippets/" + test.snippet, at("slim"), at("images.safetensors"),
                at("python.safetensors"),
            ], environment: python.environment)
        #expect(snippet.exitCode == 0, "\(snippet.errors)")
        let expected = try SafetensorsFile(path: at("amp.safetensors")).floats("features")
        let found = try SafetensorsFile(path: at("python.safetensors")).floats("features")
        #expect(found.shape == expected.shape)
        let scale = expected.values.map(abs).max() ?? 0
        let difference = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? .infinity
        #expect(scale > 0.1)
        #expect(difference < 1e-5 * max(scale, 1))
    }

    private func write(_ tensors: [(name: String, shape: [Int], values: [Float])], to path: String) throws {
        try TinyCheckpoint.write(tensors, to: path)
    }
}

/// Numbers that look random and are the same every time.
struct Numbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func take(_ count: Int, within bound: Float, around centre: Float = 0) -> [Float] {
        (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return centre + bound * (Float(state >> 40) / Float(1 << 23) - 1)
        }
    }
}

/// A vision transformer of a few thousand parameters in Hugging Face's format: width 16, hidden 64, 3 blocks.
struct TinyCheckpoint {
    let type: String
    let className: String
    let prefix: String
    let norms: (String, String)
    let mlp: (input: String, output: String)
    let hasLayerScale: Bool
    let extra: String
    let epsilon: String

    static let vit = TinyCheckpoint(
        type: "vit", className: "ViTForImageClassification", prefix: "vit.",
        norms: ("layernorm_before", "layernorm_after"), mlp: ("intermediate.dense", "output.dense"),
        hasLayerScale: false, extra: #""intermediate_size": 64, "id2label": {"0": "a", "1": "b", "2": "c"},"#,
        epsilon: "1e-12")
    static let dinov2 = TinyCheckpoint(
        type: "dinov2", className: "Dinov2Model", prefix: "", norms: ("norm1", "norm2"), mlp: ("mlp.fc1", "mlp.fc2"),
        hasLayerScale: true, extra: #""mlp_ratio": 4, "use_swiglu_ffn": false,"#, epsilon: "1e-6")

    /// - Returns: the folder's path.
    func write(to parent: URL) throws -> String {
        let folder = parent.appendingPathComponent(type)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let config = """
            {"model_type": "\(type)", "architectures": ["\(className)"], \(extra) "hidden_size": 16,
             "num_hidden_layers": 3, "num_attention_heads": 2, "hidden_act": "gelu", "layer_norm_eps": \(epsilon),
             "image_size": 16, "patch_size": 4, "num_channels": 3, "qkv_bias": true}
            """
        try Data(config.utf8).write(to: folder.appendingPathComponent("config.json"))
        try Self.write(tensors, to: folder.appendingPathComponent("model.safetensors").path)
        return folder.path
    }

    private var tensors: [(name: String, shape: [Int], values: [Float])] {
        var numbers = Numbers(seed: 7)
        var result: [(name: String, shape: [Int], values: [Float])] = []
        func add(_ name: String, _ shape: [Int], around centre: Float = 0) {
            result.append((name, shape, numbers.take(shape.reduce(1, *), within: 0.4, around: centre)))
        }
        func linear(_ name: String, _ output: Int, _ input: Int) {
            add(name + ".weight", [output, input])
            add(name + ".bias", [output])
        }
        func norm(_ name: String) {
            add(name + ".weight", [16], around: 1)
            add(name + ".bias", [16])
        }
        add(prefix + "embeddings.cls_token", [1, 1, 16])
        if hasLayerScale { add(prefix + "embeddings.mask_token", [1, 16]) }
        add(prefix + "embeddings.position_embeddings", [1, 17, 16])
        add(prefix + "embeddings.patch_embeddings.projection.weight", [16, 3, 4, 4])
        add(prefix + "embeddings.patch_embeddings.projection.bias", [16])
        for number in 0..<3 {
            let block = "\(prefix)encoder.layer.\(number)."
            norm(block + norms.0)
            for part in ["query", "key", "value"] { linear(block + "attention.attention.\(part)", 16, 16) }
            linear(block + "attention.output.dense", 16, 16)
            norm(block + norms.1)
            linear(block + mlp.input, 64, 16)
            linear(block + mlp.output, 16, 64)
            if hasLayerScale {
                for part in ["layer_scale1", "layer_scale2"] { add(block + part + ".lambda1", [16], around: 1) }
            }
        }
        norm(prefix + "layernorm")
        if className.hasSuffix("Classification") { linear("classifier", 3, 16) }
        return result
    }

    static func write(_ tensors: [(name: String, shape: [Int], values: [Float])], to path: String) throws {
        let file = try StagedFile(target: path)
        try SafetensorsWriter.write(
            tensors.map { TensorSource(name: $0.name, shape: $0.shape, floats: $0.values) }, metadata: nil, to: file)
        try file.finish()
        try file.commit()
    }
}
