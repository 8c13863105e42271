import Models
import Pruning
import Report

extension Figure {
    /// Ranked importance, a panel a layer, with the width that a plan would keep.
    static func scores(of model: OpenModel, layers: [Int], ranking: Ranking) -> Figure {
        let plan = model.entry.pendingPlan.flatMap { plan in
            plan.recipes.values.allSatisfy { $0.scoresKey == ranking.entry.cacheKey } ? plan.plan : nil
        }
        let panels = layers.compactMap { layer -> Panel? in
            guard let scores = ranking.scores.layers[layer] else { return nil }
            let values = ranking.order(ofLayer: layer).map { scores.ranking[$0] }
            let points = ranks(of: values.count).map { Chart.Point(Double($0), values[$0 - 1]) }
            let cut = plan?.layers[layer].map { width in
                Chart.Guide(.vertical, at: Double(width.width), label: "keeps \(width.width)")
            }
            return .chart(
                Chart(
                    title: layers.count > 1 ? model.title(ofLayer: layer) : nil,
                    x: Chart.Axis("rank", range: 1...Double(max(values.count, 2))),
                    y: Chart.Axis("importance", scale: .logarithmic),
                    series: [Chart.Series(nil, mark: .line, points: points)], guides: [cut].compactMap { $0 }))
        }
        let place = layers.count == 1 ? " of \(model.title(ofLayer: layers[0]))" : ""
        var caption: StyledText = """
            Importance by \(ranking.entry.recipe.criterion.rawValue) of every hidden neuron\(place), the most important first
            """
        caption += plan == nil ? "." : "; the line marks how many the search keeps."
        return Figure(
            kind: "scores", title: "\(model.name): ranked importance", caption: caption, panels: panels,
            columns: min(3, max(panels.count, 1)))
    }

    /// Ranks from 1 that show a curve of so many points: all of few, evenly chosen ones of many.
    private static func ranks(of count: Int, most: Int = 200) -> [Int] {
        guard count > most else { return count > 0 ? Array(1...count) : [] }
        return (0..<most).map { 1 + Int((Double($0) * Double(count - 1) / Double(most - 1)).rounded()) }
    }
}
