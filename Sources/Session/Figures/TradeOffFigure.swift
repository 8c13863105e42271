import Report

extension Chart {
    /// A measure over how much of a model is left.
    ///
    /// - Parameters:
    ///   - measure: as `evaluate` names it.
    ///   - curves: points of size, as a share of all parameters, and value.
    static func tradeOff(
        _ measure: String, title: String? = nil, curves: [(name: String?, points: [TradeOffPoint])],
        original: Double? = nil
    ) -> Chart {
        let inPercent = MeasureText.isShare(measure)
        func shown(_ value: Double) -> Double { inPercent ? value * 100 : value }
        return Chart(
            title: title,
            x: Axis("parameters left", unit: "%"),
            y: Axis(MeasureText.title(measure), unit: inPercent ? "%" : MeasureText.unit(measure)),
            series: curves.enumerated().map { index, curve in
                Series(
                    curve.name, mark: .path, tone: .number(index),
                    points: curve.points.sorted { $0.size < $1.size }.map {
                        Point($0.size * 100, shown($0.value), label: $0.label)
                    })
            }, guides: original.map { [Guide(.horizontal, at: shown($0), label: "original")] } ?? [])
    }
}

/// How good a model of a size is.
struct TradeOffPoint: Hashable {
    /// Parameters left, as a share of all.
    let size: Double
    let value: Double
    let label: String?
}

/// How measures are written.
enum MeasureText {
    static func title(_ measure: String) -> String {
        switch measure {
        case "knn": "kNN"
        case "top1": "top-1"
        case "zeroshot": "zero-shot"
        default: measure
        }
    }

    static func unit(_ measure: String) -> String? { measure == "entropy" ? "nats" : nil }

    static func isShare(_ measure: String) -> Bool { measure != "entropy" && measure != "cosine" }

    static func cell(_ value: Double, _ measure: String) -> Table.Cell {
        isShare(measure) ? .percent(value) : .fixed(value, digits: 4)
    }
}
