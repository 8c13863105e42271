import Foundation
import Language
import Models
import Pruning
import Report

extension Search {
    /// Plans the same share of every layer: the widest that leaves no more than was asked for.
    static func uniform(_ sentence: Sentence, _ context: inout CommandContext) throws {
        if let extra = ["within"].first(where: { sentence.has(Keyword($0)) }) {
            throw Diagnostic(
                "'search uniform' tries nothing, so it takes no tolerance", at: sentence.span(of: Keyword(extra)),
                hints: ["search uniform to 60% params"])
        }
        if let option = sentence.options.first(where: {
            ["steps", "confidence", "layerwise"].contains($0.key.content.text)
        }) {
            throw Diagnostic(
                "'search uniform' tries nothing, so it takes no '\(option.key.content)'", at: option.key.span)
        }
        guard let share = sentence.value("to", as: Double.self), let unit = sentence.string("to", at: 1) else {
            throw Diagnostic(
                "'search uniform' needs to know how much is to be left", at: sentence.objectSpan,
                label: "write: search uniform to 60% params")
        }
        let model = try context.model(for: sentence)
        let layers = Array(0..<model.depth)
        let data = try context.data(for: sentence)
        let ranking = try Ranking(model, layers: layers, at: sentence.objectSpan, &context)
        let job = try SearchJob(sentence, model: model, layers: layers, data: data, ranking: ranking, &context)
        let widths = try widths(of: model, share: share, unit: unit, at: sentence.span(of: "to"))
        let started = Date()
        let (plan, start, end) = try job.uniform(widths, written: "\(sentence.written("to") ?? "") \(unit)", &context)
        context.state.models[model.name]?.plan = plan
        let kept = plan.applied(to: model.entry.kept)
        let (before, after) = (model.cost(keeping: model.everything), model.cost(keeping: kept))
        context.say(
            """
            every layer keeps \(percent: Double(widths.reduce(0, +)) / Double(max(model.model.architecture.hiddenWidths.reduce(0, +), 1))) of its \
            neurons · entropy \(entropy: start) → \(entropy: end) on \(count: job.recipe.images) \(model.inputs) · parameters \
            \(parameters: before.parameters) → \(parameters: after.parameters) \
            (\(percent: Double(after.parameters) / Double(max(before.parameters, 1)))) · \
            \(flops: Double(before.flops)) → \(flops: Double(after.flops)) \
            (\(percent: Double(after.flops) / Double(max(before.flops, 1))))
            """,
            data: [
                "entropy_before": .double(start), "entropy_after": .double(end), "images": .int(job.recipe.images),
                "parameters_before": .int(before.parameters), "parameters_after": .int(after.parameters),
                "flops_before": .int(before.flops), "flops_after": .int(after.flops), "widths": Report.Value(widths),
            ])
        context.status("\(seconds: Date().timeIntervalSince(started))")
    }

    /// The widths of the largest common share whose model is within the budget.
    private static func widths(of model: OpenModel, share: Double, unit: String, at span: SourceSpan?) throws -> [Int] {
        let now = model.model.widths(keeping: model.entry.kept)
        let source = model.model.architecture.hiddenWidths
        let whole = model.cost(keeping: model.everything)
        func amount(_ cost: Cost) -> Int { unit == "flops" ? cost.flops : cost.parameters }
        let budget = share * Double(amount(whole))
        func kept(_ part: Int) -> [Int] {
            zip(source, now).map { source, now in min(max(1, source * part / parts), now) }
        }
        func fits(_ part: Int) -> Bool {
            let view = kept(part).enumerated().reduce(model.everything) {
                $0.keeping(Array(0..<$1.element), of: $1.offset)
            }
            return Double(amount(model.cost(keeping: view))) <= budget
        }
        guard fits(0) else {
            let least = kept(0).enumerated().reduce(model.everything) {
                $0.keeping(Array(0..<$1.element), of: $1.offset)
            }
            let floor = Double(amount(model.cost(keeping: least))) / Double(max(amount(whole), 1))
            throw Diagnostic(
                "'\(model.name)' can't be brought to \(NumberFormat.percent(share)) of its \(unit == "flops" ? "operations" : "parameters")",
                at: span,
                notes: ["with one neuron a layer, \(NumberFormat.percent(floor)) are left"])
        }
        // What fits does so for every smaller share.
        var (low, high) = (0, parts + 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if fits(middle) { low = middle } else { high = middle }
        }
        return kept(low)
    }

    /// Shares are told apart this finely.
    private static let parts = 100_000
}

extension SearchJob {
    /// A plan of given widths, with the entropy they lead to.
    func uniform(
        _ widths: [Int], written: String, _ context: inout CommandContext
    ) throws -> (plan: PlanEntry, start: Double, end: Double) {
        var plan = standing
        var recipe = recipe
        recipe.tolerance = "uniform \(written)"
        recipe.absoluteTolerance = 0
        recipe.steps = 0
        let now = model.model.widths(keeping: model.entry.kept)
        let start = try entropy(model.entry.kept, &context)
        var kept = model.entry.kept
        for layer in layers.reversed() where widths[layer] < now[layer] {
            kept = kept.keeping(Array(ranking.order(ofLayer: layer).prefix(widths[layer])), of: layer)
        }
        let end = try entropy(kept, &context)
        for layer in layers {
            let isLast = layer == layers.last
            plan.plan.set(
                LayerPlan(
                    layer: layer, hidden: now[layer], start: start, tries: [],
                    kept: Array(ranking.order(ofLayer: layer).prefix(widths[layer])), entropy: isLast ? end : nil))
            plan.recipes[layer] = recipe
        }
        plan.cell = context.cell
        plan.start = start
        return (plan, start, end)
    }

    private func entropy(_ kept: KeptNeurons, _ context: inout CommandContext) throws -> Double {
        try Measurement.entropy(measure, of: model, kept: kept, images: images, data: data, &context).mean
    }
}
