import Foundation
import Report

/// The name of a state: the SHA-256 of its canonical JSON, in hexadecimal.
package struct StateID: Codable, Sendable, Hashable, CustomStringConvertible {
    package var hex: String

    package init(hex: String) { self.hex = hex }

    package var description: String { hex }
}

package enum CellStatus: String, Codable, Sendable, Hashable {
    case ok, failed, interrupted
}

/// A sentence that has run and is about to be written into the journal.
package struct NewCell: Sendable, Hashable {
    /// In canonical form: what a replay runs.
    package var sentence: String
    package var typed: String
    package var status: CellStatus
    package var outputs: [Output]
    package var error: String?
    package var started: Date
    package var seconds: Double

    package init(
        sentence: String, typed: String, status: CellStatus = .ok, outputs: [Output] = [], error: String? = nil,
        started: Date, seconds: Double
    ) {
        self.sentence = sentence
        self.typed = typed
        self.status = status
        self.outputs = outputs
        self.error = error
        self.started = started
        self.seconds = seconds
    }
}

/// A cell of the journal without its outputs, which are read on demand.
package struct JournalCell: Sendable, Hashable {
    /// Counted from 1.
    package var number: Int
    package var sentence: String
    package var typed: String
    package var status: CellStatus
    package var error: String?
    package var started: Date
    package var seconds: Double
    package var engineVersion: String
    /// The state after the cell; `nil` is that of a new session.
    package var state: StateID?
    /// Whether the cell made a new state.
    package var effective: Bool
}

/// What a cell does to the session's state.
package enum StateChange<State: Codable & Sendable>: Sendable {
    /// The state stays; failed and interrupted cells have no other choice.
    case none
    /// The state becomes this one. If it equals the present one, the cell is not effective.
    case to(State)
    /// Back to the state before this many effective cells.
    case undo(Int)
    case redo(Int)
}

/// What undoing or redoing would do, or did.
package struct HistoryStep: Sendable, Hashable {
    /// The effective cells undone, last first, or redone, first first.
    package var cells: [Int]
    /// The state it leads to; `nil` is that of a new session.
    package var state: StateID?

    package init(cells: [Int], state: StateID?) {
        self.cells = cells
        self.state = state
    }
}

/// What a commit wrote.
package struct Commit: Sendable, Hashable {
    package var number: Int
    /// The state after the cell; `nil` is that of a new session.
    package var state: StateID?
    package var effective: Bool

    package init(number: Int, state: StateID?, effective: Bool) {
        self.number = number
        self.state = state
        self.effective = effective
    }
}
