import Report

/// Figures of each kind, small, and figures that nobody would want to draw.
enum FigureSamples {
    static let search = Figure(
        kind: "search", title: "search of layer 12", caption: "Entropy at every width that was tried.",
        panels: [.chart(searchChart(title: nil, start: 2.0312))])

    static let searches = Figure(
        kind: "search", title: "the search",
        panels: (1...4).map { .chart(searchChart(title: "layer \($0)", start: 2.03 + 0.001 * Double($0))) }, columns: 3)

    static func searchChart(title: String?, start: Double) -> Chart {
        let tries = [(192, 0.001), (96, 0.008), (48, 0.026), (72, 0.013), (84, 0.0106), (90, 0.009)]
        let points = tries.enumerated().map { index, attempt in
            Chart.Point(Double(attempt.0), start + attempt.1, label: "\(index + 1)")
        }
        return Chart(
            title: title, x: .init("width", unit: "neurons", range: 0...384), y: .init("entropy", unit: "nats"),
            series: [
                .init(nil, mark: .line, tone: .faint, points: points.map { Chart.Point($0.x, $0.y) }),
                .init("accepted", mark: .dots, tone: .accepted, points: points.filter { $0.y <= start + 0.01 }),
                .init("rejected", mark: .dots, tone: .rejected, points: points.filter { $0.y > start + 0.01 }),
            ],
            guides: [
                .init(.horizontal, at: start, label: "before"), .init(.horizontal, at: start + 0.01, label: "limit"),
            ])
    }

    static let widths = Figure(
        kind: "widths", title: "hidden widths",
        panels: [
            .chart(
                Chart(
                    x: .init("layer", scale: .categories(["1", "2", "3", "4"])),
                    y: .init("width", unit: "neurons", range: 0...384),
                    series: [
                        .init("before", mark: .bars, tone: .faint, points: (0..<4).map { .init(Double($0), 384) }),
                        .init(
                            "after", mark: .bars,
                            points: [384, 200, 96, 3].enumerated().map { .init(Double($0.offset), $0.element) }),
                    ]))
        ])

    static let spectrum = Figure(
        kind: "spectrum", title: "spectrum",
        panels: [
            .chart(
                Chart(
                    x: .init("direction"), y: .init("variance", unit: "%", scale: .logarithmic),
                    series: [
                        .init("before", mark: .line, tone: .faint, points: decay(24, by: 0.8)),
                        .init("after", mark: .line, points: decay(24, by: 0.65)),
                    ]))
        ])

    static func decay(_ count: Int, by factor: Double) -> [Chart.Point] {
        var value = 40.0
        return (1...count).map { rank in
            defer { value *= factor }
            return .init(Double(rank), value)
        }
    }

    static let scores = Figure(
        kind: "scores", title: "ranked importance",
        panels: (1...5).map { layer in
            .chart(
                Chart(
                    title: "layer \(layer)", x: .init("rank"), y: .init("importance", scale: .logarithmic),
                    series: [.init(nil, mark: .line, points: decay(40, by: 0.9 - 0.03 * Double(layer)))],
                    guides: [.init(.vertical, at: 20, label: "keeps 20")]))
        }, columns: 3)

    static let compare = Figure(
        kind: "compare", title: "agreement over size",
        panels: [
            .chart(
                Chart(
                    x: .init("parameters left", unit: "%"), y: .init("agreement", unit: "%"),
                    series: ["entropy", "magnitude", "random"].enumerated().map { index, name in
                        .init(
                            name, mark: .path, tone: .number(index),
                            points: [40.0, 60, 80, 100].map { size in
                                let value = 100 - (100 - size) * (100 - size) * 0.006 * Double(index + 1)
                                return .init(size, value, spread: (value - 2)...(value + 2))
                            })
                    }))
        ])

    static func similarity(_ count: Int, thumbnails: [String] = []) -> Figure {
        func values(_ after: Float) -> [Float] {
            (0..<(count * count)).map { index in
                let (row, column) = (index / count, index % count)
                return row == column ? 1 : Float((row * 7 + column * 7) % 11) / 8 - after
            }
        }
        func panel(_ title: String, _ after: Float) -> Figure.Panel {
            .matrix(
                Matrix(
                    title: title, rows: count, columns: count, values: values(after),
                    scale: .init("cosine", kind: .diverging, range: -1...1), labels: (0..<count).map { "\($0 + 1)" },
                    thumbnails: thumbnails))
        }
        return Figure(
            kind: "similarity", title: "similarity", panels: [panel("before", 0.3), panel("after", 0.5)], columns: 2)
    }

