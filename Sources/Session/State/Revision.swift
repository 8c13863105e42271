import Models
import Pruning

/// Values that training or compensation gave to a model's tensors.
///
/// They lie in a file of their own beside the session (`RevisionFolder`), under its hash, in the checkpoint's own shapes:
/// neurons that were removed before keep the values they had. The model is the checkpoint with these in their place.
package struct Revision: Codable, Sendable, Hashable {
    /// SHA-256 of the file.
    package var hash: String
    /// Bytes of the file.
    package var size: Int
}

/// What a model is at a moment, whatever has been found out about it: its kept neurons and the values of its tensors.
package struct WeightsState: Sendable, Hashable {
    package let kept: KeptNeurons
    /// The hash of the revision; nil for the checkpoint's own values.
    package let revision: String?
}

extension ModelEntry {
    package var weights: WeightsState { WeightsState(kept: kept, revision: revision?.hash) }

    /// Whether it is what was loaded.
    var isOriginal: Bool { kept.isEverything && revision == nil }

    /// The plan that 'prune' would apply.
    var pendingPlan: PlanEntry? {
        plan.flatMap { $0.appliedBy == nil && $0.weights == weights ? $0 : nil }
    }
}

extension ScoresEntry {
    package var weights: WeightsState { WeightsState(kept: kept, revision: revision) }
}

extension PlanEntry {
    package var weights: WeightsState { WeightsState(kept: kept, revision: revision) }
}
