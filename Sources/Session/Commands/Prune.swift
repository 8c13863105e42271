import Language
import Models
import Pruning
import Report

/// `prune`: applies the widths that the search found; `prune compensate=ls` makes up for some of what that loses.
enum Prune: Command {
    static let spec = CommandSpec(
        "prune", "apply the widths that the search found", abbreviable: false,
        clauses: [.layers("prune only these layers", default: "all layers of the plan"), .on, .using],
        options: CompensationOptions.specs,
        remarks: [Remark.Trigger.number, .word("ratio")].map {
            Remark(
                on: $0, "'prune' takes no ratio: it applies the widths that 'search' found",
                hint: "set a tolerance (search all within 1%)")
        },
        help: """
            The model becomes a view of its checkpoint that keeps the most important neurons of each layer; no file \
            changes. 'undo' takes it back, 'save' writes a smaller checkpoint.

            Kept neurons stay as they are, unless 'compensate' says how to change what they are multiplied with. It \
            goes from the first layer to the last, on what the layers before it now give for the calibration images: \
            'bias' adds the mean of what is missing to the output's bias; 'ls' also fits the output layer's weights \
            anew by least squares, so that the kept neurons stand in for the others; 'scale' finds a factor for each \
            kept neuron (Kwon et al.). No label is used and nothing is trained.
            """,
        examples: [Example("prune"), Example("prune layers 7..12"), Example("prune compensate=ls")])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let model = try context.model(for: sentence)
        guard var plan = model.entry.plan else { throw SessionError.noPlan(model: model.name, verb: "prune") }
        if let applied = plan.appliedBy { throw SessionError.planApplied(plan: plan.cell, by: applied) }
        guard plan.weights == model.entry.weights else {
            throw SessionError.stalePlan(model: model.name, changedBy: model.entry.changedBy, plan: plan.cell)
        }
        let asked = try sentence.layers?.numbers(model: model.name, depth: model.depth).map { $0 - 1 }
        if let asked {
            let missing = asked.filter { plan.plan.layers[$0] == nil }
            if !missing.isEmpty { throw SessionError.layersNotSearched(missing.map { $0 + 1 }, plan: plan.cell) }
        }
        let chosen = Set(asked ?? Array(plan.plan.layers.keys))
        let narrowed = plan.plan.narrowed.filter { chosen.contains($0.layer) }
        guard !narrowed.isEmpty else {
            throw SessionError.nothingNarrower(plan: plan.cell, tolerance: plan.recipes.values.first?.tolerance)
        }
        let kept = plan.applied(to: model.entry.kept, layers: chosen)
        plan.appliedBy = context.cell
        var entry = model.entry
        var compensated: (Compensated, Compensation, OpenData)?
        let standing = chosen.compactMap { plan.recipes[$0]?.compensation }.first
        if let compensation = try CompensationOptions.read(sentence, standing: standing) {
            let data = try context.data(for: sentence)
            let found = try compensate(
                model, narrowed: Dictionary(uniqueKeysWithValues: narrowed.map { ($0.layer, $0.kept) }),
                by: compensation, on: data, &context)
            entry.revision = found.revision.after(
                entry.revision,
                RevisionStep(sentence, on: data, images: try data.images(for: .calibration).count, context))
            plan.appliedCompensation = compensation
            compensated = (found, compensation, data)
        }
        entry.kept = kept
        entry.changedBy = context.cell
        entry.plan = plan
        entry.prunings.append(
            PruningStep(cell: context.cell, searches: plan.recipes.filter { chosen.contains($0.key) }))
        context.state.models[model.name] = entry
        describe(model, kept, narrowed.count, &context)
        if let (found, compensation, data) = compensated {
            try describe(found, compensation, of: model, on: data, &context)
            let widest = narrowed.map(\.width).max() ?? 0
            let tokens = try data.images(for: .calibration).count * model.tokens.count
            if compensation.method == .leastSquares, tokens < 4 * widest {
                context.note(
                    """
                    \(count: tokens) tokens are few for \(count: widest) neurons: what fits these \(model.inputs) need not fit \
                    others. Take more for calibration
                    """)
            }
        }
    }

    private static func describe(
        _ model: OpenModel, _ kept: KeptNeurons, _ layers: Int, _ context: inout CommandContext
    ) {
        let before = model.cost(keeping: model.entry.kept)
        let after = model.cost(keeping: kept)
        let neurons = model.model.widths(keeping: model.entry.kept).reduce(0, +)
        let left = model.model.widths(keeping: kept).reduce(0, +)
        context.say(
            """
            \(name: model.name): \(count: layers) \(layers == 1 ? "layer" : "layers") narrowed, \(count: neurons - left) of \(count: neurons) neurons \
            removed · parameters \(parameters: before.parameters) → \(parameters: after.parameters) \
            (\(percent: Double(after.parameters) / Double(before.parameters))) · \(flops: Double(before.flops)) → \
            \(flops: Double(after.flops)) \(model.input)
            """,
            data: [
                "model": .string(model.name), "layers": .int(layers), "neurons_before": .int(neurons),
                "neurons_after": .int(left), "parameters_before": .int(before.parameters),
                "parameters_after": .int(after.parameters), "flops_before": .int(before.flops),
                "flops_after": .int(after.flops), "widths": Report.Value(model.model.widths(keeping: kept)),
            ])
    }
}