    static let all: [Figure] = [
        search, searches, widths, spectrum, scores, compare, similarity(6), similarity(40),
        similarity(4, thumbnails: ["iVBORw0KGgo=", "iVBORw0KGgo=", "\"/><script>alert(1)</script>", ""]),
    ]

    /// Another figure for every seed: any values, counts that do not fit, texts that mean harm.
    static func strange(seed: UInt64) -> Figure {
        var random = Dice(seed: seed)
        return Figure(
            kind: "strange", title: random.text(), caption: StyledText(random.text()),
            panels: (0..<random.next(5)).map { _ in
                random.next(4) == 0 ? .matrix(random.matrix()) : .chart(random.chart())
            }, columns: [Int.min, -1, 0, 1, 2, 3, 7, .max][random.next(8)])
    }
}

/// Numbers that follow from a seed (splitmix64).
private struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func bits() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func next(_ count: Int) -> Int { Int(bits() % UInt64(count)) }

    mutating func value() -> Double {
        let odd = [
            0, -0.0, .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
            .leastNonzeroMagnitude,
            1e-300,
            1e300, 1, 1, -1, 1e15, 1e-9, 2.0312,
        ]
        return next(3) == 0 ? odd[next(odd.count)] : Double(next(2000)) / 10 - 50
    }

    mutating func range() -> ClosedRange<Double>? {
        let (a, b) = (value(), value())
        guard next(3) == 0, !a.isNaN, !b.isNaN else { return nil }
        return min(a, b)...max(a, b)
    }

    mutating func text() -> String {
        let odd = [
            "", "entropy", "<script>alert(1)</script>", "\u{1B}[2J\u{0}\u{7}", "]]>&amp;\"'", "layer\n12\t(blocks.11)",
            "日本語の題名", "\u{202E}reversed", String(repeating: "long ", count: 60), "e\u{301}🧑‍🔬", "\u{FFFE}\u{FFFF}",
        ]
        return odd[next(odd.count)]
    }

    mutating func axis(categories: Bool) -> Chart.Axis {
        let scales: [Chart.Axis.Scale] = [
            .linear, .linear, .logarithmic, categories ? .categories((0..<next(60)).map { _ in text() }) : .linear,
        ]
        return Chart.Axis(text(), unit: next(2) == 0 ? nil : text(), scale: scales[next(4)], range: range())
    }

    mutating func chart() -> Chart {
        let marks: [Chart.Series.Mark] = [.line, .dots, .bars, .path]
        let series = (0..<next(12)).map { index -> Chart.Series in
            let tones: [Chart.Series.Tone] = [
                .number(index), .number([Int.min, -1, 0, 7, .max][next(5)]), .faint, .accepted, .rejected,
            ]
            return Chart.Series(
                next(2) == 0 ? nil : text(), mark: marks[next(4)], tone: tones[next(5)],
                points: (0..<[0, 1, 2, 9, 700][next(5)]).map { place in
                    Chart.Point(
                        next(3) == 0 ? value() : Double(place), value(), label: next(9) == 0 ? text() : nil,
                        spread: range())
                })
        }
        let guides = (0..<next(4)).map { _ in
            Chart.Guide(next(2) == 0 ? .horizontal : .vertical, at: value(), label: next(2) == 0 ? nil : text())
        }
        return Chart(
            title: next(2) == 0 ? nil : text(), x: axis(categories: true), y: axis(categories: next(9) == 0),
            series: series, guides: guides)
    }

    mutating func matrix() -> Matrix {
        let counts = [Int.min, -1, 0, 1, 3, 8, 40, 100, .max]
        let scale = range() ?? 0...1
        return Matrix(
            title: next(2) == 0 ? nil : text(), rows: counts[next(9)], columns: counts[next(9)],
            values: (0..<next(2000)).map { _ in Float(value()) },
            scale: .init(text(), kind: next(2) == 0 ? .diverging : .sequential, range: scale),
            labels: (0..<next(12)).map { _ in text() },
            thumbnails: (0..<next(3)).map { _ in ["iVBORw0KGgo=", text()][next(2)] })
    }
}
