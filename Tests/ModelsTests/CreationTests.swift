import Checkpoints
import Foundation
import Models
import Samples
import Tensor
import Testing

@Suite("Models that have learnt nothing yet")
struct CreationTests {
    static func small(
        layerScale: Float? = nil, registers: Int = 0, classes: Int = 10, hidden: Int? = nil
    ) throws -> FreshViT {
        try FreshViT(
            image: Extent(height: 28, width: 20), patch: 4, channels: 1, width: 96, depth: 3, heads: 3, hidden: hidden,
            classes: classes, layerScale: layerScale, registers: registers)
    }

    static func load(_ fresh: FreshViT, seed: UInt64 = 1, labels: [String]? = nil) throws -> Model {
        try withTemporaryFolder { folder in
            let channels = fresh.channels
            let files = try fresh.files(
                seed: seed, mean: Array(repeating: 0.286, count: channels),
                deviation: Array(repeating: 0.353, count: channels), labels: labels)
            for (name, body) in files.bodies {
                let file = try StagedFile(target: folder + "/" + name)
                try body(file)
                try file.commit()
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names.sorted() == ["config.json", "model.safetensors"])
            return try Model(path: folder)
        }
    }

    @Test("amp loads what it creates, and nothing has to be assumed")
    func loads() throws {
        let labels = (0..<10).map { "class \($0)" }
        let fresh = try Self.small(layerScale: 1e-5, registers: 2, hidden: 101)
        let model = try Self.load(fresh, labels: labels)
        let a = model.architecture
        #expect(model.assumptions.isEmpty)
        #expect(a.family.name == "timm_vit" && a.width == 96 && a.heads == 3 && a.hiddenWidths == [101, 101, 101])
        #expect(a.activation == .gelu && a.normEpsilon == 1e-6 && a.readout == .classToken)
        #expect(a.image?.size == Extent(height: 28, width: 20) && a.image?.patch == Extent(square: 4))
        #expect(a.image?.channels == 1 && a.image?.registers == 2 && a.image?.positions?.prefix == 3)
        #expect(a.head == Head(classes: 10, labels: labels))
        #expect(try Self.load(Self.small(classes: 0)).architecture.head == nil)
        var numbers = Numbers(seed: 3)
        let images = LoadedImages(numbers.buffer([2, 1, 28, 20], scale: 2))
        let features = try model.transformer(keeping: KeptNeurons(allOf: 3)).run(images).features
        #expect(features.shape == [2, 96] && features.values.allSatisfy(\.isFinite))
    }

    @Test("the number of parameters is known before, and is that of the file")
    func parameters() throws {
        for fresh in [try Self.small(), try Self.small(layerScale: 0.1, registers: 1)] {
            let weights = try Self.load(fresh).checkpoint.weights
            #expect(weights.tensors.values.reduce(0) { $0 + $1.count } == fresh.parameters)
        }
        let base = try FreshViT(
            image: Extent(square: 224), patch: 16, channels: 3, width: 768, depth: 12, heads: 12, classes: 1000)
        #expect(base.parameters == 86_567_656)
    }

