import Language
import Models
import Pruning
import Report

extension Explain {
    static func prune(_ model: OpenModel, _ context: inout CommandContext) throws {
        guard let entry = model.entry.plan else { throw SessionError.noPlan(model: model.name, verb: "explain prune") }
        let narrowed = entry.plan.narrowed.sorted { $0.layer < $1.layer }
        guard !narrowed.isEmpty else {
            throw SessionError.nothingNarrower(plan: entry.cell, tolerance: entry.recipes.values.first?.tolerance)
        }
        let isGated = model.model.architecture.isGated
        section(
            "What a hidden neuron is.",
            """
            An MLP widens each token to its hidden neurons and comes back. Its output is a sum with one term a neuron, so a neuron \
            whose row and column are taken out leaves all other terms as they were.
            """, &context)
        formula(
            isGated
                ? "MLP(x) = Σ_h w2[:,h] · act(gate[h,:]·x) · (up[h,:]·x)  + b2"
                : "MLP(x) = Σ_h w2[:,h] · act(w1[h,:]·x + b1[h])  + b2", &context)
        let width = model.model.architecture.width
        let each = (isGated ? 3 : 2) * width + (isGated ? 0 : 1)
        context.say(
            """
            With width \(count: width) that is about \(count: each) parameters a neuron, and as many multiplications a token. \
            \(weights(entry.compensation))
            """, data: entry.compensation.map { ["compensation": .string($0.method.rawValue)] } ?? [:])
        context.show(.table(table(narrowed, entry, model, context)))
        let kept = entry.plan.narrowed.reduce(KeptNeurons?.none) { kept, layer in
            (kept ?? entry.kept).keeping(layer.kept, of: layer.layer)
        }
        let (before, after) = (model.cost(keeping: entry.kept), model.cost(keeping: kept ?? entry.kept))
        let neurons = narrowed.reduce(0) { $0 + $1.hidden - $1.width }
        context.say(
            """
            \(count: neurons) neurons go: \(parameters: before.parameters) → \(parameters: after.parameters) parameters, \
            \(flops: Double(before.flops)) → \(flops: Double(after.flops)) \(model.input). The entropy went from \(entropy: entry.start) to \
            \(entropy: entry.plan.descending.last?.end ?? entry.start) in the search.
            """,
            data: [
                "neurons": .int(neurons), "parameters_before": .int(before.parameters),
                "parameters_after": .int(after.parameters),
            ])
        if let applied = entry.appliedBy {
            context.note("\(key: applied) has done this")
        } else if entry.weights != model.entry.weights {
            context.note("'\(model.name)' has changed since: 'prune' would refuse this plan")
        } else {
            context.note("nothing is done yet: 'prune' does it, 'undo' takes it back")
        }
        context.show(.figure(.widths(of: model)))
    }

    /// What happens to the weights of what stays.
    private static func weights(_ compensation: Compensation?) -> StyledText {
        switch compensation?.method {
        case nil:
            """
            The second bias stays, nothing is rescaled, and the \(strong: "kept") neurons' weights do not change by a bit.
            """
        case .bias:
            """
            What the removed terms give on average is added to the second bias (compensation by \(strong: "bias")); the \
            \(strong: "kept") neurons' weights do not change.
            """
        case .leastSquares:
            """
            The columns of w2 that stay, and its bias, are fitted anew by \(strong: "least squares"), so that the \(strong: "kept") \
            neurons make up for the others on the calibration images; what enters the neurons does not change.
            """
        case .scale:
            """
            Each column of w2 that stays is multiplied by a \(strong: "factor"), so that the \(strong: "kept") neurons make up for \
            the others on the calibration images; what enters the neurons does not change.
            """
        }
    }

    private static func table(
        _ narrowed: [LayerPlan], _ entry: PlanEntry, _ model: OpenModel, _ context: CommandContext
    ) -> Table {
        let scores = try? Ranking.current(of: model, context).1
        return Table(
            columns: [
                Table.Column("layer"), .number("neurons"), .number("kept"), .number("removed"),
                .number("their importance", key: "share_of_importance"),
            ],
            rows: narrowed.map { layer in
                let values = scores?.layers[layer.layer]?.ranking
                let kept = Set(layer.kept)
                var share: Double?
                if let values, values.count == layer.hidden {
                    let total = values.reduce(0, +)
                    let removed = values.indices.filter { !kept.contains($0) }
                    share = total > 0 ? removed.reduce(0) { $0 + values[$1] } / total : nil
                }
                return [
                    Table.Cell(model.label(ofLayer: layer.layer), value: .int(layer.layer + 1)), .count(layer.hidden),
                    .count(layer.width), .count(layer.hidden - layer.width), share.map { .percent($0) } ?? .missing,
                ]
            })
    }
}
