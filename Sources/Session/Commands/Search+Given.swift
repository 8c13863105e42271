import Foundation
import Language
import Models
import Pruning
import Report

/// Widths that are given rather than found: nothing is tried.
enum GivenWidths: String, CaseIterable {
    /// The same share of every layer.
    case uniform
    /// The best of all layers' neurons together.
    case global
}

extension Search {
    /// Plans widths that follow from a budget alone: the widest that leave no more than was asked for.
    static func given(_ given: GivenWidths, _ sentence: Sentence, _ context: inout CommandContext) throws {
        try refuse(given, sentence)
        let model = try context.model(for: sentence)
        let layers = Array(0..<model.depth)
        let data = try context.data(for: sentence)
        let ranking = try Ranking(model, layers: layers, at: sentence.objectSpan, &context)
        try refuse(given, sentence, ranking)
        let job = try SearchJob(sentence, model: model, layers: layers, data: data, ranking: ranking, &context)
        let started = Date()
        let asked = try Budget(sentence, of: model) {
            try LatencyBudget.table(of: model, images: job.images, data: data, &context).time
        }
        guard let budget = asked else {
            throw Diagnostic(
                "'search \(given.rawValue)' needs to know how much is to be left", at: sentence.objectSpan,
                label: "write: search \(given.rawValue) to 60% params")
        }
        let widths =
            switch given {
            case .uniform: try uniform(model, budget, multiple: sentence.multiple)
            case .global: try global(model, budget, ranking, multiple: sentence.multiple)
            }
        let (plan, start, end) = try job.plan(
            widths, as: "\(given.rawValue) \(budget.written)", budget: budget,
            rearranged: sentence.option("rearrange", as: Bool.self) ?? false, &context)
        context.state.models[model.name]?.plan = plan
        describe(given, plan, widths, (start, end), job, &context)
        if budget.unit == .latency { try describe(latency: budget, widths, plan, job, &context) }
        context.status("\(seconds: Date().timeIntervalSince(started))")
    }

    /// Says what does not go together with given widths.
    private static func refuse(_ given: GivenWidths, _ sentence: Sentence) throws {
        if sentence.has("within") {
            throw Diagnostic(
                "'search \(given.rawValue)' tries nothing, so it takes no tolerance", at: sentence.span(of: "within"),
                hints: ["search \(given.rawValue) to 60% params"])
        }
        if let option = sentence.options.first(where: {
            ["steps", "confidence", "falls"].contains($0.key.content.text)
        }) {
            throw Diagnostic(
                "'search \(given.rawValue)' tries nothing, so it takes no '\(option.key.content)'", at: option.key.span)
        }
        if let option = sentence.options.first(where: { CompensationOptions.keys.contains($0.key.content.text) }) {
            throw Diagnostic(
                "'search \(given.rawValue)' tries nothing, so there is nothing to compensate yet", at: option.key.span,
                hints: ["prune compensate=ls"])
        }
        if given == .global, let option = sentence.option("layerwise"),
            sentence.option("layerwise", as: Bool.self) == true
        {
            throw Diagnostic(
                "'search global' ranks all layers at once, so none can be scored after another",
                at: option.key.span, hints: ["search uniform … layerwise=yes can"])
        }
    }

    private static func refuse(_ given: GivenWidths, _ sentence: Sentence, _ ranking: Ranking) throws {
        let recipe = ranking.entry.recipe
        if given == .global, let reason = recipe.incomparable {
            throw Diagnostic(
                "scores by \(recipe.criterion.rawValue) can't be compared between layers: \(reason)",
                at: sentence.objectSpan, hints: ["search uniform to \(sentence.written("to") ?? "60%") params"])
        }
        guard sentence.option("rearrange", as: Bool.self) == true, let option = sentence.option("rearrange") else {
            return
        }
        guard recipe.criterion == .fisher else {
            throw Diagnostic(
                "'rearrange' needs Fisher scores, which keep the slopes of every batch", at: option.key.span,
                notes: ["these are by \(recipe.criterion.rawValue)"], hints: ["score fisher"])
        }
    }

    /// The widths of the largest common share whose model is within the budget.
    private static func uniform(_ model: OpenModel, _ budget: Budget, multiple: Int) throws -> [Int] {
        let now = model.model.widths(keeping: model.entry.kept)
        let source = model.model.architecture.hiddenWidths
        func kept(_ part: Int) -> [Int] {
            zip(source, now).map { source, now in
                let width = source * part / parts
                return width >= now ? now : min(max(multiple, width / multiple * multiple), now)
            }
        }
        guard budget.fits(kept(0)) else { throw tooSmall(budget, least: kept(0), multiple) }
        // What fits does so for every smaller share.
        var (low, high) = (0, parts + 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if budget.fits(kept(middle)) { low = middle } else { high = middle }
        }
        return kept(low)
    }

    /// Shares are told apart this finely.
    private static let parts = 100_000

