import Foundation
import Images
import Language
import Models
import Pruning
import Report

/// `search all within 0.01`: finds how many neurons each layer can lose.
enum Search: Command {
    static let spec = CommandSpec(
        "search", "find the smallest width of each layer within a tolerance",
        object: .allOrLayers(
            "what to search",
            also: [
                Choice(
                    "uniform", "the same share of every layer, as a baseline: nothing is tried", options: [.rearrange]),
                Choice(
                    "global", "the best neurons of all layers together, as a baseline: nothing is tried",
                    options: [.rearrange]),
            ]),
        clauses: [
            ClauseSpec(
                "within", .tolerance(),
                summary: "how much entropy a layer may cost: nats, or % of the unpruned entropy",
                default: Standard.tolerance),
            ClauseSpec(
                "to", .percent(.between(1, 100)), .word(of: Budget.Unit.self),
                summary: "how much of the unpruned model may be left; finds the tolerance by itself"), .on, .using,
        ],
        options: [
            OptionSpec(
                "t", .number(Standard.temperatures), "t of the validation entropy",
                default: "that of the scores, else 20"),
            OptionSpec(
                "batch", .count(.atLeast(2)), "images in a validation batch",
                default: "that of the scores, else 32"),
            OptionSpec(
                "steps", .integer(.between(1, 20)), "bisection steps a layer; n leave 1/2ⁿ of the width open",
                default: "6"),
            OptionSpec(
                "multiple", .integer(.between(1, 4096)), "widths that are multiples of this, such as 8, 16 or 32",
                default: "any width"),
            OptionSpec(
                "confidence", .number(Standard.confidences),
                "decide a try from some of the batches once that is as sure as this",
                default: "every try runs on all batches"),
            OptionSpec(
                "falls", .boolean, "accept widths at which the entropy falls by more than the tolerance, as AMP does",
                default: "yes"),
            OptionSpec(
                "layerwise", .boolean, "score each layer anew on the model as pruned so far", default: "no"),
        ] + CompensationOptions.specs,
        help: """
            Goes from the last layer to the first. In each, a bisection over the number of kept neurons, the most important \
            first, accepts a width when the validation entropy rises by no more than the tolerance above what it was before \
            this layer. A falling entropy is always accepted, unless falls=no counts it like a rise; changes can add up over \
            layers.

            Nothing is pruned yet: the widths are a plan, which 'show plan' explains and 'prune' applies. Only what changes \
            is computed: blocks before the layer are not run again.

            With confidence=0.999 a try is decided from four or more of the validation batches where a paired test is that \
            sure of what all of them would say. The width found is then measured on all batches; where it breaks the \
            tolerance there, the layer is searched again with every try on all. This pays with a dozen batches or more.

            With compensate=ls a width is judged with an output layer fitted to the neurons it keeps, so that more can go; \
            'prune' then compensates without being told, fitting once more to what narrowed layers before it give.

            'search all to 60% params' finds the tolerance whose widths leave the most that fits, by searching at several. \
            What several of them try runs once, as long as layers behind are alike; the widths are those of a plain search \
            at the tolerance that the answer names.

            'search uniform to 60% params' plans the same share of every layer instead, the widest that fits, ranked by the same \
            scores: what adaptive widths have to beat. 'search global to 60% params' ranks the neurons of all layers together.
            """,
        examples: [
            Example("search layer 12 within 0.01"), Example("search layers 1..6 within 1%"),
            Example("search all within 0.01 layerwise=yes"),
            Example("search all within 0.01 batch=16 confidence=0.999"), Example("search all to 60% params multiple=8"),
            Example("search all within 0.01 compensate=ls"), Example("search all to 60% params falls=no"),
            Example("search uniform to 60% params"), Example("search global to 60% flops"),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        if let given = sentence.choice(as: GivenWidths.self) { return try self.given(given, sentence, &context) }
        let model = try context.model(for: sentence)
        let layers =
            try sentence.layers?.numbers(model: model.name, depth: model.depth).map { $0 - 1 }
            ?? Array(0..<model.depth)
        let data = try context.data(for: sentence)
        let ranking = try Ranking(model, layers: layers, at: sentence.objectSpan, &context)
        let job = try SearchJob(sentence, model: model, layers: layers, data: data, ranking: ranking, &context)
        let started = Date()
        let budget = try Budget(sentence, of: model) {
            try LatencyBudget.table(of: model, images: job.images, data: data, &context).time
        }
        if let budget {
            try search(job, to: budget, sentence, &context)
        } else {
            let (plans, start, spending) = try job.run(&context)
            let plan = keep(plans, start, job, &context)
            describe(plans, plan, job, &context)
            if let spending { describe(spending, isSequential: job.recipe.confidence != nil, &context) }
        }
        context.status(
            "\(seconds: Date().timeIntervalSince(started)) for \(count: layers.count) \(layers.count == 1 ? "layer" : "layers")",
            data: ["seconds": .double(Date().timeIntervalSince(started))])
    }

    /// A budget of time depends on the machine, and so do the widths found for it.
    static func isAboutMachine(_ sentence: Sentence) -> Bool {
        sentence.string("to", at: 1) == Budget.Unit.latency.rawValue
    }

    /// Puts what a search found into the session's plan.
    static func keep(
        _ plans: [LayerPlan], _ start: Double, _ job: SearchJob, _ context: inout CommandContext
    ) -> PlanEntry {
        var plan = job.standing
        for layer in plans { plan.plan.set(layer) }
        for layer in job.layers { plan.recipes[layer] = job.recipe }
        plan.cell = context.cell
        if plan.plan.layers.count == plans.count { plan.start = start }
        context.state.models[job.model.name]?.plan = plan
        return plan
    }

    private static func describe(
        _ spending: SearchSpending, isSequential: Bool, _ context: inout CommandContext
    ) {
        func ratio(_ other: Int) -> StyledText {
            "(\(fixed: Double(other) / Double(max(spending.spent, 1)), digits: 1) × fewer)"
        }
        var text: StyledText = """
            \(flops: Double(spending.spent)) where the plain algorithm spends \(flops: Double(spending.plain)) \
            \(ratio(spending.plain))
            """
        var data: Fields = ["flops_spent": .int(spending.spent), "flops_plain": .int(spending.plain)]
        if isSequential {
            text += " and the exact search \(flops: Double(spending.exact)) \(ratio(spending.exact))"
            data["flops_exact"] = .int(spending.exact)
        }
        context.status(text, data: data)
        if let compensation = spending.compensation {
            context.status(
                "beside it \(seconds: compensation.seconds) and \(flops: Double(compensation.work.all)) for compensation",
                data: ["compensation_seconds": .double(compensation.seconds)])
        }
    }

    static func describe(
        _ plans: [LayerPlan], _ entry: PlanEntry, _ job: SearchJob, _ context: inout CommandContext
    ) {
        let model = job.model
        context.show(
            .trace(
                SearchTrace(
                    layers: plans.map { $0.trace(key: model.model.key(ofBlock: $0.layer)) }, steps: job.recipe.steps)))
        let end = plans.last?.end ?? entry.start
        let before = model.cost(keeping: model.entry.kept)
        let after = model.cost(keeping: entry.applied(to: model.entry.kept))
        context.say(
            """
            entropy \(entropy: plans.first?.start ?? entry.start) → \(entropy: end) on \(count: job.recipe.images) \(model.inputs), \
            each layer within \(number: job.toleranceText) · parameters \(parameters: before.parameters) → \
            \(parameters: after.parameters) (\(percent: Double(after.parameters) / Double(before.parameters)))
            """,
            data: [
                "entropy_before": Report.Value(plans.first?.start), "entropy_after": .double(end),
                "tolerance": .double(job.recipe.absoluteTolerance), "images": .int(job.recipe.images),
                "parameters_before": .int(before.parameters), "parameters_after": .int(after.parameters),
                "flops_before": .int(before.flops), "flops_after": .int(after.flops),
            ])
        if let confidence = job.recipe.confidence, let summary = SequentialSummary(plans) {
            context.note(summary.text(confidence: confidence), data: summary.fields(confidence: confidence))
        }
        let start = plans.first?.start ?? entry.start
        if end < 0.8 * start {
            context.note(
                """
                entropy fell by \(percent: 1 - end / start, digits: 0). \
                \(job.recipe.refusesFalls == true ? "That" : "Unless falls=no is said a fall is accepted, but it") can mean that \
                features have lost detail: 'evaluate agreement' tells after 'prune'
                """)
        }
        if !job.judgedApart {
            context.note("'\(job.data.name)' is not split: the search was judged on what was scored")
        }
        if plans.allSatisfy({ $0.width == $0.hidden }) {
            context.note("no smaller width was accepted in any of these layers")
        }
    }
}

extension LayerPlan {
    /// The plan as a row of a trace.
    func trace(key: String) -> SearchTrace.Layer {
        SearchTrace.Layer(
            number: layer + 1, key: key, widthBefore: hidden, widthAfter: width,
            tries: tries.map {
                SearchTrace.Try(
                    width: $0.width, verdict: $0.accepted ? .accepted : .rejected, entropy: $0.entropy,
                    batches: $0.batches)
            },
            entropyBefore: start, entropyAfter: end)
    }
}

extension PlanEntry {
    /// The kept neurons once the plan is applied, or those of some of its layers.
    func applied(to kept: KeptNeurons, layers: Set<Int>? = nil) -> KeptNeurons {
        plan.narrowed.filter { layers?.contains($0.layer) ?? true }
            .reduce(kept) { $0.keeping($1.kept, of: $1.layer) }
    }
}

/// The scores a search ranks by, checked to be those of the model as it is.
struct Ranking {
    let entry: ScoresEntry
    let scores: Scores

