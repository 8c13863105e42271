import Checkpoints
import Foundation
import Images
import Language
import Models
import Pruning

/// One search made ready: what it is judged on, and which of its layers the cache already knows.
struct SearchJob {
    let model: OpenModel
    let data: OpenData
    let layers: [Int]
    let ranking: Ranking
    private(set) var recipe: SearchRecipe
    /// What earlier searches decided about other layers.
    let standing: PlanEntry
    let images: PartImages
    /// Where layer-wise scoring looks.
    let scoring: (data: OpenData?, images: PartImages?)
    /// What output layers are fitted on, where tries are judged after compensation.
    private let calibration: PartImages?
    /// Which of several searches it is.
    private var attempt: (number: Int, most: Int)?
    private var place: String { attempt.map { " (search \($0.number) of at most \($0.most))" } ?? "" }

    init(
        _ sentence: Sentence, model: OpenModel, layers: [Int], data: OpenData, ranking: Ranking,
        _ context: inout CommandContext
    ) throws {
        self.model = model
        self.data = data
        self.layers = layers.sorted(by: >)
        self.ranking = ranking
        let images = try context.images(data.images(for: .validation), for: model)
        self.images = images
        let measure = ValidationEntropy(
            temperature: sentence.option("t", as: Double.self) ?? ranking.entry.recipe.temperature
                ?? Standard.temperature,
            batch: sentence.option("batch", as: Int.self)
                ?? ranking.entry.recipe.batch.map { min($0, images.count) }
                ?? Standard.batch(nil, images: images.count))
        let tolerance = sentence.value("within", as: Tolerance.self) ?? .absolute(0.01)
        let absolute: Double
        switch tolerance {
        case .absolute(let nats): absolute = nats
        case .relative(let share):
            let whole = try Measurement.entropy(
                measure, of: model.original, kept: model.everything, images: images, data: data, &context)
            absolute = share * whole.mean
        }
        let layerWise = sentence.option("layerwise", as: Bool.self) ?? false
        if layerWise, let name = ranking.entry.data {
            let open = try context.data(named: name, at: nil)
            scoring = (open, try context.images(open.images(for: .calibration), for: model))
        } else {
            scoring = (nil, nil)
        }
        let compensation = try CompensationOptions.read(sentence, standing: nil)
        calibration = try compensation.map { _ in try context.images(data.images(for: .calibration), for: model) }
        let recipe = SearchRecipe(
            tolerance: sentence.written("within") ?? Standard.tolerance, absoluteTolerance: absolute,
            temperature: measure.temperature, batch: measure.batch,
            steps: sentence.option("steps", as: Int.self) ?? Standard.steps, layerWise: layerWise,
            multiple: sentence.multiple > 1 ? sentence.multiple : nil,
            refusesFalls: try sentence.refusesFalls ? true : nil,
            confidence: sentence.option("confidence", as: Double.self), compensation: compensation,
            precision: model.precision.noted,
            scores: ranking.entry.recipe, scoresKey: ranking.entry.cacheKey, data: data.name,
            dataFingerprint: data.entry.fingerprint,
            images: try measure.images(of: images.count))
        var standing = PlanEntry(
            plan: Plan(), recipes: [:], kept: model.entry.kept, revision: model.entry.weights.revision, start: 0,
            cell: context.cell)
        if let earlier = model.entry.pendingPlan {
            let others = earlier.recipes.filter { !layers.contains($0.key) }
            // Tries that are judged after compensation need the output layers of all layers behind them.
            if compensation == nil, others.values.allSatisfy({ $0.hasSameBasis(as: recipe) }) {
                standing = earlier
                for layer in layers {
                    standing.plan.remove(layer)
                    standing.recipes[layer] = nil
                }
                if !others.isEmpty {
                    let kept = others.keys.sorted().map { String($0 + 1) }.joined(separator: ", ")
                    context.note(
                        others.count == 1
                            ? "layer \(kept) stays as planned by \(key: earlier.cell)"
                            : "layers \(kept) stay as planned by \(key: earlier.cell)")
                }
            } else if !others.isEmpty {
                context.note(
                    "the plan of \(key: earlier.cell) rests on other scores or settings: its other layers are dropped")
            }
        }
        self.recipe = recipe
        self.standing = standing
    }

