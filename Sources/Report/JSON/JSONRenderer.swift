/// Renders a sentence as one JSON object on one line.
///
/// Keys are snake_case and always in this order; numbers that JSON cannot write (nan, inf) are null.
///
///     {"number": 4 or null, "sentence": "score entropy t=20", "status": "ok" | "failed" | "interrupted",
///      "outputs": [OUTPUT, …], "error": {"message": …, …}}
///
/// `error` is there only if the sentence failed. Each OUTPUT is one of
///
///     {"kind": "line",    "text": …, "data": {KEY: VALUE, …}}
///     {"kind": "note",    "text": …, "data": {…}}
///     {"kind": "warning", "text": …, "hint": … or null}
///     {"kind": "table",   "title": … or null, "columns": [{"key": …, "title": …, "unit": … or null}, …],
///      "rows": [{COLUMN KEY: VALUE, …}, …], "footer": {…} or null}
///     {"kind": "bars",    "title": … or null, "measure": …,
///      "bars": [{"label": …, "value": …, "before": … or null, "maximum": … or null}, …]}
///     {"kind": "trace",   "layers": [{"layer": 12, "key": "blocks.11", "label": …, "width_before": 384,
///      "width_after": 96, "tries": [{"width": 192, "accepted": true, "entropy": … or null}, …],
///      "entropy_before": …, "entropy_after": …}, …]}
///     {"kind": "figure",  "figure": "search", "title": …, "caption": … or null, "panels": [PANEL, …]}
///     {"kind": "status",  "text": …, "data": {…}}
///
/// and each PANEL of a figure one of
///
///     {"panel": "chart",  "title": … or null, "x": AXIS, "y": AXIS,
///      "series": [{"name": … or null, "points": [[x, y], …]}, …], "guides": [{"axis": "x" | "y", "value": …, "label": …}]}
///     {"panel": "matrix", "title": … or null, "measure": …, "labels": [… one a row], "values": [[…], … row by row]}
///
/// with AXIS {"title": …, "unit": … or null, "scale": "linear" | "logarithmic", "categories": [… if x counts them]}.
///
/// Texts are without styles. Table columns of one key are told apart as `width`, `width_2`, ….
package struct JSONRenderer: Sendable, Hashable {
    /// Whether status outputs, which differ from run to run, are written.
    package var includesStatus: Bool

    package init(includesStatus: Bool = false) { self.includesStatus = includesStatus }

    /// The object, without a newline.
    package func render(_ record: SentenceRecord) -> String {
        var members: [(String, JSON)] = [
            ("number", record.number.map(JSON.int) ?? .null),
            ("sentence", .string(record.sentence)),
            ("status", .string(record.status.rawValue)),
            ("outputs", .array(record.outputs.filter { includesStatus || !$0.isStatus }.map(json))),
        ]
        if let error = record.error { members.append(("error", json(error))) }
        return JSON.object(members).text
    }

    private func json(_ output: Output) -> JSON {
        func paragraph(_ kind: String, _ text: StyledText, _ data: Fields) -> JSON {
            .object([("kind", .string(kind)), ("text", json(text)), ("data", json(data))])
        }
        return switch output {
        case .line(let text, let data): paragraph("line", text, data)
        case .note(let text, let data): paragraph("note", text, data)
        case .status(let text, let data): paragraph("status", text, data)
        case .warning(let text, let hint):
            .object([("kind", "warning"), ("text", json(text)), ("hint", json(hint))])
        case .table(let table): json(table)
        case .bars(let bars): json(bars)
        case .trace(let trace): json(trace)
        case .figure(let figure): json(figure)
        }
    }

    private func json(_ table: Table) -> JSON {
        let keys = distinct(table.columns.map { SnakeCase.of($0.key) })
        func row(_ cells: [Table.Cell]) -> JSON {
            .object(
                keys.enumerated().map { index, key in
                    (key, cells.indices.contains(index) ? json(cells[index].value) : .null)
                })
        }
        return .object([
            ("kind", "table"),
            ("title", json(table.title)),
            (
                "columns",
                .array(
                    zip(keys, table.columns).map { key, column in
                        .object([
                            ("key", .string(key)), ("title", .string(column.title)),
                            ("unit", column.unit.map(JSON.string) ?? .null),
                        ])
                    })
            ),
            ("rows", .array(table.rows.map(row))),
            ("footer", table.footer.map(row) ?? .null),
        ])
    }

    private func json(_ bars: Bars) -> JSON {
        .object([
            ("kind", "bars"),
            ("title", json(bars.title)),
            ("measure", .string(bars.measure)),
            (
                "bars",
                .array(
                    bars.bars.map { bar in
                        .object([
                            ("label", json(bar.label)), ("value", .double(bar.value)),
                            ("before", bar.before.map(JSON.double) ?? .null),
                            ("maximum", bar.maximum.map(JSON.double) ?? .null),
                        ])
                    })
            ),
        ])
    }

    private func json(_ trace: SearchTrace) -> JSON {
        .object([
            ("kind", "trace"),
            (
                "layers",
                .array(
                    trace.layers.map { layer in
                        .object([
                            ("layer", .int(layer.number)), ("key", .string(layer.key)), ("label", json(layer.label)),
                            ("width_before", .int(layer.widthBefore)), ("width_after", .int(layer.widthAfter)),
                            ("tries", .array(layer.tries.map(json))),
                            ("entropy_before", .double(layer.entropyBefore)),
                            ("entropy_after", .double(layer.entropyAfter)),
                        ])
                    })
            ),
        ])
    }

    private func json(_ attempt: SearchTrace.Try) -> JSON {
        .object(
            [
                ("width", .int(attempt.width)), ("accepted", .bool(attempt.verdict == .accepted)),
                ("entropy", attempt.entropy.map(JSON.double) ?? .null),
            ] + (attempt.batches.map { [("batches", .int($0))] } ?? []))
    }

    private func json(_ text: StyledText?) -> JSON { text.map { .string($0.plain) } ?? .null }

    private func json(_ fields: Fields) -> JSON {
        let keys = distinct(fields.list.map { SnakeCase.of($0.key) })
        return .object(zip(keys, fields.list).map { ($0, json($1.value)) })
    }

    private func json(_ value: Value) -> JSON {
        switch value {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        case .list(let values): .array(values.map(json))
        }
    }

    /// An object whose keys repeat loses values in most parsers.
    private func distinct(_ keys: [String]) -> [String] {
        var taken: Set<String> = []
        return keys.map { key in
            var name = key.isEmpty ? "value" : key
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(key.isEmpty ? "value" : key)_\(number)"
                number += 1
            }
            return name
        }
    }
}