    @Test("tensors stand in timm's order")
    func order() throws {
        let fresh = try FreshViT(
            image: Extent(square: 8), patch: 4, channels: 3, width: 8, depth: 1, heads: 2, classes: 2, layerScale: 1,
            registers: 1)
        let files = try fresh.files(seed: 0, mean: [0, 0, 0], deviation: [1, 1, 1])
        let layers = ["norm1", "attn.qkv", "attn.proj", "ls1.gamma", "norm2", "mlp.fc1", "mlp.fc2", "ls2.gamma"]
        let block = layers.flatMap { layer in
            layer.hasSuffix("gamma") ? ["blocks.0." + layer] : ["weight", "bias"].map { "blocks.0.\(layer).\($0)" }
        }
        #expect(
            files.tensors.map(\.name) == [
                "cls_token", "reg_token", "pos_embed", "patch_embed.proj.weight", "patch_embed.proj.bias",
            ] + block + ["norm.weight", "norm.bias", "head.weight", "head.bias"])
    }

    @Test("weights are distributed as timm's")
    func distribution() throws {
        let weights = try Self.load(Self.small(layerScale: 0.25, registers: 4)).checkpoint.weights
        for name in weights.names {
            let values = try weights.floats(name).values.map(Double.init)
            switch name {
            case _ where name.hasSuffix("_token"): Self.checkNormal(values, deviation: 1e-6)
            case "pos_embed": Self.checkNormal(values, deviation: 0.02)
            // 16 pixels enter.
            case "patch_embed.proj.weight", "patch_embed.proj.bias": Self.checkUniform(values, bound: 0.25)
            case _ where name.hasSuffix("gamma"): #expect(values.allSatisfy { $0 == 0.25 })
            case _ where name.hasSuffix(".bias"): #expect(values.allSatisfy { $0 == 0 })
            case _ where name.contains("norm"): #expect(values.allSatisfy { $0 == 1 })
            default: Self.checkNormal(values, deviation: 0.02)
            }
        }
        // Large enough to see the tails.
        let first = try weights.floats("blocks.0.attn.qkv.weight").values
        let beyond = Double(first.count { abs($0) > 0.06 }) / Double(first.count)
        #expect(abs(beyond - 0.0027) < 5 * (0.0027 / Double(first.count)).squareRoot())
    }

    @Test("equal seeds give equal files, other seeds and other tensors other values")
    func seeds() throws {
        let fresh = try Self.small()
        let (one, again, other) = (
            try Self.load(fresh).checkpoint.weights, try Self.load(fresh).checkpoint.weights,
            try Self.load(fresh, seed: 2).checkpoint.weights
        )
        var seen: Set<[Float]> = []
        for name in one.names where try !one.floats(name).values.allSatisfy({ $0 == 0 || $0 == 1 }) {
            let values = try one.floats(name).values
            #expect(try values == again.floats(name).values)
            #expect(try values != other.floats(name).values)
            #expect(seen.insert(Array(values.prefix(20))).inserted)
        }
        // A further tensor leaves the others as they are.
        let more = try Self.load(Self.small(layerScale: 1, registers: 2)).checkpoint.weights
        #expect(try more.floats("blocks.1.mlp.fc1.weight").values == one.floats("blocks.1.mlp.fc1.weight").values)
    }

    // MARK: What can't be

    struct Case: Sendable, CustomTestStringConvertible {
        var image = Extent(square: 28)
        var patch = 4
        var channels = 1
        var width = 96
        var depth = 12
        var heads = 3
        var hidden: Int?
        var classes = 10
        var layerScale: Float?
        var registers = 0
        let error: CreationError
        var testDescription: String { "\(error)" }
    }

    @Test(
        "sizes that can't be are refused",
        arguments: [
            Case(patch: 5, error: .patchDoesNotDivide(patch: 5, image: Extent(square: 28))),
            Case(
                image: Extent(height: 28, width: 30),
                error: .patchDoesNotDivide(patch: 4, image: Extent(height: 28, width: 30))),
            Case(heads: 5, error: .headsDoNotDivide(heads: 5, width: 96)),
            Case(heads: 0, error: .outOfRange(.heads, found: 0)),
            Case(image: Extent(height: 0, width: 4), error: .outOfRange(.imageHeight, found: 0)),
            Case(image: Extent(height: 4, width: .max), error: .outOfRange(.imageWidth, found: .max)),
            Case(patch: -4, error: .outOfRange(.patch, found: -4)),
            Case(width: 0, error: .outOfRange(.width, found: 0)),
            Case(width: .max, error: .outOfRange(.width, found: .max)),
            Case(depth: 0, error: .outOfRange(.depth, found: 0)),
            Case(hidden: 0, error: .outOfRange(.hidden, found: 0)),
            Case(classes: -1, error: .outOfRange(.classes, found: -1)),
            Case(registers: -1, error: .outOfRange(.registers, found: -1)),
            Case(channels: 2, error: .channels(found: 2)),
            Case(layerScale: .infinity, error: .layerScale(found: .infinity)),
        ])
    func refused(_ sizes: Case) {
        #expect(throws: sizes.error) {
            try FreshViT(
                image: sizes.image, patch: sizes.patch, channels: sizes.channels, width: sizes.width,
                depth: sizes.depth, heads: sizes.heads, hidden: sizes.hidden, classes: sizes.classes,
                layerScale: sizes.layerScale, registers: sizes.registers)
        }
    }

    @Test("a model beyond all use is refused before anything is made")
    func huge() throws {
        let error = #expect(throws: CreationError.self) {
            try FreshViT(
                image: Extent(square: 1 << 14), patch: 1, channels: 3, width: 1 << 16, depth: 1 << 10, heads: 1,
                hidden: 1 << 20, classes: 1 << 20)
        }
        guard case .tooManyParameters(let found, FreshViT.parameterLimit)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found > 1 << 46)
    }

    @Test(
        "statistics and labels must be as many as channels and classes",
        arguments: [([0.5, 0.5], [0.5]), ([0.5], []), ([0.5], [0]), ([.infinity], [1]), ([0], [.nan])])
    func statistics(_ mean: [Double], _ deviation: [Double]) throws {
        let fresh = try Self.small()
        #expect(throws: CreationError.self) { try fresh.files(seed: 0, mean: mean, deviation: deviation) }
        #expect(throws: CreationError.labels(found: 1, classes: 10)) {
            try fresh.files(seed: 0, mean: [0], deviation: [1], labels: ["a"])
        }
    }

    // MARK: Distributions

    /// Mean and deviation, each within five standard errors.
    private static func checkNormal(_ values: [Double], deviation: Double) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let square = values.map { $0 * $0 }.reduce(0, +) / count
        #expect(abs(mean) < 5 * deviation / count.squareRoot())
        #expect(abs(square / (deviation * deviation) - 1) < 5 * (2 / count).squareRoot())
    }

    private static func checkUniform(_ values: [Double], bound: Double) {
        let count = Double(values.count)
        let square = values.map { $0 * $0 }.reduce(0, +) / count
        #expect(values.allSatisfy { abs($0) <= bound })
        #expect(abs(values.reduce(0, +) / count) < 5 * bound / (3 * count).squareRoot())
        // The square of a uniform value has the deviation 2 / √45 of the bound's.
        #expect(abs(square / (bound * bound) - 1.0 / 3) < 5 * 0.2981 / count.squareRoot())
    }
}
