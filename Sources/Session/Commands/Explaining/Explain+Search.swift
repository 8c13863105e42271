import Language
import Models
import Pruning
import Report

extension Explain {
    static func search(_ sentence: Sentence, _ model: OpenModel, _ context: inout CommandContext) throws {
        let asked = try sentence.layers?.numbers(model: model.name, depth: model.depth).map { $0 - 1 }
        let (plan, model) = try plan(sentence, model, layers: asked, &context)
        let layers = plan.plan.descending.filter { asked?.contains($0.layer) ?? true }
        guard let first = layers.first, let recipe = plan.recipes[first.layer] else {
            throw SessionError.noPlan(model: model.name, verb: "explain search")
        }
        let place: StyledText = layers.count == 1 ? model.label(ofLayer: first.layer) : "each of \(layers.count) layers"
        section(
            "What is asked.",
            """
            Of \(place): how few of the hidden neurons are enough? The ranking by \(strong: recipe.scores.criterion.rawValue) says which \
            go first; the search only finds how many may go. Nothing is trained, and no label is looked at.
            """, &context)
        let countsFalls = recipe.refusesFalls == true
        let change = countsFalls ? "|E(w) − E(before)|" : "E(w) − E(before)"
        formula("keep the first w of the ranking  when  \(change) ≤ ΔE", &context)
        context.say(
            """
            ΔE is \(tolerance(recipe)). E is the entropy of the similarities within batches of \(count: recipe.batch), with t=\(Language.Value(recipe.temperature)), \
            the mean over \(count: recipe.images / max(recipe.batch, 1)) batches (\(count: recipe.images) \(model.inputs) of \
            \(name: recipe.data)). It is compared with what it was before this layer; a fall \(countsFalls ? "counts like a rise" : "is accepted as well").
            """)
        if let compensation = recipe.compensation {
            context.say(
                """
                Before a width is tried, the layer's output is changed in closed form (\(strong: compensation.method.title)) so that the \
                kept neurons make up for the others as far as they can: E(w) is the entropy after that.
                """, data: ["compensation": .string(compensation.method.rawValue)])
        }
        for layer in layers { walk(layer, plan, model, &context) }
        context.show(.figure(.search(of: model, plan: plan, layers: layers.sorted { $0.layer < $1.layer })))
    }

    /// The plan to explain: the session's where it covers what is asked, otherwise one searched for the purpose.
    private static func plan(
        _ sentence: Sentence, _ model: OpenModel, layers asked: [Int]?, _ context: inout CommandContext
    ) throws -> (PlanEntry, OpenModel) {
        let tolerance = sentence.written("within")
        if let plan = model.entry.plan {
            let layers = asked ?? Array(plan.plan.layers.keys)
            let isCovered = layers.allSatisfy { layer in
                plan.plan.layers[layer] != nil && (tolerance == nil || plan.recipes[layer]?.tolerance == tolerance)
            }
            if isCovered { return (plan, model) }
        }
        let layers = asked ?? [model.depth - 1]
        var words = [
            "search", layers.count == 1 ? "layer" : "layers", layers.map { String($0 + 1) }.joined(separator: ","),
        ]
        words += ["within", tolerance ?? Standard.tolerance, "on", model.name]
        if let data = sentence.string("using") { words += ["using", data] }
        // As the session searches, where it does.
        let standing = model.entry.plan?.recipes.values.first
        if standing?.refusesFalls == true { words.append("falls=no") }
        if let compensation = standing?.compensation { words.append("compensate=\(compensation.method.word)") }
        let text = words.joined(separator: " ")
        guard let search = Engine.vocabulary.parse(Source(text)).sentences.first else {
            throw Diagnostic("'\(text)' can't be read")
        }
        // On a copy: the session keeps its own plan.
        var scratch = context
        scratch.outputs = []
        try scratch.run(search)
        context.note("there was no such search yet: this one was made for the explanation (\(key: text))")
        let searched = try scratch.model(named: model.name, at: nil)
        guard let plan = searched.entry.plan else {
            throw SessionError.noPlan(model: model.name, verb: "explain search")
        }
        return (plan, searched)
    }

