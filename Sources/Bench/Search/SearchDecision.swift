import Checkpoints
import Pruning

/// What a search, of whichever kind, decided for one layer.
struct SearchDecision {
    let layer: Int
    let tries: [Try]
    /// The width that is left.
    let width: Int

    init(layer: Int, tries: [Try], width: Int) {
        self.layer = layer
        self.tries = tries
        self.width = width
    }

    init(_ plan: LayerPlan) { self.init(layer: plan.layer, tries: plan.tries, width: plan.width) }

    var json: JSON {
        .object([
            "layer": .number(Double(layer)), "width": .number(Double(width)),
            "tries": .array(
                tries.map { attempt in
                    .object([
                        "width": .number(Double(attempt.width)), "entropy": .number(attempt.entropy),
                        "accepted": .bool(attempt.accepted),
                    ])
                }),
        ])
    }
}
