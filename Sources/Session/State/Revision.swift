import Language
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
    /// The hash of all that they were computed from and by: the same on every machine, though their last bits may not be.
    package var identity: String
    /// What led to them, the first first.
    package var steps: [RevisionStep] = []

    /// The same after one more step.
    func after(_ earlier: Revision?, _ step: RevisionStep) -> Revision {
        Revision(hash: hash, size: size, identity: identity, steps: (earlier?.steps ?? []) + [step])
    }
}

/// One sentence that gave a model's tensors other values: `train`, `distill`, or `prune` with compensation.
package struct RevisionStep: Codable, Sendable, Hashable {
    package var cell: CellReference
    /// As the journal has it.
    package var sentence: String
    package var data: String
    package var dataFingerprint: String
    package var images: Int

    init(_ sentence: Sentence, on data: OpenData, images: Int, _ context: CommandContext) {
        cell = context.cell
        self.sentence = sentence.canonical
        self.data = data.name
        dataFingerprint = data.entry.fingerprint
        self.images = images
    }
}

/// What a model is at a moment, whatever has been found out about it: its kept neurons and the values of its tensors.
package struct WeightsState: Sendable, Hashable {
    package let kept: KeptNeurons
    /// The identity of the revision; nil for the checkpoint's own values.
    package let revision: String?
}

extension ModelEntry {
    package var weights: WeightsState { WeightsState(kept: kept, revision: revision?.identity) }

    /// Whether it is what was loaded.
    var isOriginal: Bool { kept.isEverything && revision?.identity == base?.identity }

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

    /// What kept neurons' output layers were changed by, or will be by a plain 'prune'.
    var compensation: Compensation? {
        appliedBy == nil ? recipes.values.lazy.compactMap(\.compensation).first : appliedCompensation
    }
}
