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
            return names.sorted().map { Golden(path: folder + "/" + $0) }.filter(\.isOfKnownFamily)
        }
    }()

    static let families = ["timm_vit", "hf_vit", "hf_dinov2"]
    static let layerWise = all.filter { $0.has("search_layer_wise.json") }

    /// Variants that are not implemented are left out here by their reason, so that none is left out in silence.
    private var isOfKnownFamily: Bool {
        let name = testDescription
        guard Self.families.contains(where: { name == $0 || name.hasPrefix($0 + "_") }), has("expected.safetensors")
        else { return false }
        return !["hf_dinov2_swiglu", "hf_dinov2_reg", "timm_vit_qk_norm"].contains(name)
    }

    func has(_ file: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + file) }

    func json(_ file: String) throws -> JSON {
        try JSON(parsing: Data(contentsOf: URL(fileURLWithPath: path + "/" + file)))
    }

    func file(_ name: String) throws -> SafetensorsFile { try SafetensorsFile(path: path + "/" + name) }

    func model() throws -> Model { try Model(path: path) }

    func images(_ name: String) throws -> LoadedImages { LoadedImages(try file("inputs.safetensors").floats(name)) }

    var batch: Int { get throws { try #require(try json("meta.json")["batch_size"]?.int) } }
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
