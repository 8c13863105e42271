import Checkpoints
import Foundation
import Testing

/// The one command of the analysis elsewhere, against the numbers of the libraries themselves (float64).
@Suite("The golden pipeline")
struct GoldenPipelineTests {
    static let goldens = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/goldens").path

    struct Search: Decodable {
        struct Layer: Decodable {
            struct Step: Decodable {
                let mid: Int
                let loss: Double
                let accepted: Bool
            }
            let layer: Int
            let lossPrev: Double
            let steps: [Step]
            let kept: [Int]
        }
        let threshold: Double
        let layers: [Layer]
    }

    struct Plan: Decodable {
        struct Layer: Decodable {
            struct Try: Decodable {
                let width: Int
                let entropy: Double
                let accepted: Bool
            }
            let layer: Int
            let key: String
            let width: Int
            let kept: [Int]
            let start: Double
            let tries: [Try]
        }
        let layers: [Layer]
    }

    // Without ../shared there are no goldens to compare with.
    @Test(
        "gives the family's scores, decisions and pruned features",
        .enabled(if: FileManager.default.fileExists(atPath: goldens), "needs ../shared/goldens"),
        arguments: ["timm_vit", "timm_vit_edge", "hf_vit", "hf_dinov2"])
    func pipeline(family: String) throws {
        let golden = Self.goldens + "/" + family
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let search = try decoder.decode(Search.self, from: Data(contentsOf: URL(filePath: golden + "/search.json")))
        let folder = try Folder()
        let run = try folder.amp(
            "-c",
            """
            load "\(golden)" as m; data "\(golden)/inputs.safetensors" tensor=images as cal; \
            data "\(golden)/inputs.safetensors" tensor=images_val as val; score entropy t=15 batch=4 using cal; \
            export scores to "s.safetensors"; search all within \(search.threshold) batch=4 using val; \
            export plan to "p.json"; prune; export features to "f.safetensors" using val
            """)
        #expect(run.exitCode == 0, "\(family): \(run.errors)")

        let expected = try SafetensorsFile(path: golden + "/expected.safetensors")
        let scores = try SafetensorsFile(path: folder["s.safetensors"])
        for name in ["scores_abs", "scores"] {
            let rows = try expected.doubles("amp.t15.\(name)")
            let layers = search.layers.count
            let hidden = rows.count / layers
            let largest = rows.map(abs).max() ?? 0
            for layer in 0..<layers {
                let found = try scores.doubles("\(name).\(layer + 1)")
                let difference = Self.difference(found, rows[(layer * hidden)..<((layer + 1) * hidden)])
                #expect(difference <= 1e-5 * largest, "\(family), \(name) of layer \(layer + 1)")
            }
        }

        let plan = try decoder.decode(Plan.self, from: Data(folder.bytes("p.json")))
        #expect(plan.layers.map(\.layer) == search.layers.map { $0.layer + 1 }, "\(family), order of the layers")
        for (found, wanted) in zip(plan.layers, search.layers) {
            let place = "\(family), layer \(found.layer) (\(found.key))"
            #expect(found.tries.map(\.width) == wanted.steps.map(\.mid), "\(place), tried widths")
            #expect(found.tries.map(\.accepted) == wanted.steps.map(\.accepted), "\(place), verdicts")
            #expect(found.kept == wanted.kept, "\(place), kept neurons in order")
            #expect(found.width == wanted.kept.count, "\(place), width")
            #expect(abs(found.start - wanted.lossPrev) <= 1e-5, "\(place), entropy before")
            for (one, other) in zip(found.tries, wanted.steps) {
                #expect(abs(one.entropy - other.loss) <= 1e-5, "\(place), entropy at width \(one.width)")
            }
        }

        let features = try SafetensorsFile(path: folder["f.safetensors"]).doubles("features")
        let reference = try expected.doubles("search.pruned_features_val")
        let largest = reference.map(abs).max() ?? 0
        #expect(Self.difference(features, reference[...]) <= 1e-5 * largest, "\(family), features of the pruned model")
    }

    private static func difference(_ one: [Double], _ other: ArraySlice<Double>) -> Double {
        one.count == other.count ? zip(one, other).map { abs($0 - $1) }.max() ?? 0 : .infinity
    }
}
