import Models
import Report

extension Figure {
    /// The hidden width of every layer, as loaded and as it is or would be.
    static func widths(of model: OpenModel) -> Figure {
        let views = ModelView.firstAndLast(of: model)
        let names = (1...max(model.depth, 1)).map(String.init)
        let series = views.enumerated().map { index, view in
            Chart.Series(
                view.title, mark: .bars, tone: index == 0 && views.count > 1 ? .faint : .number(0),
                points: model.model.widths(keeping: view.kept).enumerated().map {
                    Chart.Point(Double($0), Double($1))
                })
        }
        let largest = Double(model.model.architecture.hiddenWidths.max() ?? 1)
        return Figure(
            kind: "widths", title: "\(model.name): hidden widths",
            caption: views.count > 1
                ? "Hidden neurons of each layer's MLP, as loaded and \(views[1].title)."
                : "Hidden neurons of each layer's MLP.",
            panels: [
                .chart(
                    Chart(
                        x: Chart.Axis("layer", scale: .categories(names)),
                        y: Chart.Axis("hidden width", unit: "neurons", range: 0...largest), series: series))
            ])
    }
}
