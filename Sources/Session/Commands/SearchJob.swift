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
    let recipe: SearchRecipe
    /// What earlier searches decided about other layers.
    let standing: PlanEntry
    let images: PartImages
    /// Where layer-wise scoring looks.
    private let scoring: (data: OpenData?, images: PartImages?)

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
        let recipe = SearchRecipe(
            tolerance: sentence.written("within") ?? Standard.tolerance, absoluteTolerance: absolute,
            temperature: measure.temperature, batch: measure.batch,
            steps: sentence.option("steps", as: Int.self) ?? Standard.steps, layerWise: layerWise,
            confidence: sentence.option("confidence", as: Double.self), precision: model.precision.noted,
            scores: ranking.entry.recipe, scoresKey: ranking.entry.cacheKey, data: data.name,
            dataFingerprint: data.entry.fingerprint,
            images: try measure.images(of: images.count))
        var standing = PlanEntry(
            plan: Plan(), recipes: [:], kept: model.entry.kept, revision: model.entry.weights.revision, start: 0,
            cell: context.cell)
        if let earlier = model.entry.pendingPlan {
            let others = earlier.recipes.filter { !layers.contains($0.key) }
            if others.values.allSatisfy({ $0.hasSameBasis(as: recipe) }) {
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
            } else {
                context.note(
                    "the plan of \(key: earlier.cell) rests on other scores or settings: its other layers are dropped")
            }
        }
        self.recipe = recipe
        self.standing = standing
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
        var kept = standing.applied(to: model.entry.kept)
        var plans: [LayerPlan] = []
        while plans.count < layers.count,
            let data = try context.store.cached(try key(layers[plans.count], kept: kept)),
            let known = try? JSONDecoder().decode(LayerPlan.self, from: data)
        {
            plans.append(known)
            kept = Self.narrow(kept, by: known)
        }
        if !plans.isEmpty {
            context.status(
                "\(faint: "\(plans.count) of \(layers.count) layers from cache")", data: ["cached": .bool(true)])
        }
        let rest = Array(layers.dropFirst(plans.count))
        var spending: SearchSpending?
        if !rest.isEmpty {
            let found = try search(rest, kept: kept, after: plans, &context)
            plans += found.plans
            spending = found.spending
        }
        return (plans, plans.first?.start ?? 0, spending)
    }

    private func search(
        _ rest: [Int], kept: KeptNeurons, after known: [LayerPlan], _ context: inout CommandContext
    ) throws -> (plans: [LayerPlan], spending: SearchSpending?) {
        let share = context.memory(for: model, keeping: kept)
        let search = AdaptiveSearch(
            bisection: Bisection(steps: recipe.steps, tolerance: recipe.absoluteTolerance), measure: measure,
            layers: rest, memoryLimit: share.activations, confidence: recipe.confidence)
        let transformer = try context.transformer(model, keeping: kept)
        let activations = try search.memory(transformer, shape: images.shape, inputs: images.count)
        var now = kept
        var done = known.count
        let watch = context.watch(
            "searching \(model.name)", on: model, memory: activations + share.weights)
        if recipe.layerWise { watch.expect(beside: try scoringWork(rest, transformer, share)) }
        var services = context
        var spending: SearchSpending?
        do {
            let plans = try search.run(
                transformer, images: images,
                order: { layer, transformer in
                    guard recipe.layerWise else { return ranking.order(ofLayer: layer) }
                    var one = ranking.entry.recipe
                    one.layers = [layer]
                    let scores = try Score.compute(
                        one, transformer, model, kept: now, data: scoring.data, images: scoring.images, within: watch,
                        &services)
                    return scores.layers[layer]?.order(signed: one.signed) ?? []
                },
                start: known.last?.end, startPerBatch: known.last?.sequential?.end, monitor: watch.monitor,
                found: { plan in
                    // Kept outside the sentence: an interrupted search goes on from here.
                    let entry = CacheEntry(
                        key: try key(plan.layer, kept: now), kind: "search", data: try JSONEncoder().encode(plan))
                    try services.store.cache(entry)
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
        } catch {
            let next = layers[min(done, layers.count - 1)] + 1
            context.resume = CommandContext.Resume(
                reached: "layer \(next) of \(model.depth)",
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
        case .magnitude, .random: return 0
        case .activation:
            let scorer = ActivationScorer(transformer: transformer, layers: [], batch: ranking.entry.recipe.batch)
            return layers.count * (try scorer.work(for: images.shape, inputs: images.count))
        case .entropy, .crossentropy:
            return try layers.reduce(0) { sum, layer in
                let scorer = TaylorScorer(
                    transformer: transformer, loss: .entropy(temperature: Standard.temperature), batch: batch,
                    layers: [layer], memoryLimit: share.activations)
                return sum + (try scorer.work(for: images.shape, inputs: images.count))
            }
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
        return try key.hash
    }
}

extension Sentence {
    /// The value of a clause as it is written.
    func written(_ keyword: Keyword) -> String? {
        guard case .values(let arguments)? = clause(keyword)?.content else { return nil }
        return arguments.first.map { "\($0.value)" }
    }
}
