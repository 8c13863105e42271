import Checkpoints
import Foundation
import Models
import Samples
import Tensor
import Testing

/// Damage that reaches the families: configurations with other values, and tensors under other names and shapes.
///
/// `AMP_FUZZ_CASES=100000 scripts/test --filter Mutation` runs so many cases. Where the reference data lie beside the
/// project, `../shared/goldens`, every family is damaged; otherwise those that the tests build themselves.
@Suite("Checkpoints with random damage to configuration and header")
struct RecognitionMutationTests {
    private struct Original: Sendable {
        let weights: [UInt8]
        let configuration: JSON
    }

    private static let cases = ProcessInfo.processInfo.environment["AMP_FUZZ_CASES"].flatMap(Int.init) ?? 2_000

    private static let originals: [Original] = {
        let root = (0..<3).reduce(#filePath) { path, _ in (path as NSString).deletingLastPathComponent }
        let goldens = (root as NSString).appendingPathComponent("../shared/goldens")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: goldens))?.sorted() ?? []
        let found = names.compactMap { original(goldens + "/" + $0) }
        guard found.isEmpty else { return found }
        return [TinyModel.timm(), .hfViT(), .dinov2()].compactMap { model in
            try? withTemporaryFolder { folder in
                try model.write(to: folder)
                return original(folder)
            }
        }
    }()

    private static func original(_ folder: String) -> Original? {
        guard let weights = FileManager.default.contents(atPath: folder + "/model.safetensors"),
            let data = FileManager.default.contents(atPath: folder + "/config.json"),
            let configuration = try? JSON(parsing: data)
        else { return nil }
        return Original(weights: Array(weights), configuration: configuration)
    }

    @Test("are loaded or refused, and what is loaded can be asked for its costs", arguments: 0..<4)
    func mutations(_ seed: Int) throws {
        var numbers = Numbers(seed: seed)
        var loaded = 0
        try withTemporaryFolder { folder in
            var written = -1
            for _ in 0..<(Self.cases / 4) {
                let index = numbers.index(below: Self.originals.count)
                let original = Self.originals[index]
                var weights = original.weights
                let damagesHeader = numbers.index(below: 3) == 0
                if damagesHeader { damageHeader(&weights, &numbers) }
                if damagesHeader || written != index {
                    try Data(weights).write(to: URL(fileURLWithPath: folder + "/model.safetensors"))
                    written = damagesHeader ? -1 : index
                }
                var configuration = original.configuration
                for _ in 0...numbers.index(below: 3) { configuration = damaged(configuration, &numbers) }
                try configuration.encoded().write(to: URL(fileURLWithPath: folder + "/config.json"))
                let model: Model
                do { model = try Model(path: folder) } catch {
                    #expect(error is ModelError || error is CheckpointError, "\(error)")
                    continue
                }
                loaded += 1
                try use(model)
            }
        }
        #expect(loaded > 0, "much damage does no harm")
    }

    private func use(_ model: Model) throws {
        let a = model.architecture
        let whole = KeptNeurons(allOf: a.depth)
        #expect(model.parameters > 0)
        guard let image = a.image, image.size.area <= 64 * 64, image.channels <= 4 else { return }
        let grid = image.grid(of: image.size)
        let shape = TokenShape(count: a.prefixTokens + grid.area, grid: grid, image: image.size)
        #expect(model.cost(keeping: whole, of: shape).flops >= 0)
        let pixels = FloatBuffer([1, image.channels, image.size.height, image.size.width], filledWith: 0.5)
        do {
            _ = try model.transformer(keeping: whole).run(LoadedImages(pixels), wanting: [.logits, .hidden])
        } catch is ModelError {}
    }

    /// Changes a value somewhere in a configuration.
    private func damaged(_ json: JSON, _ numbers: inout Numbers) -> JSON {
        if case .object(var members) = json, let key = pick(members.keys.sorted(), &numbers) {
            if numbers.index(below: 8) == 0 {
                members[key] = nil
            } else {
                members[key] = damaged(members[key] ?? .null, &numbers)
            }
            return .object(members)
        }
        if case .array(var values) = json, !values.isEmpty, numbers.index(below: 2) == 0 {
            let place = numbers.index(below: values.count)
            values[place] = damaged(values[place], &numbers)
            return .array(values)
        }
        let others: [JSON] = [
            .null, .bool(true), .bool(false), 0, 1, 2, 3, 7, 16, -1, .number(0.5), .number(1e9), .number(1e18),
            .number(1e300), .number(-1e300), .number(9_007_199_254_740_993), "", "gelu", "avg", "map", .array([]),
            .array([4, 8]), .array([0, 0]), .object([:]), .array([1_048_576, 1_048_576]), 1_048_576,
        ]
        return others[numbers.index(below: others.count)]
    }

    private func pick<Element>(_ values: [Element], _ numbers: inout Numbers) -> Element? {
        values.isEmpty ? nil : values[numbers.index(below: values.count)]
    }

    /// Changes letters and digits of the header, keeping its length.
    private func damageHeader(_ weights: inout [UInt8], _ numbers: inout Numbers) {
        let length = weights[..<8].enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        for _ in 0...numbers.index(below: 3) {
            let place = 8 + numbers.index(below: length)
            switch weights[place] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                weights[place] = UInt8(ascii: "0") + UInt8(numbers.index(below: 10))
            case UInt8(ascii: "a")...UInt8(ascii: "z"):
                weights[place] = UInt8(ascii: "a") + UInt8(numbers.index(below: 26))
            default: break
            }
        }
    }
}
