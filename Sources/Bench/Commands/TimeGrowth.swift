import ArgumentParser
import Checkpoints
import Foundation
import Pruning
import Tensor

/// How the cost of the three kinds of work grows with images, layers and parameters.
struct TimeGrowth: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "growth", abstract: "Times forward, score and search over sizes, depths and numbers of images.")

    @Argument(help: "Where models are written.") var folder: String
    @Option(help: "Minutes it may take; rows that would not fit are left out and said.") var minutes = 4.0
    @Option(help: "Threads; all cores unless given.") var threads: Int?

    private enum Work: String, CaseIterable {
        case forward, score, search

        /// About how many forward passes it costs, for the budget until there is a measurement.
        func passes(depth: Int) -> Double {
            switch self {
            case .forward: 1
            case .score: 3
            case .search: 4 * Double(depth)
            }
        }

        /// Images from few to many.
        var images: [Int] {
            switch self {
            case .forward, .score: [32, 128, 512, 1024]
            case .search: [32, 128, 512]
            }
        }
    }

    private struct Row {
        let work: Work
        let size: RandomViT.Size
        let depth: Int
        let images: Int
    }

    func run() throws {
        if let threads { Parallel.threads = threads }
        var budget = GrowthBudget(seconds: minutes * 60)
        // What costs least comes first, so that what does not fit is at the large end of every series.
        for row in rows.sorted(by: { cost($0) < cost($1) }) {
            let subject = try subject(row)
            let size = subject.flopsPerImage * Double(row.images) * row.work.passes(depth: row.depth)
            var facts: [String: JSON] = [
                "model": .string(row.size.name), "depth": .number(Double(row.depth)),
                "parameters": .number(Double(subject.model.parameters)),
                "gflop_per_image": .number(subject.flopsPerImage / 1e9),
            ]
            guard budget.allows(row.work.rawValue, size: size) else {
                facts["left_out"] = .bool(true)
                Measurement(work: row.work.rawValue, times: [], facts: facts, images: row.images).write()
                continue
            }
            let time = try time(row, subject)
            budget.spent(row.work.rawValue, size: size, seconds: time)
            Measurement(work: row.work.rawValue, times: [time], facts: facts, images: row.images).write()
        }
    }

    /// Four sizes at their own depth, and one size at several depths.
    private var rows: [Row] {
        Work.allCases.flatMap { work in
            work.images.flatMap { images in
                RandomViT.Size.allCases.map { Row(work: work, size: $0, depth: $0.depth, images: images) }
                    + [3, 6].map { Row(work: work, size: .small, depth: $0, images: images) }
            }
        }
    }

    private func cost(_ row: Row) -> Double {
        Double(row.size.width * row.size.width * row.depth * row.images) * row.work.passes(depth: row.depth)
    }

    private func subject(_ row: Row) throws -> Subject {
        let path = "\(folder)/\(row.size.name)-\(row.depth)"
        if !FileManager.default.fileExists(atPath: path + "/" + Checkpoint.weightsName) {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try RandomViT(size: row.size, depth: row.depth).write(to: path)
        }
        return try Subject(path, images: row.images, different: 32)
    }

    private func time(_ row: Row, _ subject: Subject) throws -> Double {
        let (batch, temperature, memory) = (32, 20.0, 8 << 30)
        let all = Array(0..<row.depth)
        // Maps the weights and warms the caches.
        _ = try subject.transformer.run(RandomImages(count: 4))
        switch row.work {
        case .forward: return try seconds { _ = try subject.transformer.run(subject.images) }
        case .score:
            let scorer = TaylorScorer(
                transformer: subject.transformer, loss: .entropy(temperature: temperature), batch: batch,
                layers: Set(all), memoryLimit: memory)
            return try seconds { _ = try scorer.score(subject.images) }
        case .search:
            // Any order will do: it is the widths that cost.
            let order = subject.model.architecture.hiddenWidths.map { Array(0..<$0) }
            let search = AdaptiveSearch(
                bisection: Bisection(tolerance: 0), measure: ValidationEntropy(temperature: temperature, batch: batch),
                layers: all, memoryLimit: memory)
            return try seconds {
                _ = try search.run(subject.transformer, images: subject.images, order: { layer, _ in order[layer] })
            }
        }
    }
}
