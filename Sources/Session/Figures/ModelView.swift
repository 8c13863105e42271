import Models
import Pruning

/// A way to look at a model: as it was loaded, as it is, or as its plan would leave it.
struct ModelView {
    let title: String
    let kept: KeptNeurons

    /// The views of a model that differ, the original first.
    static func all(of model: OpenModel) -> [ModelView] {
        var views = [ModelView(title: "original", kept: model.everything)]
        if !model.entry.kept.isEverything { views.append(ModelView(title: "now", kept: model.entry.kept)) }
        if let plan = model.pendingPlan, !plan.plan.narrowed.isEmpty {
            views.append(ModelView(title: "planned", kept: plan.applied(to: model.entry.kept)))
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
    /// The plan that 'prune' would apply.
    var pendingPlan: PlanEntry? {
        entry.plan.flatMap { $0.appliedBy == nil && $0.kept == entry.kept ? $0 : nil }
    }

    /// "layer 12 (blocks.11)", counted from 0, without styles.
    func title(ofLayer index: Int) -> String { label(ofLayer: index).plain }
}