    init(_ model: OpenModel, layers: [Int], at span: SourceSpan?, _ context: inout CommandContext) throws {
        let (entry, scores) = try Self.current(of: model, context)
        if let missing = layers.first(where: { scores.layers[$0] == nil }) {
            throw SessionError.scoresLackLayer(missing + 1, scores: entry.cell, at: span)
        }
        self.entry = entry
        self.scores = scores
    }

    /// The model's scores, where they still belong to it.
    static func current(of model: OpenModel, _ context: CommandContext) throws -> (ScoresEntry, Scores) {
        guard let entry = model.entry.scores else { throw SessionError.noScores(model: model.name) }
        guard entry.weights == model.entry.weights else {
            throw SessionError.staleScores(
                model: model.name, changedBy: model.entry.changedBy, scores: entry.cell,
                sentence: entry.recipe.sentence)
        }
        guard let data = try context.store.cached(entry.cacheKey),
            let scores = try? JSONDecoder().decode(Scores.self, from: data)
        else {
            throw SessionError.scoresForgotten(scores: entry.cell, sentence: entry.recipe.sentence)
        }
        return (entry, scores)
    }

    func order(ofLayer layer: Int) -> [Int] { scores.layers[layer]?.order(signed: entry.recipe.signed) ?? [] }
}
