/// What can be wrong with the record of a run.
package enum RunRecordError: Error, Hashable {
    case unreadable(reason: String)
    /// No JSON, or JSON that stops.
    case notJSON
    /// JSON of something else.
    case notARecord
    case newer(format: Int, amp: String?)
    /// A part that is missing or of the wrong kind: "sentence 4: outputs".
    case damaged(String)
    /// The figures of a sentence are not those its hash was made of.
    case altered(sentence: Int)
}
