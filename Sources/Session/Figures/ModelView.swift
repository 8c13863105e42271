import Models

/// A way to look at a model: as it was loaded, as it is, or as its plan would leave it.
struct ModelView {
    let title: String
    let model: OpenModel

    var kept: KeptNeurons { model.entry.kept }

    /// The views of a model that differ, the original first.
    static func all(of model: OpenModel) -> [ModelView] {
        var views = [ModelView(title: "original", model: model.original)]
        if !model.entry.isOriginal { views.append(ModelView(title: "now", model: model)) }
        if let plan = model.entry.pendingPlan, !plan.plan.narrowed.isEmpty {
            views.append(ModelView(title: "planned", model: model.keeping(plan.applied(to: model.entry.kept))))
        }
        return views
    }

    /// The original and, where there is another, the latest view.
    static func firstAndLast(of model: OpenModel) -> [ModelView] {
        let views = all(of: model)
        return views.count > 1 ? [views[0], views[views.count - 1]] : views
    }
}

extension OpenModel {
    /// "layer 12 (blocks.11)", counted from 0, without styles.
    func title(ofLayer index: Int) -> String { label(ofLayer: index).plain }
}
