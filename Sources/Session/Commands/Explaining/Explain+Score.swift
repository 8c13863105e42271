import Foundation
import Images
import Language
import Models
import Pruning
import Report
import Tensor

extension Explain {
    static func score(_ sentence: Sentence, _ model: OpenModel, _ context: inout CommandContext) throws {
        let asked = try sentence.layers?.numbers(model: model.name, depth: model.depth).map { $0 - 1 }
        if let asked, asked.count > 1 {
            throw Diagnostic(
                "'explain score' looks into one layer", at: sentence.objectSpan,
                label: "write: explain score layer \(asked[0] + 1)")
        }
        let (ranking, made) = try ranking(sentence, model, layers: asked, &context)
        let recipe = ranking.entry.recipe
        guard let layer = asked?.first ?? recipe.layers.max(), let scores = ranking.scores.layers[layer] else {
            throw SessionError.noScores(model: model.name)
        }
        if let made { context.note("there were no scores yet: these were made for the explanation (\(key: made))") }
        definition(recipe, &context)
        let data =
            try ranking.entry.data.map { try context.data(named: $0, at: nil) } ?? (try? context.data(for: sentence))
        if recipe.criterion == .entropy, let data { try batch(model, recipe, ranking, data, &context) }
        try neurons(model, ranking, scores, layer, data, &context)
    }

    private static func ranking(
        _ sentence: Sentence, _ model: OpenModel, layers: [Int]?, _ context: inout CommandContext
    ) throws -> (Ranking, String?) {
        if model.entry.scores != nil {
            return (try Ranking(model, layers: layers ?? [], at: sentence.objectSpan, &context), nil)
        }
        let text = ["score entropy on \(model.name)", sentence.string("using").map { "using \($0)" }].compactMap { $0 }
            .joined(separator: " ")
        guard let score = Engine.vocabulary.parse(Source(text)).sentences.first else {
            throw Diagnostic("'\(text)' can't be read")
        }
        var scratch = context
        scratch.outputs = []
        try scratch.run(score)
        let scored = try scratch.model(named: model.name, at: nil)
        return (try Ranking(scored, layers: layers ?? [], at: sentence.objectSpan, &scratch), text)
    }

    private static func definition(_ recipe: ScoreRecipe, _ context: inout CommandContext) {
        switch recipe.criterion {
        case .entropy, .crossentropy:
            let loss =
                recipe.criterion == .entropy ? "the entropy E of the batch's similarities" : "the cross-entropy E"
            section(
                "What a score is.",
                """
                A neuron's activation a multiplies one column of the second linear layer. Setting it to zero changes \(loss) by \
                about −Σ a·g, the first term of a Taylor series, with g = ∂E/∂a. One pass forward and one back give that for all \
                neurons of all layers at once. The score is its size, image by image:
                """, &context)
            formula("I_h = mean over images of | Σ_tokens a_h · g_h |", &context)
        case .fisher:
            section(
                "What a score is.",
                """
                Imagine a mask m on the neuron, 1 now and 0 when it goes. The loss of a batch changes along it by Σ a·g, summed over \
                the batch's images and tokens, with their signs. The score is the sum of its squares over the batches, which estimates \
                the curvature of the loss \(recipe.usesEntropy ? "(here the entropy E)" : "(the cross-entropy)") there:
                """, &context)
            formula("F_h = Σ over batches ( Σ_images Σ_tokens a_h · g_h )²", &context)
        case .diversity:
            section(
                "What a score is.",
                """
                A place: the neuron whose weights point where none picked before does comes first. The longest row is picked, its \
                direction is taken from all others, and again, as often as a row has entries; then the next round starts \
                from the rows as they are. No image is looked at. Of H neurons the first has the score H, the last 1.
                """, &context)
            formula("next = the row with the longest rest   w − Σ_picked q (q·w)", &context)
        case .magnitude:
            section("What a score is.", "The length of the neuron's weights: no image is looked at.", &context)
            formula(recipe.side == .output ? "I_h = ‖ w2[:,h] ‖" : "I_h = ‖ w1[h,:] ‖", &context)
        case .activation:
            section(
                "What a score is.", "How large the neuron's activation is on average: no gradient is needed.", &context)
            formula("I_h = mean over images and tokens of | a_h |", &context)
        case .random:
            section(
                "What a score is.", "A number drawn by lot, as a baseline: it knows nothing of the model.", &context)
        }
    }

    // MARK: The entropy of a batch, worked out

