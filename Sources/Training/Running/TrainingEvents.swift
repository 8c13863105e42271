import Models

/// What a caller hears of a run, and what it is asked.
package struct TrainingEvents: Sendable {
    /// After each step.
    package var step: @Sendable (StepRecord) -> Void = { _ in }
    /// After each epoch: a measure of the student, larger is better; nil for none.
    package var evaluate: (@Sendable (Transformer) throws -> Double?)?
    /// After each epoch, with its measure.
    package var epoch: @Sendable (EpochRecord) -> Void = { _ in }
    /// After each step: whether the state is to be saved now.
    package var shouldSave: @Sendable (StepRecord) -> Bool = { _ in false }
    /// Saves the state, which goes on changing afterwards.
    package var save: @Sendable (TrainingState) throws -> Void = { _ in }

    package init() {}
}

/// What a run came to.
package struct TrainingResult: Sendable {
    /// After the best epoch; as they were last where no epoch is complete.
    package let parameters: Parameters
    /// The epoch they are from.
    package let best: EpochRecord?
    package let history: [EpochRecord]
    package let steps: Int
    /// Whether the caller asked to stop before the end.
    package let wasInterrupted: Bool
    /// The names of what was trained.
    package let trained: [String]
}
