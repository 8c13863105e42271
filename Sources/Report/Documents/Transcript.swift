import Foundation

/// A session as a document: what was asked, what was answered, and what it all depended on.
package struct Transcript: Sendable, Hashable {
    /// Its title unless its text begins with one.
    package var title: String
    /// What the results depend on: versions, processor, kernels, files and their hashes.
    package var provenance: [Detail]
    package var cells: [Cell]
    /// What is said after the last cell.
    package var closing: Prose

    package struct Detail: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package struct Cell: Sendable, Hashable {
        /// In the journal, from 1.
        package var number: Int
        /// What is said before it.
        package var opening: Prose
        package var sentence: SentenceText
        package var status: SentenceRecord.Status
        /// Whether it was taken back later.
        package var isUndone: Bool
        package var outputs: [Output]
        /// Why it failed, as it was shown, without colours.
        package var error: String?
        /// When it ran, and how long; nil where times are left out.
        package var time: Time?

        package struct Time: Sendable, Hashable {
            package var started: Date
            package var seconds: Double

            package init(started: Date, seconds: Double) {
                self.started = started
                self.seconds = seconds
            }
        }

        package init(
            number: Int, opening: Prose = Prose(), sentence: SentenceText, status: SentenceRecord.Status = .ok,
            isUndone: Bool = false, outputs: [Output] = [], error: String? = nil, time: Time? = nil
        ) {
            self.number = number
            self.opening = opening
            self.sentence = sentence
            self.status = status
            self.isUndone = isUndone
            self.outputs = outputs
            self.error = error
            self.time = time
        }
    }

    package init(title: String, provenance: [Detail] = [], cells: [Cell], closing: Prose = Prose()) {
        self.title = title
        self.provenance = provenance
        self.cells = cells
        self.closing = closing
    }
}

extension Transcript {
    /// The title and everything said, with the title taken out of the text that begins with it.
    var titled: (title: String, cells: [Cell], closing: Prose) {
        guard let first = cells.first, let title = first.opening.title else { return (self.title, cells, closing) }
        var cells = cells
        cells[0].opening.removeTitle()
        return (title, cells, closing)
    }
}

/// When cells ran, as it is written: in coordinated universal time.
enum Moment {
    /// "2026-11-22"
    static func day(_ date: Date) -> String { String(full(date).prefix(10)) }

    /// "12:43"
    static func time(_ date: Date) -> String { String(full(date).dropFirst(11).prefix(5)) }

    /// "2026-11-22T12:43:50.125Z"
    static func full(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
