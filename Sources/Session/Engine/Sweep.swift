import Language
import Report

/// What the passes of a loop, and of loops inside it, came to: gathered into one table and one plot.
struct Sweep {
    struct Row {
        /// Variables and their values, the outermost loop's first.
        let bindings: [(name: String, value: String)]
        let measures: [(name: String, value: Double)]
        let parameters: Int
        /// Parameters left, as a share of all.
        let size: Double
        let flops: Int
    }

    private(set) var bindings: [(name: String, value: String)] = []
    private(set) var rows: [Row] = []

    mutating func enter(_ name: String, _ value: String) { bindings.append((name, value)) }
    mutating func leave() { bindings.removeLast() }

    /// Notes what a pass without loops inside it measured; passes that measured nothing are no rows.
    ///
    /// - Parameters:
    ///   - outputs: of the pass.
    ///   - model: the model in use at its end.
    mutating func note(_ outputs: ArraySlice<Output>, model: OpenModel?) {
        guard let model else { return }
        var measures: [(name: String, value: Double)] = []
        func add(_ name: String, _ value: Double) {
            measures.removeAll { $0.name == name }
            measures.append((name, value))
        }
        for case .line(_, let data) in outputs {
            if case .double(let entropy)? = data["entropy_after"], !measures.contains(where: { $0.name == "entropy" }) {
                add("entropy", entropy)
            }
            guard case .string(let measure)? = data["measure"], case .double(let value)? = data["value"],
                data["met"] == nil
            else { continue }
            add(measure, value)
            if case .double(let cosine)? = data["cosine"] { add("cosine", cosine) }
        }
        guard !measures.isEmpty else { return }
        let now = model.cost(keeping: model.entry.kept)
        let whole = model.cost(keeping: model.everything)
        rows.append(
            Row(
                bindings: bindings, measures: measures, parameters: now.parameters,
                size: Double(now.parameters) / Double(max(whole.parameters, 1)), flops: now.flops))
    }

    /// The measures that any row has, in the order they came.
    private var measures: [String] {
        rows.flatMap(\.measures).map(\.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// One table, and where sizes differ one plot; nothing for a single row.
    var outputs: [Output] {
        guard rows.count > 1, let first = rows.first else { return [] }
        let names = first.bindings.map(\.name)
        let measures = measures
        let table = Table(
            title: "results",
            columns: names.map { Table.Column($0, alignment: .right) }
                + [.number("parameters"), .number("left"), .number("FLOPs", wide: true)]
                + measures.map { Table.Column.number(MeasureText.title($0), key: $0) },
            rows: rows.map { row in
                names.map { name in
                    row.bindings.first { $0.name == name }.map { Table.Cell(StyledText($0.value)) } ?? .missing
                } + [.parameters(row.parameters), .percent(row.size), .flops(Double(row.flops))]
                    + measures.map { measure in
                        row.measures.first { $0.name == measure }.map { MeasureText.cell($0.value, measure) }
                            ?? .missing
                    }
            })
        return [.table(table)] + (figure.map { [.figure($0)] } ?? [])
    }

    /// A panel a measure over what is left of the model; the points are the innermost loop's, the lines the outer ones'.
    private var figure: Figure? {
        guard Set(rows.map(\.size)).count > 1 else { return nil }
        var groups: [(name: String?, rows: [Row])] = []
        for row in rows {
            let outer = row.bindings.dropLast().map(\.value).joined(separator: ", ")
            let name = outer.isEmpty ? nil : outer
            if let place = groups.firstIndex(where: { $0.name == name }) {
                groups[place].rows.append(row)
            } else {
                groups.append((name, [row]))
            }
        }
        let measures = measures.filter { measure in rows.count { $0.measures.contains { $0.name == measure } } > 1 }
        let panels = measures.map { measure in
            Figure.Panel.chart(
                .tradeOff(
                    measure, title: measures.count > 1 ? MeasureText.title(measure) : nil,
                    curves: groups.map { group in
                        (
                            group.name,
                            group.rows.compactMap { row in
                                row.measures.first { $0.name == measure }.map {
                                    TradeOffPoint(size: row.size, value: $0.value, label: row.bindings.last?.value)
                                }
                            }
                        )
                    }))
        }
        guard !panels.isEmpty, let innermost = rows.first?.bindings.last?.name else { return nil }
        return Figure(
            kind: "sweep", title: "What each size costs", caption: "One point for each value of \(innermost).",
            panels: panels, columns: min(2, panels.count))
    }
}
