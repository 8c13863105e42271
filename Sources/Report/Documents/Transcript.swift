import Foundation

/// A session as a document: what was asked, what was answered, and what it all depended on.
package struct Transcript: Sendable, Hashable {
    package var title: String
    /// What the results depend on: versions, processor, kernels, files and their hashes.
    package var provenance: [Detail]
    package var cells: [Cell]

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
        /// In canonical form.
        package var sentence: String
        /// As the user wrote it, comments included.
        package var typed: String
        package var status: SentenceRecord.Status
        package var outputs: [Output]
        /// Why it failed, as it was shown, without colours.
        package var error: String?
        package var started: Date
        package var seconds: Double

        package init(
            number: Int, sentence: String, typed: String, status: SentenceRecord.Status = .ok, outputs: [Output] = [],
            error: String? = nil, started: Date, seconds: Double
        ) {
            self.number = number
            self.sentence = sentence
            self.typed = typed
            self.status = status
            self.outputs = outputs
            self.error = error
            self.started = started
            self.seconds = seconds
        }
    }

    package init(title: String, provenance: [Detail], cells: [Cell]) {
        self.title = title
        self.provenance = provenance
        self.cells = cells
    }
}
