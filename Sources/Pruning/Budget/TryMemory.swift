import Models

/// What searches of one model at several tolerances have measured.
///
/// A try depends on the layer, its order and what the layers after it keep, not on the tolerance. Searches at different
/// tolerances therefore share their tries until they first decide differently.
package struct TryMemory: Sendable {
    private struct Place: Hashable {
        let layer: Int
        let kept: KeptNeurons
    }

    private struct Known {
        var start: Double?
        /// By width.
        var entropies: [Int: Double] = [:]
        var order: [Int] = []
    }

    private var places: [Place: Known] = [:]

    package init() {}

    /// How many tries are known.
    package var count: Int { places.values.reduce(0) { $0 + $1.entropies.count } }

    /// The entropies known at a layer of the model as narrowed so far, by width.
    package func entropies(ofLayer layer: Int, keeping kept: KeptNeurons) -> [Int: Double] {
        places[Place(layer: layer, kept: kept)]?.entropies ?? [:]
    }

    /// The neurons by descending importance as far as they are known, for layers that are scored anew.
    package func order(ofLayer layer: Int, keeping kept: KeptNeurons) -> [Int] {
        places[Place(layer: layer, kept: kept)]?.order ?? []
    }

    package mutating func remember(order: [Int], ofLayer layer: Int, keeping kept: KeptNeurons) {
        places[Place(layer: layer, kept: kept), default: Known()].order = order
    }

    /// - Parameter kept: what the model kept before the layer was searched.
    package mutating func remember(_ plan: LayerPlan, keeping kept: KeptNeurons) {
        // Estimates from some of the batches depend on the tries before.
        guard plan.sequential == nil else { return }
        var known = places[Place(layer: plan.layer, kept: kept)] ?? Known()
        known.start = plan.start
        for attempt in plan.tries { known.entropies[attempt.width] = attempt.entropy }
        if plan.kept.count > known.order.count { known.order = plan.kept }
        places[Place(layer: plan.layer, kept: kept)] = known
    }

    /// What a search would find at a layer, where all that it would try is known.
    ///
    /// - Parameter order: the layer's neurons by descending importance, where it does not have to be remembered.
    package func plan(
        ofLayer layer: Int, keeping kept: KeptNeurons, hidden: Int, order: [Int]?, bisection: Bisection
    ) -> LayerPlan? {
        guard let known = places[Place(layer: layer, kept: kept)], let start = known.start else { return nil }
        struct Unknown: Error {}
        guard
            let result = try? bisection.run(
                hidden: hidden, start: start, known: known.entropies, entropy: { _ in throw Unknown() })
        else { return nil }
        let order = order ?? known.order
        let width = result.accepted?.width ?? hidden
        guard order.count >= width else { return nil }
        return LayerPlan(
            layer: layer, hidden: hidden, start: start, tries: result.tries, kept: Array(order.prefix(width)),
            entropy: result.accepted?.entropy)
    }
}
