import Foundation
import Images
import Language
import Models
import Pruning
import Report

/// `score entropy t=15`: rates every hidden neuron.
enum Score: Command {
    static let spec = CommandSpec(
        "score", "rate every hidden neuron by how much the model needs it",
        object: .choice(
            "what to score",
            [
                Choice(
                    "entropy", "AMP: first-order effect on the label-free entropy of a batch",
                    options: [.temperature, .entropyBatch]),
                Choice("crossentropy", "the same on the classifier's loss; needs labels", options: [.batch]),
                Choice(
                    "magnitude", "the length of the neuron's weights; needs no data",
                    options: [OptionSpec("side", .words("in", "out"), "incoming or outgoing weights", default: "in")]),
                Choice("activation", "the mean size of its activation", options: [.batch]),
                Choice(
                    "fisher", "Kwon et al.: the squared slope of each batch's loss along the neuron's mask",
                    options: [
                        .batch,
                        OptionSpec(
                            "loss", .word(of: FisherLoss.self),
                            "the classifier's, or the entropy, which needs no labels",
                            default: FisherLoss.crossentropy.rawValue),
                        OptionSpec(
                            "t", .number(Standard.temperatures), "t of the entropy, with loss=entropy", default: "20"),
                    ]),
                Choice("diversity", "DGMR: the place in which the neuron's weights add most to those picked before"),
                Choice(
                    "random", "a draw, as a baseline",
                    clauses: [ClauseSpec("seed", .count(.atLeast(0)), summary: "the seed of the draw", default: "0")]),
            ]),
        clauses: [.layers("score only these layers"), .on, .using],
        options: [
            OptionSpec("signed", .boolean, "rank by the signed value instead of its size", default: "no")
        ],
        help: """
            With a the input of the MLP's last linear layer and g its gradient of the loss, a neuron's importance is the \
            mean over images of |Σ a·g| over the tokens. A last batch that is not full is dropped.

            Scores are computed on the calibration images and kept in the session: the same sentence again is answered \
            from there.
            """,
        examples: [
            Example("score entropy t=15", "as in the paper for OpenCLIP"), Example("score magnitude layers 1..6"),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let model = try context.model(for: sentence)
        guard let criterion = sentence.choice(as: Criterion.self) else { return }
        let layers = try sentence.layers?.numbers(model: model.name, depth: model.depth).map { $0 - 1 }
        var recipe = ScoreRecipe(criterion: criterion, layers: layers ?? Array(0..<model.depth))
        recipe.signed = sentence.option("signed", as: Bool.self) ?? false
        recipe.precision = model.precision.noted
        var data: OpenData?
        switch criterion {
        case .entropy, .crossentropy, .fisher, .activation:
            let open = try context.data(for: sentence)
            let part = try open.images(for: .calibration)
            data = open
            let asked = sentence.option("batch", as: Int.self)
            if criterion != .activation || asked != nil { recipe.batch = Standard.batch(asked, images: part.count) }
            if criterion == .fisher { recipe.loss = try fisherLoss(sentence) }
            if recipe.usesEntropy {
                recipe.temperature = sentence.option("t", as: Double.self) ?? Standard.temperature
            }
        case .diversity: break
        case .magnitude: recipe.side = sentence.option("side", as: MagnitudeScorer.Side.self) ?? .input
        case .random: recipe.seed = UInt64(sentence.value("seed", as: Int.self) ?? 0)
        }
        let started = Date()
        let (scores, key) = try scores(recipe, model, kept: model.entry.kept, data: data, &context)
        context.state.models[model.name]?.scores = ScoresEntry(
            cacheKey: key, recipe: recipe, data: data?.name, kept: model.entry.kept,
            revision: model.entry.weights.revision, cell: context.cell)
        if let plan = model.entry.pendingPlan,
            plan.recipes.values.contains(where: { $0.scoresKey != key })
        {
            context.note("the plan of \(key: plan.cell) rests on the scores before; it stays until the next search")
        }
        describe(scores, recipe, model, seconds: Date().timeIntervalSince(started), &context)
    }

    /// nil for the cross-entropy, which Fisher scores are made of unless said.
    private static func fisherLoss(_ sentence: Sentence) throws -> FisherLoss? {
        if sentence.option("loss", as: FisherLoss.self) == .entropy { return .entropy }
        if let t = sentence.option("t") {
            throw Diagnostic(
                "the cross-entropy has no 't'", at: t.key.span,
                hints: ["score fisher loss=entropy t=\(t.argument.value)"])
        }
        return nil
    }

    /// Scores by a recipe, from the cache or computed.
    static func scores(
        _ recipe: ScoreRecipe, _ model: OpenModel, kept: KeptNeurons, data: OpenData?, _ context: inout CommandContext
    ) throws -> (scores: Scores, key: String) {
        var key = try CacheKey("scores", model, kept: kept)
        key.recipe = ["recipe": try recipe.identity]
        var images: PartImages?
        if let data {
            let part = try context.images(data.images(for: .calibration), for: model)
            key.on(part, of: data)
            images = part
        }
        let scores = try context.cached(key, as: Scores.self) { context in
            let transformer = try context.transformer(model, keeping: kept, forGradients: true)
            return try compute(recipe, transformer, model, kept: kept, data: data, images: images, &context)
        }
        return (scores, try key.hash)
    }

    /// Scores a transformer by a recipe.
    ///
    /// - Parameter search: the search it is part of, which then tells how far it is.
    static func compute(
        _ recipe: ScoreRecipe, _ transformer: Transformer, _ model: OpenModel, kept: KeptNeurons, data: OpenData?,
        images: PartImages?, within search: WorkWatch? = nil, _ context: inout CommandContext
    ) throws -> Scores {
        let layers = Set(recipe.layers)
        switch recipe.criterion {
        case .magnitude:
            return try MagnitudeScorer(transformer: transformer, layers: layers, side: recipe.side ?? .input).score()
        case .diversity:
            let label = "scoring \(model.name)"
            return try DiversityScorer(transformer: transformer, layers: layers).score(monitor: context.monitor(label))
        case .random:
            return RandomScorer(
                widths: transformer.blocks.map(\.hiddenWidth), layers: layers, seed: recipe.seed ?? 0
            ).score()
        case .activation:
            guard let images else { throw SessionError.noData(verb: "score activation") }
            let watch = search ?? context.watch("scoring \(model.name)", on: model)
            return try ActivationScorer(transformer: transformer, layers: layers, batch: recipe.batch)
                .score(images, monitor: search?.monitorBeside() ?? watch.monitor)
        case .entropy, .crossentropy, .fisher:
            guard let data, let images else { throw SessionError.noData(verb: "score") }
            if recipe.criterion == .fisher, !recipe.usesEntropy { try checkLabels(images, data, model) }
            let loss: Loss =
                recipe.usesEntropy
                ? .entropy(temperature: recipe.temperature ?? Standard.temperature)
                : .crossEntropy(labels: try Labels.of(images.part, data: data, model: model))
            let share = context.memory(for: model, keeping: kept, forGradients: true)
            let scorer = TaylorScorer(
                transformer: transformer, loss: loss, gathering: recipe.criterion == .fisher ? .fisher : .importance,
                batch: recipe.batch ?? Standard.batch, layers: layers, memoryLimit: share.activations)
            let activations = try share.fitting { try scorer.memory(for: images.shape, inputs: images.count) }
            if let search { return try scorer.score(images, monitor: search.monitorBeside()) }
            let watch = context.watch(
                "scoring \(model.name)", on: model, memory: activations + share.weights)
            let scores = try scorer.score(images, monitor: watch.monitor)
            context.close(watch, on: model, share: share, activations: activations)
            return scores
        }
    }

    /// Fisher scores have a way out where there is nothing to classify.
    private static func checkLabels(_ images: PartImages, _ data: OpenData, _ model: OpenModel) throws {
        let missing =
            model.model.architecture.head == nil
            ? "'\(model.name)' has no classifier" : images.part.labels == nil ? "'\(data.name)' has no labels" : nil
        guard let missing else { return }
        throw Diagnostic(
            "\(missing), which the cross-entropy needs",
            hints: ["score fisher loss=entropy needs neither head nor labels"])
    }

    private static func describe(
        _ scores: Scores, _ recipe: ScoreRecipe, _ model: OpenModel, seconds: Double, _ context: inout CommandContext
    ) {
        let counts = scores.layers.compactMap { $0?.ranking.count }
        var text: StyledText =
            "\(count: counts.reduce(0, +)) neurons of \(count: counts.count) layers scored by \(strong: recipe.criterion.rawValue)"
        if scores.images > 0 { text += " on \(count: scores.images) \(model.inputs)" }
        var details: [StyledText] = []
        if let loss = recipe.loss { details.append("loss=\(loss.rawValue)") }
        if let t = recipe.temperature { details.append("t=\(number: Language.Value(t).description)") }
        if let batch = recipe.batch { details.append("batch=\(count: batch)") }
        if let side = recipe.side { details.append("side=\(side.rawValue)") }
        if let seed = recipe.seed { details.append("seed \(seed)") }
        if let precision = recipe.precision { details.append("\(precision.rawValue)") }
        if !details.isEmpty { text += " (\(details.joined(separator: ", ")))" }
        if let loss = scores.loss {
            text += recipe.usesEntropy ? " · entropy \(entropy: loss)" : " · cross-entropy \(entropy: loss)"
        }
        context.say(
            text,
            data: [
                "criterion": .string(recipe.criterion.rawValue), "neurons": .int(counts.reduce(0, +)),
                "layers": .int(counts.count), "images": .int(scores.images), "loss": Report.Value(scores.loss),
                "t": Report.Value(recipe.temperature), "batch": Report.Value(recipe.batch),
                "precision": .string(model.precision.rawValue),
            ])
        let flat = scores.layers.indices.filter { index in
            guard let values = scores.layers[index]?.ranking, values.count > 1 else { return false }
            return values.allSatisfy { $0 == values[0] }
        }
        if !flat.isEmpty {
            context.warn(
                "all neurons of layer \(flat.map { String($0 + 1) }.joined(separator: ", ")) have the same score",
                hint: "their ranking says nothing: score on more images, with a larger batch or a smaller t")
        }
        if scores.images > 0, seconds > 0.05 {
            context.status(
                "\(seconds: seconds), \(fixed: Double(scores.images) / seconds, digits: 1) \(model.inputs)/s",
                data: ["seconds": .double(seconds)])
        }
    }
}

extension ScoreRecipe {
    /// Whether scores are about the label-free entropy.
    var usesEntropy: Bool { criterion == .entropy || loss == .entropy }

    /// Why neurons of different layers can't be ranked together; nil where they can.
    var incomparable: String? {
        switch criterion {
        case .diversity: "they are places in each layer's own order"
        case .random: "they are drawn by lot"
        case .entropy, .crossentropy, .fisher, .magnitude, .activation: nil
        }
    }

    /// The sentence that scores by the recipe again, without layers and data.
    var sentence: String {
        var words = ["score", criterion.rawValue]
        if let seed { words.append("seed \(seed)") }
        if let temperature { words.append("t=\(Language.Value(temperature))") }
        if let batch { words.append("batch=\(batch)") }
        if let side { words.append("side=\(side.rawValue)") }
        if let loss { words.append("loss=\(loss.rawValue)") }
        if signed { words.append("signed=yes") }
        return words.joined(separator: " ")
    }

    /// The recipe as part of a cache key.
    var identity: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            // The sign only decides how values are ranked, not what they are.
            var recipe = self
            recipe.signed = false
            return String(decoding: try encoder.encode(recipe), as: UTF8.self)
        }
    }
}

extension Language.Value {
    /// A figure as it would be written in a sentence.
    init(_ number: Double) {
        self = Int(exactly: number).map(Language.Value.integer) ?? .number(number)
    }
}
