/// What could stand at a place in a text.
enum Expectation {
    case verb
    case choice([Choice])
    case value(ValueType)
    case layer
    /// What may follow the part of a sentence read so far.
    case clauses(Draft)
    case words([String])
}
