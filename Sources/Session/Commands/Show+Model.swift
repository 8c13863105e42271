import Language
import Models
import Pruning
import Report

// What 'show' says about the model in use.
extension Show {
    static func showStats(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let model = try context.model(for: sentence)
        let views = ModelView.all(of: model)
        let costs = views.map { model.cost(keeping: $0.kept) }
        func row(_ title: StyledText, _ cell: (Cost) -> Table.Cell) -> [Table.Cell] {
            var cells = [Table.Cell(title)] + costs.map(cell)
            if let first = costs.first, let last = costs.last, costs.count > 1 {
                let ratio = share(title.plain, last, first)
                cells.append(ratio.map { .percent($0) } ?? .empty)
            }
            return cells
        }
        var columns = [Table.Column(model.name, key: "quantity")] + views.map { Table.Column.number($0.title) }
        if views.count > 1 { columns.append(.number("left")) }
        context.show(
            .table(
                Table(
                    columns: columns,
                    rows: [
                        row("parameters") { .parameters($0.parameters) },
                        row("in MLPs") { .parameters($0.mlpParameters) },
                        row("MLP share") { .percent(Double($0.mlpParameters) / Double(max($0.parameters, 1))) },
                        row("FLOPs an image") { .flops(Double($0.flops)) },
                    ])))
        let last = views[views.count - 1]
        let before = model.model.architecture.hiddenWidths
        let after = model.model.widths(keeping: last.kept)
        context.show(
            .bars(
                Bars(
                    title: "hidden width of each layer\(views.count > 1 ? ", original → \(last.title)" : "")",
                    measure: "width",
                    bars: before.indices.map { index in
                        Bars.Bar(
                            model.label(ofLayer: index), value: Double(after[index]),
                            before: views.count > 1 ? Double(before[index]) : nil, maximum: Double(before.max() ?? 1))
                    })))
        if last.title == "planned" { context.note("'planned' is what the search found; 'prune' applies it") }
    }

    private static func share(_ title: String, _ last: Cost, _ first: Cost) -> Double? {
        switch title {
        case "parameters": Double(last.parameters) / Double(max(first.parameters, 1))
        case "in MLPs": Double(last.mlpParameters) / Double(max(first.mlpParameters, 1))
        case "FLOPs an image": Double(last.flops) / Double(max(first.flops, 1))
        default: nil
        }
    }

    static func showPlan(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let model = try context.model(for: sentence)
        guard let entry = model.entry.plan else { throw SessionError.noPlan(model: model.name, verb: "show plan") }
        let asked = try sentence.layers?.numbers(model: model.name, depth: model.depth)
        let layers = entry.plan.descending.filter { asked?.contains($0.layer + 1) ?? true }
        if let recipe = entry.recipes.sorted(by: { $0.key < $1.key }).last?.value {
            context.say(
                recipe.steps == 0
                    ? "given widths, nothing tried: \(recipe.tolerance)\(recipe.rearranged == true ? ", rearranged" : "")"
                    : """
                    direction: last layer to first · \(count: recipe.steps) steps a layer\(details(of: recipe)) · each \(recipe.refusesFalls == true ? "change" : "increase") is \
                    measured against the model as narrowed so far and may be at most \(tolerances(of: entry))
                    """)
            context.say(
                """
                ranked by \(strong: recipe.scores.criterion.rawValue)\(recipe.layerWise ? ", scored anew before each layer" : "") · \
                entropy with t=\(number: Language.Value(recipe.temperature)), batch=\(count: recipe.batch) on \
                \(count: recipe.images) images of \(name: recipe.data)\(recipe.precision.map { ", in \($0.rawValue)" } ?? "")
                """)
            if let compensation = recipe.compensation {
                context.say(
                    "each try was judged with its output layer compensated by \(strong: compensation.method.title), as 'prune' will do",
                    data: ["compensation": .string(compensation.method.rawValue)])
            }
        }
        let confidences = layers.compactMap { entry.recipes[$0.layer]?.confidence }
        if let confidence = confidences.min(), let summary = SequentialSummary(layers) {
            context.say(summary.text(confidence: confidence), data: summary.fields(confidence: confidence))
        }
        context.show(
            .trace(
                SearchTrace(
                    layers: layers.map { $0.trace(key: model.model.key(ofBlock: $0.layer)) },
                    steps: layers.map(\.tries.count).max() ?? Standard.steps)))
        if let applied = entry.appliedBy {
            context.note("applied by \(key: applied)")
        } else if entry.weights != model.entry.weights {
            context.note("'\(model.name)' has changed since; the plan no longer applies")
        }
    }

    private static func details(of recipe: SearchRecipe) -> String {
        (recipe.multiple.map { " · multiples of \($0)" } ?? "") + (recipe.refusesFalls == true ? " · falls=no" : "")
            + (recipe.budget.map { " · to \($0)" } ?? "")
    }

    /// "0.01 nats", or where layers were searched apart "0.01 nats (layers 1, 2), 1% of … (layer 12)".
    private static func tolerances(of entry: PlanEntry) -> String {
        let groups = Dictionary(grouping: entry.recipes) { $0.value.tolerance }
        let texts = groups.sorted { $0.value.map(\.key).max() ?? 0 > $1.value.map(\.key).max() ?? 0 }.map { group in
            let nats = NumberFormat.fixed(group.value.first?.value.absoluteTolerance ?? 0, digits: 6)
            let text =
                group.key.hasSuffix("%") ? "\(group.key) of the unpruned entropy (\(nats) nats)" : "\(group.key) nats"
            guard groups.count > 1 else { return text }
            let layers = group.value.map { $0.key + 1 }.sorted().map(String.init).joined(separator: ", ")
            return "\(text) (\(group.value.count == 1 ? "layer" : "layers") \(layers))"
        }
        return texts.joined(separator: ", ")
    }

    static func showScores(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let model = try context.model(for: sentence)
        let (entry, scores) = try Ranking.current(of: model, context)
        let asked = try sentence.layers?.numbers(model: model.name, depth: model.depth)
        var table = Table(
            title: "importance by \(strong: entry.recipe.criterion.rawValue), from \(key: entry.cell)",
            columns: [
                Table.Column("layer"), .number("neurons"), .number("largest"), .number("median"),
                .number("smallest", wide: true), .number("zero"), .number("for half", unit: nil),
                Table.Column("most important", wide: true),
            ])
        for (index, layer) in scores.layers.enumerated() {
            guard let layer, asked?.contains(index + 1) ?? true else { continue }
            let order = layer.order(signed: entry.recipe.signed)
            let values = order.map { layer.ranking[$0] }
            let total = values.reduce(0, +)
            var sum = 0.0
            let half = values.firstIndex { value in
                sum += value
                return sum >= total / 2
            }
            func figure(_ value: Double?) -> Table.Cell {
                value.map { Table.Cell("\(ScientificText.of($0))", value: .double($0)) } ?? .missing
            }
            table.rows.append([
                Table.Cell(model.label(ofLayer: index), value: .int(index + 1)), .count(values.count),
                figure(values.first), figure(values.isEmpty ? nil : values[values.count / 2]), figure(values.last),
                .count(values.count { $0 == 0 }), .count((half ?? -1) + 1),
                Table.Cell(
                    StyledText(order.prefix(5).map(String.init).joined(separator: " ")),
                    value: Report.Value(Array(order.prefix(5)))),
            ])
        }
        context.show(.table(table))
        context.note("'for half': how many neurons hold half of the layer's importance")
    }
}