    /// The same search at another tolerance.
    ///
    /// - Parameters:
    ///   - nats: the tolerance.
    ///   - budget: what it is a try for: `60% params`.
    ///   - number, most: which of how many searches it is.
    func at(_ nats: Double, for budget: String, number: Int, most: Int) -> SearchJob {
        var job = self
        job.recipe.absoluteTolerance = nats
        job.recipe.tolerance = "\(Language.Value(nats))"
        job.recipe.budget = budget
        job.attempt = (number, most)
        return job
    }

    var bisection: Bisection {
        Bisection(
            steps: recipe.steps, tolerance: recipe.absoluteTolerance, multiple: recipe.multiple ?? 1,
            acceptsFalls: recipe.refusesFalls != true)
    }

    var measure: ValidationEntropy {
        ValidationEntropy(temperature: recipe.temperature, batch: recipe.batch)
    }

    /// "0.0100 nats", or "1% of the unpruned entropy (0.0203 nats)".
    var toleranceText: String {
        let nats = "\(Language.Value(recipe.absoluteTolerance)) nats"
        guard recipe.tolerance.hasSuffix("%") else { return nats }
        let rounded = (recipe.absoluteTolerance * 1e6).rounded() / 1e6
        return "\(recipe.tolerance) of the unpruned entropy (\(Language.Value(rounded)) nats)"
    }

    /// Whether validation and calibration are different images.
    var judgedApart: Bool { data.isSplit || ranking.entry.data != data.name }

    /// Searches every layer, taking from the cache what an identical or interrupted search has found.
    ///
    /// - Returns: the layers in the order of the search, the entropy before the first, and what was spent, where anything
    ///   was.
    func run(_ context: inout CommandContext) throws -> (plans: [LayerPlan], start: Double, spending: SearchSpending?) {
        var tries = TryMemory()
        return try run(sharing: &tries, &context)
    }

    /// - Parameter tries: what searches of this model at other tolerances have measured, and this one does.
    func run(
        sharing tries: inout TryMemory, _ context: inout CommandContext
    ) throws -> (plans: [LayerPlan], start: Double, spending: SearchSpending?) {
        var kept = standing.applied(to: model.entry.kept)
        var plans: [LayerPlan] = []
        while plans.count < layers.count,
            let known = try known(layers[plans.count], kept: kept, tries: tries, context)
        {
            tries.remember(known, keeping: kept)
            plans.append(known)
            kept = Self.narrow(kept, by: known)
        }
        if recipe.compensation != nil, plans.count < layers.count {
            // The cache has widths, but not the output layers that the search would go on with.
            plans = []
            kept = model.entry.kept
        }
        if !plans.isEmpty {
            context.status(
                "\(faint: "\(plans.count) of \(layers.count) layers from cache")", data: ["cached": .bool(true)])
        }
        let rest = Array(layers.dropFirst(plans.count))
        var spending: SearchSpending?
        if !rest.isEmpty {
            let found = try search(rest, kept: kept, after: plans, sharing: &tries, &context)
            plans += found.plans
            spending = found.spending
        }
        return (plans, plans.first?.start ?? 0, spending)
    }

    /// A layer as the cache has it, or as it follows from tries at other tolerances.
    private func known(
        _ layer: Int, kept: KeptNeurons, tries: TryMemory, _ context: CommandContext
    ) throws -> LayerPlan? {
        let key = try key(layer, kept: kept)
        if let data = try context.store.cached(key), let plan = try? JSONDecoder().decode(LayerPlan.self, from: data) {
            return plan
        }
        guard sharesTries,
            let plan = tries.plan(
                ofLayer: layer, keeping: kept, hidden: model.model.widths(keeping: kept)[layer],
                order: recipe.layerWise ? nil : ranking.order(ofLayer: layer), bisection: bisection)
        else { return nil }
        try context.store.cache(CacheEntry(key: key, kind: "search", data: try JSONEncoder().encode(plan)))
        return plan
    }

