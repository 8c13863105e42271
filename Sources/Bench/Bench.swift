import ArgumentParser
import Foundation
import Models
import Pruning
import Tensor

/// Measurements of amp's own, one line of JSON each; `scripts/bench` sets them beside those of other programs.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amp-bench", abstract: "Measures amp's kernels, forward passes, scores and searches.",
        subcommands: [Make.self, Forward.self, Score.self])
}

extension RandomViT.Size: ExpressibleByArgument {}

struct Make: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Writes a vision transformer of random weights.")
    @Argument var size: RandomViT.Size
    @Argument var folder: String

    func run() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try RandomViT(size: size).write(to: folder)
    }
}

struct Forward: ParsableCommand {
    @Argument var folder: String
    @Option var batch = 16
    @Option var repeats = 5

    func run() throws {
        let model = try Model(path: folder)
        let transformer = try model.transformer(keeping: KeptNeurons(allOf: model.architecture.depth))
        let images = LoadedImages(
            FloatBuffer([batch, 3, 224, 224], randomNormals(batch * 3 * 224 * 224, deviation: 1, seed: 1)))
        let times = try timed(repeats) { _ = try transformer.run(images) }
        print(
            batch, times.map { Double(batch) / $0 }.sorted().map { String(format: "%.2f", $0) }.joined(separator: " "))
    }
}

struct Score: ParsableCommand {
    @Argument var folder: String
    @Option var batch = 32
    @Option var images = 64
    @Option var repeats = 3

    func run() throws {
        let model = try Model(path: folder)
        let transformer = try model.transformer(keeping: KeptNeurons(allOf: model.architecture.depth))
        let source = LoadedImages(
            FloatBuffer([images, 3, 224, 224], randomNormals(images * 3 * 224 * 224, deviation: 1, seed: 1)))
        let scorer = TaylorScorer(
            transformer: transformer, loss: .entropy(temperature: 20), batch: batch,
            layers: Set(0..<model.architecture.depth), memoryLimit: 8 << 30)
        let times = try timed(repeats) { _ = try scorer.score(source) }
        print(
            images, times.map { Double(images) / $0 }.sorted().map { String(format: "%.2f", $0) }.joined(separator: " ")
        )
    }
}

func timed(_ repeats: Int, _ body: () throws -> Void) rethrows -> [Double] {
    try body()
    return try (0..<repeats).map { _ in
        let start = DispatchTime.now().uptimeNanoseconds
        try body()
        return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    }
}