    private static func tolerance(_ recipe: SearchRecipe) -> String {
        let nats = "\(NumberFormat.fixed(recipe.absoluteTolerance, digits: 6)) nats"
        return recipe.tolerance.hasSuffix("%")
            ? "\(recipe.tolerance) of the unpruned entropy, \(nats)" : "\(recipe.tolerance) nats"
    }

    private static func walk(
        _ layer: LayerPlan, _ plan: PlanEntry, _ model: OpenModel, _ context: inout CommandContext
    ) {
        let limit = plan.recipes[layer.layer]?.absoluteTolerance ?? 0
        let countsFalls = plan.recipes[layer.layer]?.refusesFalls == true
        let limits: StyledText =
            countsFalls
            ? "limits \(entropy: layer.start - limit) and \(entropy: layer.start + limit)"
            : "limit \(entropy: layer.start + limit)"
        context.show(
            .table(
                Table(
                    title: """
                        \(strong: model.title(ofLayer: layer.layer)): 0…\(layer.hidden) neurons, E(before) = \
                        \(entropy: layer.start), \(limits)
                        """,
                    columns: [
                        .number("try"), Table.Column("interval"), .number("width"), .number("entropy", unit: "nats"),
                        .number(countsFalls ? "change" : "increase", key: "increase"), Table.Column("verdict"),
                    ],
                    rows: layer.tries.enumerated().map { number, attempt in
                        let increase = attempt.entropy - layer.start
                        return [
                            .count(number + 1),
                            Table.Cell(
                                StyledText(interval(attempt, of: layer.hidden)),
                                value: Report.Value([attempt.left, attempt.right])),
                            .count(attempt.width), .entropy(attempt.entropy),
                            Table.Cell(
                                "\(increase >= 0 ? "+" : "−")\(fixed: abs(increase), digits: 4)",
                                value: .double(increase)),
                            attempt.accepted
                                ? Table.Cell("\(good: "✓ enough")", value: .bool(true))
                                : Table.Cell("\(bad: "✗ too few")", value: .bool(false)),
                        ]
                    })))
        let removed = layer.hidden - layer.width
        if removed > 0 {
            context.say(
                """
                \(model.label(ofLayer: layer.layer)) keeps the best \(strong: layer.width) of \(count: layer.hidden) neurons; \
                \(count: removed) go. The entropy is then \(entropy: layer.end), which the next layer's increase is measured \
                against. \(layer.tries.count) halvings leave an interval of \(resolution(layer)).
                """,
                data: ["layer": .int(layer.layer + 1), "width": .int(layer.width), "hidden": .int(layer.hidden)])
        } else {
            context.say(
                "No smaller width was accepted: \(model.label(ofLayer: layer.layer)) keeps all \(count: layer.hidden) neurons.",
                data: ["layer": .int(layer.layer + 1), "width": .int(layer.width), "hidden": .int(layer.hidden)])
        }
    }

    private static func resolution(_ layer: LayerPlan) -> String {
        guard let last = layer.tries.last else { return "\(layer.hidden) neurons" }
        let left = last.accepted ? last.width - last.left : last.right - last.width
        return left == 1 ? "one neuron" : "\(left) neurons"
    }

    /// The interval that is still open as a strip of the whole width, the width tried marked in it.
    private static func interval(_ attempt: Try, of hidden: Int) -> String {
        let cells = 24
        func place(_ width: Int) -> Int { hidden > 0 ? min(width * cells / hidden, cells) : 0 }
        let (left, right) = (place(attempt.left), max(place(attempt.right), place(attempt.left) + 1))
        let middle = min(max(place(attempt.width), left), right - 1)
        return (0..<cells).map { cell in
            cell == middle ? "│" : (left..<right).contains(cell) ? "█" : "░"
        }.joined()
    }
}