    /// Whether an entropy depends on nothing but the widths, so that searches at other tolerances may use it.
    private var sharesTries: Bool { recipe.confidence == nil && recipe.compensation == nil }

    private func search(
        _ rest: [Int], kept: KeptNeurons, after known: [LayerPlan], sharing tries: inout TryMemory,
        _ context: inout CommandContext
    ) throws -> (plans: [LayerPlan], spending: SearchSpending?) {
        let share = context.memory(for: model, keeping: kept)
        let search = AdaptiveSearch(
            bisection: bisection, measure: measure, layers: rest, memoryLimit: share.activations,
            confidence: recipe.confidence,
            known: sharesTries ? rest.first.map { tries.entropies(ofLayer: $0, keeping: kept) } ?? [:] : [:])
        let transformer = try context.transformer(model, keeping: kept)
        let activations = try search.memory(transformer, shape: images.shape, inputs: images.count)
        var now = kept
        var done = known.count
        let watch = context.watch(
            "searching \(model.name)\(place)", on: model, memory: activations + share.weights,
            // One forecast is enough: that of the first search.
            foretells: attempt.map { $0.number == 1 } ?? true)
        if recipe.layerWise { watch.expect(beside: try scoringWork(rest, transformer, share)) }
        let compensating = recipe.compensation.flatMap { compensation in
            calibration.map {
                CompensatedSearch(
                    compensation: compensation, images: $0, memoryLimit: max(0, share.activations - activations))
            }
        }
        var services = context
        var spending: SearchSpending?
        do {
            let plans = try search.run(
                transformer, images: images,
                order: { layer, transformer in
                    guard recipe.layerWise else { return ranking.order(ofLayer: layer) }
                    let known = tries.order(ofLayer: layer, keeping: now)
                    if known.count == model.model.widths(keeping: now)[layer] { return known }
                    var one = ranking.entry.recipe
                    one.layers = [layer]
                    let scores = try Score.compute(
                        one, transformer, model, kept: now, data: scoring.data, images: scoring.images, within: watch,
                        &services)
                    let order = scores.layers[layer]?.order(signed: one.signed) ?? []
                    tries.remember(order: order, ofLayer: layer, keeping: now)
                    return order
                },
                start: known.last?.end, startPerBatch: known.last?.sequential?.end,
                compensating: compensating, monitor: watch.monitor,
                found: { plan in
                    // Kept outside the sentence: an interrupted search goes on from here.
                    let entry = CacheEntry(
                        key: try key(plan.layer, kept: now), kind: "search", data: try JSONEncoder().encode(plan))
                    try services.store.cache(entry)
                    tries.remember(plan, keeping: now)
                    now = Self.narrow(now, by: plan)
                    done += 1
                }, spent: { spending = $0 })
            context.close(watch, on: model, share: share, activations: activations)
            if !known.isEmpty, var own = spending {
                // Layers from the cache cost nothing; the plain algorithm would have run them too.
                own.plain += plainWork(
                    of: known, try search.work(transformer, shape: images.shape, inputs: images.count),
                    widths: model.model.widths(keeping: standing.applied(to: model.entry.kept)))
                spending = own
            }
            return (plans, spending)
        } catch PruningError.memory(let needed, let left) where compensating != nil {
            throw PruningError.memory(needed: needed + share.limit - left, limit: share.limit)
        } catch {
            let next = layers[min(done, layers.count - 1)] + 1
            context.resume = CommandContext.Resume(
                reached: "layer \(next) of \(model.depth)\(place)",
                note: done > 0 ? "the \(done) layers before it stay cached" : "scores stay cached",
                hint: "the same sentence again goes on from there")
            throw error
        }
    }

    /// What the plain algorithm spends on layers that the cache had.
    private func plainWork(of known: [LayerPlan], _ work: SearchWork, widths: [Int]) -> Int {
        var widths = widths
        return known.reduce(0) { sum, plan in
            defer { widths[plan.layer] = plan.width }
            return sum + work.plain(plan.layer, tries: plan.tries.map(\.width), widths: widths)
        }
    }