    /// The widths when the best of all neurons stay, as many as the budget lets.
    private static func global(
        _ model: OpenModel, _ budget: Budget, _ ranking: Ranking, multiple: Int
    ) throws -> [Int] {
        let values = ranking.scores.layers.map { layer in
            (ranking.entry.recipe.signed ? layer?.signed : layer?.ranking) ?? []
        }
        let least = values.map { min(multiple, $0.count) }
        let allocation = GlobalAllocation(values: values, least: least, multiple: multiple)
        guard let widths = allocation.widths(fitting: budget.fits) else {
            throw tooSmall(budget, least: least, multiple)
        }
        return widths
    }

    private static func tooSmall(_ budget: Budget, least: [Int], _ multiple: Int) -> Diagnostic {
        budget.unreachable(least: least, multiple > 1 ? "with \(multiple) neurons a layer" : "with one neuron a layer")
    }

    private static func describe(
        _ given: GivenWidths, _ plan: PlanEntry, _ widths: [Int], _ entropy: (start: Double, end: Double),
        _ job: SearchJob, _ context: inout CommandContext
    ) {
        let model = job.model
        let kept = plan.applied(to: model.entry.kept)
        let (before, after) = (model.cost(keeping: model.everything), model.cost(keeping: kept))
        let share = Double(widths.reduce(0, +)) / Double(max(model.model.architecture.hiddenWidths.reduce(0, +), 1))
        let what: StyledText =
            switch given {
            case .uniform: "every layer keeps \(percent: share) of its neurons"
            case .global:
                "the best \(percent: share) of all neurons stay, \(count: widths.min() ?? 0) to \(count: widths.max() ?? 0) a layer"
            }
        context.say(
            what
                + """
                 · entropy \(entropy: entropy.start) → \(entropy: entropy.end) on \(count: job.recipe.images) \(model.inputs) · \
                parameters \(parameters: before.parameters) → \(parameters: after.parameters) \
                (\(percent: Double(after.parameters) / Double(max(before.parameters, 1)))) · \
                \(flops: Double(before.flops)) → \(flops: Double(after.flops)) \
                (\(percent: Double(after.flops) / Double(max(before.flops, 1))))
                """,
            data: [
                "entropy_before": .double(entropy.start), "entropy_after": .double(entropy.end),
                "images": .int(job.recipe.images), "parameters_before": .int(before.parameters),
                "parameters_after": .int(after.parameters), "flops_before": .int(before.flops),
                "flops_after": .int(after.flops), "widths": Report.Value(widths),
            ])
    }
}

extension SearchJob {
    /// A plan of given widths, with the entropy they lead to.
    func plan(
        _ widths: [Int], as written: String, budget: Budget, rearranged: Bool, _ context: inout CommandContext
    ) throws -> (plan: PlanEntry, start: Double, end: Double) {
        var plan = standing
        var recipe = recipe
        recipe.tolerance = written
        recipe.absoluteTolerance = 0
        recipe.steps = 0
        recipe.budget = budget.written
        recipe.rearranged = rearranged ? true : nil
        let now = model.model.widths(keeping: model.entry.kept)
        let start = try entropy(model.entry.kept, &context)
        var kept = model.entry.kept
        var stay: [Int: [Int]] = [:]
        for layer in layers {
            let own = try neurons(of: layer, width: widths[layer], keeping: kept, rearranged: rearranged, &context)
            stay[layer] = own
            if widths[layer] < now[layer] { kept = kept.keeping(own, of: layer) }
        }
        let end = try entropy(kept, &context)
        for layer in layers {
            let isLast = layer == layers.last
            plan.plan.set(
                LayerPlan(
                    layer: layer, hidden: now[layer], start: start, tries: [], kept: stay[layer] ?? [],
                    entropy: isLast ? end : nil))
            plan.recipes[layer] = recipe
        }
        plan.cell = context.cell
        plan.start = start
        return (plan, start, end)
    }

    /// The neurons of a layer that stay, by descending importance.
    private func neurons(
        of layer: Int, width: Int, keeping kept: KeptNeurons, rearranged: Bool, _ context: inout CommandContext
    ) throws -> [Int] {
        var scores = ranking.scores.layers[layer]
        if recipe.layerWise, width < model.model.widths(keeping: kept)[layer] {
            var one = ranking.entry.recipe
            one.layers = [layer]
            let outputs = context.outputs
            scores = try Score.scores(one, model, kept: kept, data: scoring.data, &context).scores.layers[layer]
            // A line for every layer would say little.
            context.outputs = outputs
        }
        let order = scores?.order(signed: ranking.entry.recipe.signed) ?? []
        guard rearranged, let gradients = scores?.batchGradients else { return Array(order.prefix(width)) }
        return gradients.rearranged(order, width: width)
    }

    private func entropy(_ kept: KeptNeurons, _ context: inout CommandContext) throws -> Double {
        try Measurement.entropy(measure, of: model, kept: kept, images: images, data: data, &context).mean
    }
}
