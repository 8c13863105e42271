import Report

/// Outputs as commands write them.
enum Samples {
    static let line: Output = .line(
        """
        \(name: "vit"): timm vision transformer, 12 blocks, width 96 · \(parameters: 1_348_234) parameters \
        (\(percent: 0.671, digits: 0) in MLPs) · \(flops: 0.14e9) an image
        """, data: ["blocks": 12, "parameters": 1_348_234, "mlp_share": 0.671])
    static let warning: Output = .warning(
        "these scores belong to another model: \(name: "vit") changed at [7]",
        hint: "score entropy   (or: undo)")
    static let status: Output = .status("scored in \(seconds: 3.1), from the cache", data: ["seconds": 3.1])

    static let table: Output = .table(
        Table(
            title: "widths",
            columns: [
                .init("layer"), .init("key", wide: true), .number("width"), .number("kept"), .number("parameters"),
                .number("compute", unit: "an image", wide: true),
            ],
            rows: [
                [
                    "layer 1", "\(key: "blocks.0")", .count(1384), .percent(1), .parameters(86_400),
                    .flops(12_000_000),
                ],
                ["layer 12", "\(key: "blocks.11")", .count(96), .percent(0.25), .parameters(1_350_000), .missing],
            ],
            footer: ["all", .empty, .count(1480), .percent(0.625), .parameters(1_436_400), .flops(12_000_000)]))

    static let bars: Output = .bars(
        Bars(
            title: "widths before and after", measure: "width",
            bars: [
                .init("layer 4 (\(key: "blocks.3"))", value: 384, before: 384),
                .init("layer 8 (\(key: "blocks.7"))", value: 100, before: 384),
                .init("layer 12 (\(key: "blocks.11"))", value: 1, before: 384),
            ]))

    static let layers: [SearchTrace.Layer] = [
        .init(
            number: 12, key: "blocks.11", widthBefore: 384, widthAfter: 96,
            tries: tries([(192, true), (96, true), (48, false), (72, false), (84, false), (90, false)]),
            entropyBefore: 2.03119, entropyAfter: 2.0391),
        .init(
            number: 1, key: "blocks.0", widthBefore: 384, widthAfter: 384, tries: tries([(192, false), (288, false)]),
            entropyBefore: 2.0391, entropyAfter: 2.0391),
    ]
    static let trace: Output = .trace(SearchTrace(layers: layers, steps: 6))

    static let all: [Output] = [line, .note("entropies are in nats"), warning, table, bars, trace, status]

    private static func tries(_ tries: [(Int, Bool)]) -> [SearchTrace.Try] {
        tries.map { .init(width: $0.0, verdict: $0.1 ? .accepted : .rejected) }
    }
}
