import Models
import Tensor

/// Everything that a run has come to: enough to go on as if it had never stopped.
///
/// Random numbers need no place here: those of an epoch, a step or an input depend on the seed and its number alone.
package final class TrainingState: Sendable {
    package let recipe: TrainingRecipe
    /// What the caller says the run is about: model, kept neurons, inputs, teacher.
    package let identity: String
    /// The parameters as they are now.
    package let parameters: Parameters
    package let optimizer: AdamW
    /// The parameters after the best epoch so far.
    package let best: Parameters
    /// The names of what is trained.
    package let names: [String]
    private let values: Locked<Progress>

    /// What changes beside the tensors.
    package struct Progress: Sendable, Hashable, Codable {
        /// Steps that are done.
        package var step = 0
        /// The sum of the losses of this epoch's steps so far.
        package var lossSum = 0.0
        package var history: [EpochRecord] = []
        /// The epoch that `best` is from, where one is complete.
        package var best: EpochRecord?
    }

    package init(recipe: TrainingRecipe, identity: String, parameters: Parameters, names: [String]) {
        self.recipe = recipe
        self.identity = identity
        self.parameters = parameters
        self.names = names
        optimizer = AdamW(parameters, names: names)
        best = parameters.copy()
        values = Locked(Progress())
    }

    package var progress: Progress { values.withLock { $0 } }

    func change(_ body: (inout Progress) -> Void) { values.withLock { body(&$0) } }

    /// Ends an epoch: the parameters as they are now may be the best so far.
    func finish(_ record: EpochRecord) {
        let isBest = progress.best.map { record.isBetter(than: $0) } ?? true
        if isBest { best.update(from: parameters) }
        change { progress in
            progress.lossSum = 0
            progress.history.append(record)
            if isBest { progress.best = record }
        }
    }
}
