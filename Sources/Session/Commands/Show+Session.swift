import Foundation
import Images
import Language
import Report
import Tensor

// What 'show' says about the session.
extension Show {
    static func showModels(_ context: inout CommandContext) {
        var table = Table(columns: [
            Table.Column("model"), Table.Column("family"), .number("layers"), .number("parameters"), .number("left"),
            Table.Column("state"), Table.Column("source", wide: true),
        ])
        for (name, entry) in context.state.models.sorted(by: { $0.key < $1.key }) {
            let mark: StyledText = name == context.state.currentModel ? "\(strong: name) *" : "\(name)"
            guard let model = try? context.model(named: name, at: nil) else {
                table.rows.append([
                    Table.Cell(mark, value: .string(name)), .missing, .missing, .missing, .missing,
                    "source not as it was",
                    Table.Cell(StyledText(entry.path)),
                ])
                continue
            }
            let now = model.cost(keeping: entry.kept).parameters
            let original = model.cost(keeping: model.everything).parameters
            table.rows.append([
                Table.Cell(mark, value: .string(name)), Table.Cell(StyledText(model.model.architecture.family.title)),
                .count(model.depth), .parameters(now), .percent(Double(now) / Double(max(original, 1))),
                Table.Cell(StyledText(state(of: entry))), Table.Cell(StyledText(entry.path)),
            ])
        }
        guard !table.rows.isEmpty else {
            context.say("no model is loaded yet: load \"…\"")
            return
        }
        context.show(.table(table))
        context.note("* is in use")
    }

    private static func state(of entry: ModelEntry) -> String {
        var words: [String] = [entry.kept.isEverything && entry.revision == nil ? "whole" : entry.changedBy.asDone]
        if let scores = entry.scores, scores.weights == entry.weights { words.append("scored by \(scores.cell)") }
        if let plan = entry.pendingPlan {
            words.append("searched by \(plan.cell)")
        }
        return words.joined(separator: ", ")
    }

    static func showData(_ context: inout CommandContext) throws {
        var table = Table(columns: [
            Table.Column("data"), .number("calibration"), .number("validation"), .number("unreadable"),
            Table.Column("sha256", wide: true), Table.Column("source", wide: true),
        ])
        for (name, entry) in context.state.dataSets.sorted(by: { $0.key < $1.key }) {
            let mark: StyledText = name == context.state.currentData ? "\(strong: name) *" : "\(name)"
            let data = try context.data(named: name, at: nil)
            func cell(_ role: DataRole) -> Table.Cell {
                data.part(role).map { .count($0.count) }
                    ?? data.part(.all).map { Table.Cell("\(count: $0.count) (all)", value: .int($0.count)) } ?? .missing
            }
            table.rows.append([
                Table.Cell(mark, value: .string(name)), cell(.calibration), cell(.validation),
                .count(entry.broken.values.reduce(0) { $0 + $1.count }),
                Table.Cell(StyledText(String(entry.fingerprint.prefix(12))), value: .string(entry.fingerprint)),
                Table.Cell(StyledText(entry.path)),
            ])
        }
        guard !table.rows.isEmpty else {
            context.say("no data set is listed yet: data \"…\"")
            return
        }
        context.show(.table(table))
        context.note("* is in use")
    }

    static func showSession(_ context: inout CommandContext) throws {
        let state = context.state
        var rows: [[Table.Cell]] = []
        func row(_ title: StyledText, _ cell: Table.Cell) { rows.append([Table.Cell(title), cell]) }
        row("session", Table.Cell(StyledText(context.store.path ?? "in memory")))
        row("cells", .count(try context.store.cellCount))
        let reach = try context.store.reach
        row("can be undone", .count(reach.undo))
        row("can be redone", .count(reach.redo))
        row("models", .count(state.models.count))
        row("data sets", .count(state.dataSets.count))
        for (name, value) in state.variables.sorted(by: { $0.key < $1.key }) {
            row("$\(name)", Table.Cell(StyledText(value)))
        }
        let kinds = try context.store.cacheKinds()
        for kind in kinds {
            row(
                "cached \(kind.kind)",
                Table.Cell("\(count: kind.count) (\(bytes: kind.bytes))", value: .int(kind.bytes)))
        }
        let kept = try context.reachableRevisions()
        let files = try context.revisions.files()
        let weights = files.filter { !$0.isTraining }
        for (title, files) in [
            ("changed weights", weights.filter { kept.contains($0.name) }),
            ("weights nothing needs", weights.filter { !kept.contains($0.name) }),
            ("stopped trainings", files.filter(\.isTraining)),
        ] where !files.isEmpty {
            let bytes = files.reduce(0) { $0 + $1.bytes }
            row("\(title)", Table.Cell("\(count: files.count) (\(bytes: bytes))", value: .int(bytes)))
        }
        row("amp", Table.Cell(StyledText(Engine.version)))
        if let precision = state.settings.precision {
            let library = (try? Precision.bfloat16Library)?.name ?? "which no library here can do"
            row("linear layers", Table.Cell("\(precision.rawValue), \(library)", value: .string(precision.rawValue)))
        }
        row("arithmetic", Table.Cell("\(state.settings.precision == nil ? "" : "else ")float32, \(BLAS.description)"))
        context.show(.table(Table(columns: [Table.Column(""), Table.Column("")], rows: rows)))
        if weights.contains(where: { !kept.contains($0.name) }) {
            context.note("'forget weights' removes weights that nothing needs")
        }
        Settings.list(&context)
    }

    static func showHistory(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let cells = try context.store.lastCells(sentence.value("limit", as: Int.self) ?? 30)
        guard !cells.isEmpty else {
            context.say("no sentence has run yet")
            return
        }
        let inEffect = Set(try context.store.effectiveCells)
        var table = Table(columns: [
            .number("cell"), Table.Column("sentence"), Table.Column("outcome"),
        ])
        for cell in cells {
            let outcome: StyledText =
                switch cell.status {
                case .failed: "\(bad: "failed")"
                case .interrupted: "\(bad: "interrupted")"
                case .ok: cell.effective && !inEffect.contains(cell.number) ? "\(faint: "undone")" : "\(good: "ok")"
                }
            table.rows.append([.count(cell.number), Table.Cell(StyledText(cell.sentence)), Table.Cell(outcome)])
        }
        context.show(.table(table))
        context.status(
            "times: \(cells.map { "[\($0.number)] \(NumberFormat.duration(seconds: $0.seconds))" }.joined(separator: "  "))"
        )
    }
}
