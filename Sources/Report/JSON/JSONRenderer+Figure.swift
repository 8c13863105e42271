extension JSONRenderer {
    /// A figure's numbers; thumbnails are left out.
    func json(_ figure: Figure) -> JSON {
        .object([
            ("kind", "figure"), ("figure", .string(figure.kind)), ("title", .string(figure.title)),
            ("caption", figure.caption.map { .string($0.plain) } ?? .null),
            (
                "panels",
                .array(
                    figure.panels.map { panel in
                        switch panel {
                        case .chart(let chart): json(chart)
                        case .matrix(let matrix): json(matrix)
                        }
                    })
            ),
        ])
    }

    private func json(_ chart: Chart) -> JSON {
        .object([
            ("panel", "chart"), ("title", chart.title.map(JSON.string) ?? .null),
            ("x", json(chart.x)), ("y", json(chart.y)),
            (
                "series",
                .array(
                    chart.series.map { series in
                        .object([
                            ("name", series.name.map(JSON.string) ?? .null),
                            ("points", .array(series.points.map { .array([.double($0.x), .double($0.y)]) })),
                        ])
                    })
            ),
            (
                "guides",
                .array(
                    chart.guides.map { guide in
                        .object([
                            ("axis", .string(guide.direction == .vertical ? "x" : "y")),
                            ("value", .double(guide.value)), ("label", guide.label.map(JSON.string) ?? .null),
                        ])
                    })
            ),
        ])
    }

    private func json(_ axis: Chart.Axis) -> JSON {
        var members: [(String, JSON)] = [
            ("title", .string(axis.title)), ("unit", axis.unit.map(JSON.string) ?? .null),
            ("scale", axis.scale == .logarithmic ? "logarithmic" : "linear"),
        ]
        if case .categories(let names) = axis.scale { members.append(("categories", .array(names.map(JSON.string)))) }
        return .object(members)
    }

    private func json(_ matrix: Matrix) -> JSON {
        var rest = matrix.values[...]
        let rows = (0..<max(matrix.rows, 0)).map { _ in
            let row = rest.prefix(max(matrix.columns, 0))
            rest = rest.dropFirst(row.count)
            return row
        }
        return .object([
            ("panel", "matrix"), ("title", matrix.title.map(JSON.string) ?? .null),
            ("measure", .string(matrix.scale.title)), ("labels", .array(matrix.labels.map(JSON.string))),
            ("values", .array(rows.map { .array($0.map { .double(Double($0)) }) })),
        ])
    }
}
