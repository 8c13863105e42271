/// A sentence with its outcome, as `--json` writes it.
package struct SentenceRecord: Sendable, Hashable {
    package enum Status: String, Codable, Sendable, Hashable {
        case ok, failed, interrupted
    }

    /// The cell's number in the journal, if it has one.
    package var number: Int?
    package var sentence: String
    package var status: Status
    package var outputs: [Output]
    /// Why it failed: at least a `message`.
    package var error: Fields?

    package init(
        number: Int? = nil, sentence: String, status: Status = .ok, outputs: [Output] = [], error: Fields? = nil
    ) {
        self.number = number
        self.sentence = sentence
        self.status = status
        self.outputs = outputs
        self.error = error
    }
}
