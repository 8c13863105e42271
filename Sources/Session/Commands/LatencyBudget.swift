import Foundation
import Images
import Language
import Models
import Pruning
import Report
import Tensor

/// How long forward passes take on this machine.
enum LatencyBudget {
    /// Inputs of one pass.
    private static let batch = 8

    /// The table of times of a model, measured once for a machine and its number of threads.
    static func table(
        of model: OpenModel, images: PartImages, data: OpenData, _ context: inout CommandContext
    ) throws -> LatencyTable {
        let machine = Machine()
        let model = model.original
        var key = try CacheKey("latency", model)
        key.recipe = [
            "shape": "\(images.shape)", "batch": String(min(batch, images.count)), "threads": String(Parallel.threads),
            "processor": machine.processor, "features": machine.features.joined(separator: " "),
            "blas": machine.blas, "built": machine.builtFor,
        ]
        return try context.cached(key, as: LatencyTable.self, part: "times") { context in
            let transformer = try context.transformer(model)
            return try measure(images) { inputs in
                try LatencyTable(
                    measuring: transformer, inputs: inputs, monitor: context.monitor("timing \(model.name)"))
            }
        }
    }

    /// A view's real time as a share of the whole model's.
    static func comparison(
        of kept: KeptNeurons, _ model: OpenModel, images: PartImages, _ context: CommandContext
    ) throws -> LatencyTable.Comparison {
        let (narrow, whole) = try (
            context.transformer(model, keeping: kept), context.transformer(model.original)
        )
        return try measure(images) {
            try LatencyTable.Comparison(
                narrow, beside: whole, inputs: $0, monitor: context.monitor("timing \(model.name)"))
        }
    }

    /// With some inputs in memory, so that reading files is no part of the time.
    private static func measure<Found>(_ images: PartImages, _ measure: (any InputSource) throws -> Found) throws
        -> Found
    {
        switch try images.load(0..<min(batch, images.count)) {
        case .images(let pixels): try measure(LoadedImages(pixels))
        case .texts(let texts): try measure(LoadedTexts(texts))
        }
    }
}

extension Search {
    /// What was predicted of a plan's time, and what it is.
    static func describe(
        latency budget: Budget, _ widths: [Int], _ plan: PlanEntry, _ job: SearchJob, _ context: inout CommandContext
    ) throws {
        let predicted = budget.share(of: budget.amount(widths))
        let measured = try LatencyBudget.comparison(
            of: plan.applied(to: job.model.entry.kept), job.model, images: job.images, context)
        context.status(
            """
            time: predicted \(percent: predicted) of the whole model's, measured \(percent: measured.share) \
            (\(seconds: measured.wholeSeconds) → \(seconds: measured.share * measured.wholeSeconds) on \(count: Parallel.threads) \
            \(Parallel.threads == 1 ? "thread" : "threads"))
            """,
            data: [
                "predicted": .double(predicted), "measured": .double(measured.share),
                "whole_seconds": .double(measured.wholeSeconds),
                "pruned_seconds": .double(measured.share * measured.wholeSeconds),
            ])
    }
}
