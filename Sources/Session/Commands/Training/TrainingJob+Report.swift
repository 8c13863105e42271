import Language
import Models
import Report
import Training

extension TrainingJob {
    /// Validation images that are measured after each epoch, at most.
    static let measured = 2_000

    /// Gives the model its new values, and says what training came to.
    func finish(_ sentence: Sentence, _ outcome: Outcome, _ context: inout CommandContext) throws {
        var entry = model.entry
        entry.revision = outcome.revision.after(
            entry.revision, RevisionStep(sentence, on: data, images: outcome.images, context))
        // A whole model that was trained is what pruned ones are compared with from now on.
        if entry.kept.isEverything, teacher == nil { entry.base = entry.revision }
        entry.changedBy = context.cell
        context.state.models[model.name] = entry
        describe(outcome, &context)
    }

    private func describe(_ outcome: Outcome, _ context: inout CommandContext) {
        if outcome.history.count > 1 { context.show(.table(table(outcome))) }
        if outcome.history.count > 2 { context.show(.figure(.training(of: model, outcome.history, measure?.title))) }
        guard let kept = outcome.history.first(where: { $0.epoch == outcome.epoch }) ?? outcome.history.last else {
            return
        }
        let verb = teacher.map { "distilled from \($0.name == model.name ? "the original" : $0.name)" } ?? "trained"
        var text: StyledText = """
            \(name: model.name): \(verb) for \(count: outcome.history.count) \
            \(outcome.history.count == 1 ? "epoch" : "epochs") on \(count: outcome.images) \(model.inputs) · loss \
            \(outcome.history.count == 1 ? "" : "\(fixed: outcome.history.first?.loss ?? 0, digits: 4) → ")\
            \(fixed: kept.loss, digits: 4)
            """
        if let value = kept.measure, let measure {
            let on = data.isSplit ? "validation images" : "the same images"
            text += " · \(measure.title) \(strong: NumberFormat.percent(value)) on \(on)"
        }
        if outcome.epoch + 1 < outcome.history.count { text += " · kept: epoch \(count: outcome.epoch + 1)" }
        context.say(
            text,
            data: [
                "model": .string(model.name), "epochs": .int(outcome.history.count),
                "kept_epoch": .int(outcome.epoch + 1),
                "images": .int(outcome.images), "loss": .double(kept.loss),
                "loss_by_epoch": Report.Value(outcome.history.map(\.loss)),
            ])
        if outcome.wasStopped {
            context.stops = true
            context.warn(
                "stopped in epoch \(outcome.history.count + 1) of \(recipe.epochs); the best so far is kept, that of epoch \(outcome.epoch + 1)",
                hint: "to go on instead: undo, then the same sentence")
        }
    }

    private func table(_ outcome: Outcome) -> Table {
        let history = outcome.history
        var columns = [Table.Column.number("epoch"), .number("loss"), .number("rate", key: "learning_rate")]
        if let measure { columns.append(.number(measure.title)) }
        // Of many epochs about twenty rows, the last among them.
        let step = max(1, (history.count + 19) / 20)
        let shown = history.filter { (history.count - 1 - $0.epoch) % step == 0 || $0.epoch == outcome.epoch }
        return Table(
            columns: columns,
            rows: shown.map { record in
                var row = [
                    Table.Cell(
                        record.epoch == outcome.epoch && keepsBest
                            ? "\(strong: String(record.epoch + 1))" : "\(count: record.epoch + 1)",
                        value: .int(record.epoch + 1)),
                    Table.Cell("\(fixed: record.loss, digits: 4)", value: .double(record.loss)),
                    Table.Cell("\(ScientificText.of(record.learningRate))", value: .double(record.learningRate)),
                ]
                if measure != nil { row.append(record.measure.map { .percent($0) } ?? .missing) }
                return row
            })
    }
}

extension Figure {
    /// The loss of every epoch, and what was measured after it.
    static func training(of model: OpenModel, _ history: [EpochRecord], _ measure: String?) -> Figure {
        // A few epochs have a place each, so that none is written between two.
        let isShort = history.count <= 12
        func x(_ record: EpochRecord) -> Double { Double(isShort ? record.epoch : record.epoch + 1) }
        let axis = Chart.Axis(
            "epoch", scale: isShort ? .categories(history.map { String($0.epoch + 1) }) : .linear)
        func panel(_ y: Chart.Axis, _ value: (EpochRecord) -> Double?) -> Panel {
            let points = history.compactMap { record in value(record).map { Chart.Point(x(record), $0) } }
            return .chart(Chart(x: axis, y: y, series: [Chart.Series(nil, mark: .path, points: points)]))
        }
        var panels = [panel(Chart.Axis("loss")) { $0.loss }]
        if let measure, history.contains(where: { $0.measure != nil }) {
            panels.append(panel(Chart.Axis(measure, unit: "%")) { $0.measure.map { $0 * 100 } })
        }
        return Figure(
            kind: "training", title: "\(model.name): training",
            caption: "Mean loss of each epoch; the measure is on validation images.", panels: panels, columns: 2)
    }
}
