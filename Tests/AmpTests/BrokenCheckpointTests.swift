import Foundation
import Testing

/// What a checkpoint can have wrong, and the words amp has for it.
@Suite("A broken checkpoint")
struct BrokenCheckpointTests {
    /// One way to break the tiny model.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let message: String
        let weights: (@Sendable (SafetensorsBytes) -> [UInt8])?
        let configuration: (@Sendable (String) -> String)?

        init(_ name: String, _ message: String, weights: @escaping @Sendable (SafetensorsBytes) -> [UInt8]) {
            testDescription = name
            self.message = message
            self.weights = weights
            configuration = nil
        }

        init(_ name: String, _ message: String, configuration: @escaping @Sendable (String) -> String) {
            testDescription = name
            self.message = message
            weights = nil
            self.configuration = configuration
        }
    }

    private typealias Writer = @Sendable (SafetensorsBytes) -> [UInt8]

    private static func header(_ change: @escaping @Sendable (String) -> String) -> Writer {
        { SafetensorsBytes.file(header: Array(change($0.header).utf8), data: $0.data) }
    }

    /// Changes how `norm.bias` is described: `[16]` and the place of its bytes.
    private static func norm(_ entry: String) -> Writer {
        header { $0.replacing(#/"norm\.bias":\{[^}]*\}/#) { _ in "\"norm.bias\":{\(entry)}" } }
    }

    static let weights: [Case] = [
        Case("empty", "ends too early: its header asks for 8 bytes, the file has 0") { _ in [] },
        Case("of five bytes", "ends too early: its header asks for 8 bytes, the file has 5") {
            Array($0.bytes.prefix(5))
        },
        Case("truncated", "ends too early: its header asks for 40294 bytes, the file has 40194") {
            $0.bytes.dropLast(100)
        },
        Case("with a header length beyond the file", "ends too early: its header asks for 10000008 bytes") {
            SafetensorsBytes.file(header: Array($0.header.utf8), length: 10_000_000, data: $0.data)
        },
        Case("with a header length beyond all memory", "it announces a header of 9223372036854775813 bytes") {
            SafetensorsBytes.file(header: Array($0.header.utf8), length: 1 << 63 + 5, data: $0.data)
        },
        Case("with a header cut short", "it is not the JSON object that the format asks for") {
            SafetensorsBytes.file(
                header: Array($0.header.utf8), length: UInt64($0.header.utf8.count - 7), data: $0.data)
        },
        Case("with a header that is a list", "it is not the JSON object", weights: header { _ in "[1, 2]" }),
        Case("with a header that is text", "it is not the JSON object", weights: header { _ in "hello world" }),
        Case("with bad UTF-8", "it is not valid UTF-8") { file in
            var bytes = file.bytes
            bytes[12] = 0xFF
            return bytes
        },
        Case(
            "with overlapping tensors", "claim the same bytes",
            weights: norm(#""dtype":"F32","shape":[16],"data_offsets":[0,64]"#)),
        Case(
            "with a negative size", "tensor norm.bias in",
            weights: norm(#""dtype":"F32","shape":[-16],"data_offsets":[0,64]"#)),
        Case(
            "with a size beyond counting", "is larger than any file",
            weights: norm(#""dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,64]"#)),
        Case(
            "with a size beyond 64 bits", "whole numbers that fit 64 bits",
            weights: norm(#""dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,64]"#)),
        Case(
            "with a fraction for a size", "whole numbers that fit 64 bits",
            weights: norm(#""dtype":"F32","shape":[1.5],"data_offsets":[0,64]"#)),
        Case(
            "with offsets beyond the file", "ends too early",
            weights: norm(#""dtype":"F32","shape":[16],"data_offsets":[99999936,100000000]"#)),
        Case(
            "with reversed offsets", "its data offsets [64, 0] are not a range",
            weights: norm(#""dtype":"F32","shape":[16],"data_offsets":[64,0]"#)),
        Case(
            "with bytes for another shape", "its shape [15] of F32 takes 60 bytes, its data offsets hold 64",
            weights: norm(#""dtype":"F32","shape":[15],"data_offsets":[0,64]"#)),
        Case(
            "of an unknown type", "is of type F99; amp computes with F32, F16, BF16 and F64",
            weights: header { $0.replacing(#/"norm\.bias":\{"dtype":"F32"/#) { _ in #""norm.bias":{"dtype":"F99""# } }),
        Case(
            "that lacks a tensor", "tensor blocks.1.mlp.fc1.bias is missing in",
            weights: header { $0.replacing(#/,"blocks\.1\.mlp\.fc1\.bias":\{[^}]*\}/#) { _ in "" } }),
        Case(
            "with a tensor too many", "has no place in this architecture",
            weights: header { $0.dropLast() + #","blocks.1.extra":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"# }),
        Case(
            "with a tensor of another shape", "has shape (8, 32), expected (16, 16)",
            weights: header {
                $0.replacing(
                    #"2.attn.proj.weight":{"dtype":"F32","shape":[16, 16]"#,
                    with: #"2.attn.proj.weight":{"dtype":"F32","shape":[8, 32]"#)
            }),
        Case("with NaN among its weights", "tensor head.bias in") { file in
            var bytes = file.bytes
            bytes.replaceSubrange((bytes.count - 16)..<(bytes.count - 12), with: [0, 0, 0xC0, 0x7F])
            return bytes
        },
        Case("with an infinite weight", "holds an infinite value at element 3") { file in
            var bytes = file.bytes
            bytes.replaceSubrange((bytes.count - 4)..., with: [0, 0, 0x80, 0x7F])
            return bytes
        },
    ]

    static let configurations: [Case] =
        [
            ("depth", "\"depth\": 3", "\"depth\": 4", "contradicts the weights: model_args.depth says 4"),
            (
                "width", "\"embed_dim\": 16", "\"embed_dim\": 32",
                "contradicts the weights: model_args.embed_dim says 32"
            ),
            (
                "patch", "\"patch_size\": 8", "\"patch_size\": 4",
                "contradicts the weights: model_args.patch_size says 4×4"
            ),
            (
                "image", "\"img_size\": [16, 16]", "\"img_size\": [32, 32]",
                "contradicts the weights: model_args.img_size says 32×32"
            ),
            ("heads", "\"num_heads\": 2", "\"num_heads\": 3", "should be a divisor of the width 16, found 3"),
            ("hidden width", "\"mlp_ratio\": 1.5", "\"mlp_ratio\": 4", "contradicts the weights: mlp_ratio says"),
            ("classes", "\"num_classes\": 4", "\"num_classes\": 7", "contradicts the weights: num_classes says 7"),
            (
                "depth in words", "\"depth\": 3", "\"depth\": \"three\"",
                "depth should be a whole number, found \"three\""
            ),
            ("no JSON", "{\"arch", "{arch", "config.json\" can't be used: it is not valid JSON"),
        ].map { name, old, new, message in
            Case("with another \(name) in its config.json", message) { $0.replacing(old, with: new) }
        } + [
            Case("with a list for config.json", "config.json\" can't be used: it is not a JSON object") { _ in "[]" }
        ]

    @Test("is refused with the reason, at load or at first use", arguments: weights + configurations)
    func broken(_ example: Case) throws {
        let folder = try Folder.staged()
        let model = TinyModel()
        let weights = example.weights?(model.weights) ?? model.weights.bytes
        let configuration = example.configuration?(model.configuration) ?? model.configuration
        #expect(weights != model.weights.bytes || configuration != model.configuration, "nothing is broken here")
        try folder.write(weights, to: "broken/model.safetensors")
        try folder.write(configuration, to: "broken/config.json")
        let run = try folder.amp(
            "-c", "data \"images.safetensors\" tensor=images as cal; load \"broken\" as m; score entropy",
            environment: ["COLUMNS": "500"])
        #expect(run.exitCode == 1, "\(run.output)\n\(run.errors)")
        #expect(run.errors.hasPrefix("error: "), "\(run.errors)")
        #expect(run.errors.contains(example.message), "\(run.errors)")
        #expect(run.errors.contains("broken/"), "\(run.errors)")
    }

    @Test("with any one byte of its header changed is refused or loads, and never ends amp")
    func flipped() throws {
        let folder = try Folder.staged()
        let file = TinyModel().weights
        var random = Noise(seed: 11)
        var sentences: [String] = []
        for number in 0..<40 {
            var bytes = file.bytes
            let place = Int((random.next() + 1) / 2 * Float(file.header.utf8.count + 8)) % bytes.count
            bytes[place] ^= UInt8(1) << UInt8(number % 8)
            try folder.write(bytes, to: "flip\(number)/model.safetensors")
            try folder.write(TinyModel().configuration, to: "flip\(number)/config.json")
            sentences.append("load \"flip\(number)\" as m\(number)\n")
        }
        for sentence in sentences {
            let run = try folder.amp(input: sentence, environment: ["COLUMNS": "500"])
            #expect([0, 1].contains(run.exitCode), "\(sentence)\(run.errors)")
            #expect(run.exitCode == 0 || run.errors.contains("error: "), "\(sentence)")
            #expect(!run.errors.contains("unforeseen"), "\(run.errors)")
        }
    }

    @Test(
        "or what is none at all is told by its kind",
        arguments: [
            ("empty", "error: no model.safetensors in"), ("photos", "note: it holds: blue, green, red"),
            ("text.safetensors", "is not that of a safetensors file"), ("nowhere", "error: there is nothing at"),
            ("pickled.pth", "PyTorch"), ("images.safetensors", "is of no family that amp knows"),
            ("/dev/null", "error: "),
        ])
    func other(path: String, message: String) throws {
        let folder = try Folder.staged()
        try FileManager.default.createDirectory(atPath: folder["empty"], withIntermediateDirectories: true)
        try folder.write("hello, this is no model\n", to: "text.safetensors")
        try folder.write([0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 99), to: "pickled.pth")
        let run = try folder.amp("-c", "load \"\(path)\"", environment: ["COLUMNS": "500"])
        #expect(run.exitCode == 1)
        #expect(
            run.errors.contains(message) || path == "pickled.pth" && run.errors.contains("torch.save"), "\(run.errors)")
    }
}