    /// What scoring each of some layers costs.
    private func scoringWork(_ layers: [Int], _ transformer: Transformer, _ share: MemoryShare) throws -> Int {
        guard let images = scoring.images else { return 0 }
        let batch = ranking.entry.recipe.batch ?? Standard.batch
        switch ranking.entry.recipe.criterion {
        case .magnitude, .diversity, .random: return 0
        case .activation:
            let scorer = ActivationScorer(transformer: transformer, layers: [], batch: ranking.entry.recipe.batch)
            return layers.count * (try scorer.work(for: images.shape, inputs: images.count))
        case .entropy, .crossentropy, .fisher:
            return try layers.reduce(0) { sum, layer in
                let scorer = TaylorScorer(
                    transformer: transformer, loss: .entropy(temperature: Standard.temperature), batch: batch,
                    layers: [layer], memoryLimit: share.activations)
                return sum + (try scorer.work(for: images.shape, inputs: images.count))
            }
        }
    }

    /// What searching the layers as planned costs when no other search helps.
    func work(of plans: [LayerPlan], _ context: CommandContext) throws -> Int {
        let kept = standing.applied(to: model.entry.kept)
        let search = AdaptiveSearch(
            bisection: bisection, measure: measure, layers: layers,
            memoryLimit: context.memory(for: model, keeping: kept).activations, confidence: recipe.confidence)
        let work = try search.work(
            try context.transformer(model, keeping: kept), shape: images.shape, inputs: images.count)
        var widths = model.model.widths(keeping: kept)
        return plans.reduce(work.pass(widths: widths)) { sum, plan in
            defer { widths[plan.layer] = plan.width }
            return sum + work.layer(plan.layer, tries: plan.distinctWidths, widths: widths)
        }
    }

    private static func narrow(_ kept: KeptNeurons, by plan: LayerPlan) -> KeptNeurons {
        plan.width < plan.hidden ? kept.keeping(plan.kept, of: plan.layer) : kept
    }

    private func key(_ layer: Int, kept: KeptNeurons) throws -> String {
        var key = try CacheKey("search", model, kept: kept)
        key.on(images, of: data)
        key.recipe = [
            "layer": String(layer), "tolerance": String(recipe.absoluteTolerance), "t": String(recipe.temperature),
            "batch": String(recipe.batch), "steps": String(recipe.steps), "layerwise": String(recipe.layerWise),
            "scores": ranking.entry.cacheKey, "signed": String(ranking.entry.recipe.signed),
        ]
        // Left out where every try runs on all batches, as it was before there was a choice.
        key.recipe["confidence"] = recipe.confidence.map { String($0) }
        key.recipe["multiple"] = recipe.multiple.map { String($0) }
        key.recipe["falls"] = recipe.refusesFalls.map { $0 ? "refused" : "accepted" }
        if let compensation = recipe.compensation, let calibration {
            key.recipe["compensation"] =
                "\(compensation.method.rawValue) \(compensation.ridge) on \(calibration.count)"
        }
        return try key.hash
    }
}

extension Sentence {
    /// What widths are to be multiples of.
    var multiple: Int { option("multiple", as: Int.self) ?? 1 }

    /// Whether a search counts falls of the entropy like rises.
    fileprivate var refusesFalls: Bool {
        get throws {
            let refuses = option("falls", as: Bool.self) == false
            if refuses, let confidence = option("confidence") {
                throw Diagnostic(
                    "'confidence' decides whether the entropy rises, so falls have to be accepted",
                    at: confidence.key.span,
                    hints: ["search all within 0.01 falls=no"])
            }
            return refuses
        }
    }

    /// The value of a clause as it is written.
    func written(_ keyword: Keyword) -> String? {
        guard case .values(let arguments)? = clause(keyword)?.content else { return nil }
        return arguments.first.map { "\($0.value)" }
    }
}
