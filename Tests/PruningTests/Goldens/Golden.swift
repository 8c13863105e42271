import Checkpoints
import Foundation
import Models
import Tensor
import Testing

/// One folder of reference data: a tiny model of a library, inputs, and what the library computes in float64.
struct Golden: Sendable, CustomTestStringConvertible {
    let path: String
    var testDescription: String { (path as NSString).lastPathComponent }

    /// The reference data lie beside the project and are no part of it. Further folders can be named in
    /// `AMP_GOLDENS`, separated by colons.
    static let all: [Golden] = {
        let root = (0..<4).reduce(#filePath) { path, _ in (path as NSString).deletingLastPathComponent }
        let beside = (root as NSString).appendingPathComponent("../shared/goldens")
        let others = ProcessInfo.processInfo.environment["AMP_GOLDENS"]?.split(separator: ":").map(String.init) ?? []
        return ([beside] + others).flatMap { folder -> [Golden] in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.sorted().map { Golden(path: folder + "/" + $0) }.filter(\.isModel)
        }
    }()

    static let layerWise = all.filter { $0.has("search_layer_wise.json") }

    /// Folders of other things, such as files for the readers alone, hold no expected values.
    private var isModel: Bool { has("expected.safetensors") && has("model.safetensors") && has("search.json") }

    func has(_ file: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + file) }

    func json(_ file: String) throws -> JSON {
        try JSON(parsing: Data(contentsOf: URL(fileURLWithPath: path + "/" + file)))
    }

    func file(_ name: String) throws -> SafetensorsFile { try SafetensorsFile(path: path + "/" + name) }

    func model() throws -> Model { try Model(path: path) }

    /// The inputs for scoring, or with the suffix `_val` those for the search.
    func inputs(_ suffix: String = "") throws -> GoldenInputs {
        let file = try file("inputs.safetensors")
        guard file.tensors["input_ids"] != nil else {
            return GoldenInputs(shared: .images(try file.floats("images" + suffix)))
        }
        func integers(_ name: String) throws -> [Int] { try file.integers(name + suffix) }
        return GoldenInputs(
            shared: .texts(
                TokenBatch(
                    length: try #require(file.tensors["input_ids" + suffix]?.shape.last),
                    ids: try integers("input_ids").map(Int32.init),
                    segments: try integers("token_type_ids").map(Int32.init),
                    mask: try integers("attention_mask").map { $0 != 0 })))
    }

    var batch: Int { get throws { try #require(try json("meta.json")["batch_size"]?.int) } }
}

/// Images or texts, as the family takes them.
struct GoldenInputs: InputSource {
    let shared: Inputs

    var count: Int { shared.count }
    var shape: InputShape {
        switch shared {
        case .images(let pixels): LoadedImages(pixels).shape
        case .texts(let batch): LoadedTexts(batch).shape
        }
    }

    func load(_ range: Range<Int>) -> Inputs {
        switch shared {
        case .images(let pixels): LoadedImages(pixels).load(range)
        case .texts(let batch): LoadedTexts(batch).load(range)
        }
    }
}

/// The largest difference, relative to the largest value of the reference.
func relativeError(_ found: some Collection<Double>, _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    let largest = expected.map(abs).max() ?? 0
    let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    guard difference.isFinite else { return .infinity }
    return largest > 0 ? difference / largest : difference
}

/// Compares with a tensor of the golden where it has it, and names family and quantity when they differ.
func expectAgreement(
    _ golden: Golden, _ quantity: String, _ found: [Double], in file: SafetensorsFile, within bound: Double = 1e-5,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    guard file.tensors[quantity] != nil else { return }
    let error = relativeError(found, try file.doubles(quantity))
    if ProcessInfo.processInfo.environment["AMP_GOLDEN_ERRORS"] != nil {
        print("\(golden.testDescription) \(quantity) \(error)")
    }
    #expect(
        error < bound, "\(golden.testDescription): \(quantity) is off by \(error) of its largest value",
        sourceLocation: sourceLocation)
}
