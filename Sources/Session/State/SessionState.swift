import Images
import Models
import Pruning
import Tensor

/// All that sentences change: undo, redo and replay are about values of this type.
///
/// It holds names, paths, indices and settings. What is large (scores) lies in the cache under its key.
package struct SessionState: Codable, Sendable, Hashable {
    package var models: [String: ModelEntry] = [:]
    package var currentModel: String?
    package var dataSets: [String: DataEntry] = [:]
    package var currentData: String?
    /// Variables as their literals are written: `0.01`, `"out/"`, `1..6`.
    package var variables: [String: String] = [:]
    package var settings = Settings()

    package init() {}

    /// What `set` changes.
    package struct Settings: Codable, Sendable, Hashable {
        /// Threads that compute; nil for one a core.
        package var threads: Int?
        /// Bytes that kept activations may take; nil for half of the machine's memory.
        package var memory: Int?
        /// nil for float32.
        package var precision: Precision?

        // How answers are shown; nothing that is computed depends on it.
        package var color: Presentation.Colour?
        package var title: Bool?
        package var bell: Bool?
        package var graphics: Presentation.Graphics?

        package init() {}
    }

    /// What linear layers multiply.
    var precision: Precision { settings.precision ?? .float32 }
}

/// A model of the session: a view of its source checkpoint, and what is known about it.
package struct ModelEntry: Codable, Sendable, Hashable {
    /// As it was written in `load`.
    package var path: String
    /// The same from the root, so that a session may be opened elsewhere.
    package var absolutePath: String
    /// Heads, activation and patch grid as far as they were given in `load`.
    package var heads: Int?
    package var activation: Activation?
    package var grid: Extent?
    package var source: SourceStamp
    package var kept: KeptNeurons
    /// What training or compensation has made of its tensors; nil where they are the checkpoint's.
    package var revision: Revision?
    /// What training made of the model while it was whole, which pruned ones are compared with; nil for the checkpoint.
    package var base: Revision?
    /// The cell that gave the model its present weights, such as `load` or the last `prune`.
    package var changedBy: CellReference
    package var scores: ScoresEntry?
    package var plan: PlanEntry?
    /// What was done to get from the source to this, for the record that `save` writes.
    package var prunings: [PruningStep] = []

    /// What `load` was told about the model.
    package var given: Given { Given(heads: heads, activation: activation, grid: grid) }
}

/// A cell of the journal and the verb it ran.
package struct CellReference: Codable, Sendable, Hashable, CustomStringConvertible {
    package var number: Int
    package var verb: String
    package var description: String { "[\(number)] \(verb)" }

    /// "pruned by [8] prune", of a cell that changed a model.
    var asDone: String {
        switch verb {
        case "prune": "pruned by \(self)"
        case "train": "trained by \(self)"
        case "distill": "distilled by \(self)"
        default: "changed by \(self)"
        }
    }
}

/// What a file was like when it was read.
package struct SourceStamp: Codable, Sendable, Hashable {
    /// SHA-256 of the weights; nil for large files, whose hash is computed when it is first needed.
    package var hash: String?
    package var size: Int
    /// Modification time in nanoseconds since 1970; of several files a mix of theirs.
    package var modified: Int
    /// Which file it was; nil in old sessions.
    package var inode: Int?
}

/// Scores that were computed: how, on what, and where they lie.
package struct ScoresEntry: Codable, Sendable, Hashable {
    package var cacheKey: String
    package var recipe: ScoreRecipe
    package var data: String?
    /// The kept neurons of the model that was scored, and the identity of its revision.
    package var kept: KeptNeurons
    package var revision: String?
    package var cell: CellReference
}

/// How scores are computed: everything about them except model and data.
package struct ScoreRecipe: Codable, Sendable, Hashable {
    package var criterion: Criterion
    package var temperature: Double?
    package var batch: Int?
    package var seed: UInt64?
    package var side: MagnitudeScorer.Side?
    /// Of Fisher scores; nil for the cross-entropy and for all other criteria.
    package var loss: FisherLoss?
    package var signed = false
    /// nil for float32.
    package var precision: Precision?
    /// From 0.
    package var layers: [Int]
}

/// What neurons are ranked by.
package enum Criterion: String, Codable, Sendable, Hashable, CaseIterable {
    case entropy, crossentropy, magnitude, activation, fisher, diversity, random
}

/// The loss that Fisher scores are made of.
package enum FisherLoss: String, Codable, Sendable, Hashable, CaseIterable {
    case crossentropy, entropy
}

/// The widths that searches found for a model.
package struct PlanEntry: Codable, Sendable, Hashable {
    package var plan: Plan
    /// By layer, from 0.
    package var recipes: [Int: SearchRecipe]
    /// The kept neurons of the model that was searched, and the identity of its revision.
    package var kept: KeptNeurons
    package var revision: String?
    /// The entropy of that model before anything was taken away.
    package var start: Double
    package var cell: CellReference
    /// The cell that has pruned by it.
    package var appliedBy: CellReference?
    /// What that cell compensated by.
    package var appliedCompensation: Compensation?
}

/// How a layer was searched.
package struct SearchRecipe: Codable, Sendable, Hashable {
    /// As it was written: `0.01` or `1%`.
    package var tolerance: String
    /// In nats.
    package var absoluteTolerance: Double
    package var temperature: Double
    package var batch: Int
    package var steps: Int
    package var layerWise: Bool
    /// What narrowed widths are multiples of; nil for any.
    package var multiple: Int?
    /// Whether falls of the entropy count like rises; nil where they are accepted.
    package var refusesFalls: Bool?
    /// What the tolerance was found for, as it was written: `60% params`.
    package var budget: String?
    /// Whether neurons were exchanged so that the slopes of those that go cancel; nil where not.
    package var rearranged: Bool?
    /// How sure a try had to be before it was decided from some of the batches; nil where every try ran on all.
    package var confidence: Double?
    /// What every try was compensated by before it was judged; nil for nothing.
    package var compensation: Compensation?
    /// nil for float32.
    package var precision: Precision?
    package var scores: ScoreRecipe
    /// Where those scores lie in the cache.
    package var scoresKey: String
    /// The data set it was judged on, and its fingerprint.
    package var data: String
    package var dataFingerprint: String
    package var images: Int
}

/// One `prune`: which searches it applied.
package struct PruningStep: Codable, Sendable, Hashable {
    package var cell: CellReference
    /// By layer, from 0.
    package var searches: [Int: SearchRecipe]
}

extension SearchRecipe {
    /// Whether two searches rest on the same ranking and are judged by the same measure, so that their layers belong
    /// together in one plan. Their tolerances may differ.
    func hasSameBasis(as other: SearchRecipe) -> Bool {
        scoresKey == other.scoresKey && scores.signed == other.scores.signed && layerWise == other.layerWise
            && temperature == other.temperature && batch == other.batch && dataFingerprint == other.dataFingerprint
            && precision == other.precision && compensation == other.compensation && rearranged == other.rearranged
            && refusesFalls == other.refusesFalls
    }
}

/// A data set of the session.
package struct DataEntry: Codable, Sendable, Hashable {
    package var path: String
    package var absolutePath: String
    package var tensor: String?
    package var selection: DataSelection
    /// SHA-256 of contents, labels and order.
    package var fingerprint: String
    /// Changes when paths, sizes or times of the files do.
    package var stamp: String
    /// The names of the class folders, in the order of the labels.
    package var classNames: [String]?
    /// Images that could not be read, by part.
    package var broken: [String: [String]]
    package var cell: CellReference
}
