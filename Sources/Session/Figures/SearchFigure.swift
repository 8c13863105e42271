import Models
import Pruning
import Report

extension Figure {
    /// Entropy against width, with the tries in their order: a panel a layer.
    static func search(of model: OpenModel, plan: PlanEntry, layers: [LayerPlan]) -> Figure {
        let countsFalls = layers.contains { plan.recipes[$0.layer]?.refusesFalls == true }
        let panels = layers.map { layer -> Panel in
            let recipe = plan.recipes[layer.layer]
            func points(_ accepted: Bool) -> [Chart.Point] {
                layer.tries.enumerated().compactMap { number, attempt in
                    attempt.accepted == accepted
                        ? Chart.Point(Double(attempt.width), attempt.entropy, label: "\(number + 1)") : nil
                }
            }
            let whole = Chart.Point(Double(layer.hidden), layer.start)
            let path = [whole] + layer.tries.map { Chart.Point(Double($0.width), $0.entropy) }
            var guides = [Chart.Guide(.horizontal, at: layer.start, label: "before")]
            if let recipe {
                let isBand = recipe.refusesFalls == true
                guides.append(
                    Chart.Guide(
                        .horizontal, at: layer.start + recipe.absoluteTolerance, label: isBand ? "upper limit" : "limit"
                    ))
                if isBand {
                    guides.append(
                        Chart.Guide(.horizontal, at: layer.start - recipe.absoluteTolerance, label: "lower limit"))
                }
            }
            return .chart(
                Chart(
                    title: "\(model.title(ofLayer: layer.layer)): \(layer.hidden) → \(layer.width)",
                    x: Chart.Axis("hidden width", unit: "neurons", range: 0...Double(max(layer.hidden, 1))),
                    y: Chart.Axis("entropy", unit: "nats"),
                    series: [
                        Chart.Series(nil, mark: .line, tone: .faint, points: path),
                        Chart.Series("accepted", mark: .dots, tone: .accepted, points: points(true)),
                        Chart.Series("rejected", mark: .dots, tone: .rejected, points: points(false)),
                    ].filter { !$0.points.isEmpty }, guides: guides))
        }
        return Figure(
            kind: "search", title: "\(model.name): the search\(layers.count == 1 ? " of a layer" : "")",
            caption: """
                Entropy at every width that was tried, numbered in order. A width is accepted where the entropy lies \
                \(countsFalls
                    ? "between the limits, the tolerance above and below" : "below the limit, the tolerance above") \
                what it was before the layer.
                """,
            panels: panels, columns: min(3, max(panels.count, 1)))
    }
}
