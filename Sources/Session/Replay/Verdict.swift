import Checkpoints

/// How a sentence's second run compares with the recorded one.
package struct Verdict: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable {
        /// Every value, and every file written, is the same to the last bit.
        case identical
        /// Only computed figures differ, and no more than rounding makes them.
        case withinTolerance = "within_tolerance"
        case different
        /// The answer is about the machine or the session.
        case notCompared = "not_compared"
        /// The run ended before it came to this sentence.
        case notReached = "not_reached"
    }

    package let number: Int
    package let sentence: String
    package let outcome: Outcome
    /// What is different, the decisive thing first: inputs before outcomes before figures.
    package let reasons: [Reason]
    /// Figures that were compared, and those of them that are not identical.
    package let figures: Int
    package let near: Int
    /// The largest relative difference among these.
    package let largest: Double?
    package let largestPlace: String?

    package enum Reason: Sendable, Hashable {
        /// What is read is not what was read then.
        case input(Dependency.Kind, name: String?, path: String, recorded: String?, now: String?)
        /// The same, of a file that this run wrote itself.
        case ownWork(path: String)
        /// It reads or writes what it did not then, or the other way round.
        case unexpected(path: String, wasRecorded: Bool)
        case status(recorded: CellStatus, now: CellStatus, error: String?)
        case error(recorded: String, now: String)
        /// - Parameter place: in words; empty for the whole answer.
        case figure(place: String, recorded: String, now: String, relative: Double?)
        case written(path: String, recurrence: Recurrence)
    }

    package var isDifferent: Bool { outcome == .different || outcome == .notReached }
}
