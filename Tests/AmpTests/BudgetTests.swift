import Foundation
import Samples
import Testing

@Suite("Budgets")
struct BudgetTests {
    private static let setting = #"load "tiny" as m; data "images.safetensors" tensor=images; "#

    /// The outputs of the last of some sentences.
    private func outputs(_ sentences: String, in folder: Folder) throws -> [[String: Any]] {
        let run = try folder.amp("--json", "-c", "\(Self.setting)score entropy t=15 batch=8; \(sentences)")
        #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
        let last = run.output.split(separator: "\n").last.map(String.init) ?? ""
        let answer = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
        return answer?["outputs"] as? [[String: Any]] ?? []
    }

    /// What `show plan` says of the layers after a search: their widths, tries and entropies.
    private func trace(_ search: String, in folder: Folder) throws -> String {
        let trace = try outputs("\(search); show plan", in: folder).first { $0["kind"] as? String == "trace" }
        return String(
            decoding: try JSONSerialization.data(withJSONObject: try #require(trace), options: .sortedKeys),
            as: UTF8.self)
    }

    private func found(_ search: String, in folder: Folder) throws -> (tolerance: Double, left: Double) {
        let data = try outputs(search, in: folder).compactMap { $0["data"] as? [String: Any] }
            .first { $0["budget"] != nil }
        return (
            try #require(data?["tolerance"] as? Double), try #require(data?["left"] as? Double)
        )
    }

    @Test(
        "are met by the plan of a plain search at the tolerance that is named",
        arguments: ["params", "flops"], ["", " multiple=4", " layerwise=yes", " steps=3"])
    func plain(_ unit: String, _ options: String) throws {
        for share in [80, 90] {
            let search = "search all to \(share)% \(unit)\(options)"
            let found = try found(search, in: Folder.staged())
            #expect(found.left <= Double(share) / 100)
            // A folder of its own: nothing of the other search is in its cache.
            let plain = try trace("search all within \(found.tolerance)\(options)", in: Folder.staged())
            #expect(try trace(search, in: Folder.staged()) == plain, "\(found)")
        }
    }

    @Test("of time are met by what is predicted, and what was measured is said beside it")
    func latency() throws {
        let folder = try Folder.staged()
        // Nearly all of the time is spent in MLPs.
        var model = Samples.TinyModel.timm(.init(width: 16, heads: 2, hidden: [4096, 4096], patch: 8, grid: 2))
        model.description = "wide"
        try FileManager.default.createDirectory(atPath: folder["wide"], withIntermediateDirectories: true)
        try model.write(to: folder["wide"])
        for search in ["all", "uniform", "global"] {
            let run = try folder.amp(
                "-c",
                """
                load "wide"; data "images.safetensors" tensor=images; score magnitude
                search \(search) to 70% latency t=15 batch=8
                """)
            #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
            let said = run.errors.components(separatedBy: "time: predicted ").last ?? ""
            let predicted = try #require(Double(said.prefix { $0 != " " }))
            #expect(predicted <= 70 && said.contains("of the whole model's, measured"), "\(run.errors)")
        }
    }
}