    private static func batch(
        _ model: OpenModel, _ recipe: ScoreRecipe, _ ranking: Ranking, _ data: OpenData, _ context: inout CommandContext
    ) throws {
        let size = recipe.batch ?? Standard.batch
        let t = recipe.temperature ?? Standard.temperature
        let images = try context.images(data.images(for: .calibration).prefix(size), for: model)
        guard images.count == size else { return }
        let features = try Measurement.outputs(
            of: model, kept: ranking.entry.kept, images: images, context
        ).features
        let entropy = BatchEntropy(features: features.pointer, count: size, width: features.rowCount, temperature: t)
        section(
            "The entropy of a batch.",
            """
            The \(count: size) features of a batch are compared with one another: s is their cosine. Each image's row becomes \
            probabilities by a softmax with t=\(Language.Value(t)), and their entropy says how many others it resembles. Image 1 of \
            the first calibration batch:
            """, &context)
        formula("p_1j = exp(t·s_1j) / Σ_j exp(t·s_1j)      H_1 = −Σ_j p_1j ln p_1j", &context)
        let p = Array(entropy.probabilities.prefix(size))
        let nearest = p.indices.sorted { (p[$0], $1) > (p[$1], $0) }
        let shown = nearest.prefix(4)
        func term(_ j: Int) -> Double { p[j] > 0 ? -p[j] * log(p[j]) : 0 }
        var rows = shown.map { j -> [Table.Cell] in
            [
                Table.Cell("image \(j + 1)\(j == 0 ? " (itself)" : "")", value: .int(j + 1)),
                .fixed(entropy.similarities[j], digits: 4), .fixed(p[j], digits: 4), .fixed(term(j), digits: 4),
            ]
        }
        let rest = nearest.dropFirst(shown.count)
        if !rest.isEmpty {
            rows.append([
                Table.Cell("the other \(rest.count)", value: .null), .empty,
                .fixed(rest.reduce(0) { $0 + p[$1] }, digits: 4), .fixed(rest.reduce(0) { $0 + term($1) }, digits: 4),
            ])
        }
        context.show(
            .table(
                Table(
                    columns: [
                        Table.Column("resembles"), .number("s"), .number("p"), .number("−p ln p", key: "term"),
                    ], rows: rows,
                    footer: [
                        Table.Cell("image 1 in all"), .empty, .fixed(p.reduce(0, +), digits: 4),
                        .fixed(entropy.rowEntropies.first ?? 0, digits: 4),
                    ])))
        let batches = ranking.scores.lossPerBatch.count
        context.say(
            """
            E of the batch is the mean of \(count: size) such rows: \(strong: NumberFormat.entropy(entropy.value)) nats, between 0 and \
            ln \(size) = \(entropy: log(Double(size))). Over all \(count: batches) batches it is \(entropy: ranking.scores.loss ?? entropy.value).
            """, data: ["entropy_of_batch": .double(entropy.value), "entropy": Report.Value(ranking.scores.loss)])
    }

    // MARK: Does the score tell the truth?

    private static func neurons(
        _ model: OpenModel, _ ranking: Ranking, _ scores: Scores.Layer, _ layer: Int, _ data: OpenData?,
        _ context: inout CommandContext
    ) throws {
        let order = ranking.order(ofLayer: layer)
        let places = Set([0, 1, order.count / 4, order.count / 2, order.count - 1]).filter(order.indices.contains)
            .sorted()
        guard !places.isEmpty else { return }
        let recipe = ranking.entry.recipe
        let isTaylor = recipe.criterion == .entropy
        guard let data else {
            context.note("no images are listed: what removing a neuron does can't be measured")
            return
        }
        let part = try data.images(for: .calibration)
        let measure = ValidationEntropy(
            temperature: recipe.temperature ?? Standard.temperature,
            batch: Standard.batch(recipe.batch, images: part.count))
        let images = try context.images(part, for: model)
        func entropy(_ kept: KeptNeurons) throws -> Double {
            try Measurement.entropy(measure, of: model, kept: kept, images: images, data: data, &context).mean
        }
        let statuses = context.outputs
        let before = try entropy(ranking.entry.kept)
        var rows: [[Table.Cell]] = []
        for place in places {
            let neuron = order[place]
            let others = order.filter { $0 != neuron }.sorted()
            let change = try entropy(ranking.entry.kept.keeping(others, of: layer)) - before
            var row: [Table.Cell] = [
                .count(place + 1), .count(neuron),
                Table.Cell("\(ScientificText.of(scores.ranking[neuron]))", value: .double(scores.ranking[neuron])),
            ]
            if isTaylor {
                let estimate = -Double(measure.batch) * scores.signed[neuron]
                row.append(signed(estimate))
            }
            rows.append(row + [signed(change)])
        }
        // Five lines of "from cache" would say nothing.
        context.outputs = statuses
        section(
            "Does the score tell the truth?",
            isTaylor
                ? """
                Neurons of \(model.label(ofLayer: layer)), taken out one at a time: what the first-order term promises \
                (−batch × the signed mean of Σ a·g) and what the entropy of the calibration images really does, from \(entropy: before):
                """
                : """
                Neurons of \(model.label(ofLayer: layer)), taken out one at a time, and what the entropy of the calibration images \
                does, from \(entropy: before) (t=\(Language.Value(measure.temperature)), batch=\(count: measure.batch)):
                """, &context)
        context.show(
            .table(
                Table(
                    columns: [.number("rank"), .number("neuron"), .number("score")]
                        + (isTaylor ? [.number("promised", unit: "nats")] : []) + [.number("measured", unit: "nats")],
                    rows: rows)))
    }

    private static func signed(_ value: Double) -> Table.Cell {
        let text = ScientificText.of(value)
        return Table.Cell(StyledText((value > 0 ? "+" : "") + text, style: .number), value: .double(value))
    }
}
