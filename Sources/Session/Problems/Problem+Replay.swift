import Language

extension RunRecordError {
    /// - Parameter path: of the file that was to be read.
    package func diagnostic(path: String) -> Diagnostic {
        switch self {
        case .unreadable(let reason): Diagnostic("the record \"\(path)\" can't be read: \(reason)")
        case .notJSON:
            Diagnostic(
                "\"\(path)\" is no record of a run: it is no JSON, or it ends too early",
                hints: ["fetch or copy the file again, or record one: amp run FILE --record \(path)"])
        case .notARecord:
            Diagnostic(
                "\"\(path)\" is no record of a run",
                hints: ["amp run FILE --record \(path) makes one"])
        case .newer(let format, let amp):
            Diagnostic(
                "\"\(path)\" was written by a newer amp\(amp.map { " (\($0))" } ?? "")",
                notes: ["its format is \(format); this one reads up to \(RunRecord.format)"])
        case .damaged(let part):
            Diagnostic("the record \"\(path)\" is damaged", notes: ["what is missing or wrong: \(part)"])
        case .altered(let sentence):
            Diagnostic(
                "the record \"\(path)\" was changed after it was written",
                notes: ["the figures of sentence \(sentence) are not those its hash was made of"])
        }
    }
}

extension Verification.ScriptChange {
    /// What is not as it was recorded; nil where nothing is.
    package var diagnostic: Diagnostic? {
        switch self {
        case .none: nil
        case .sentence(let number, let recorded, let now):
            Diagnostic(
                "the script is not the recorded one, so nothing ran",
                notes: ["sentence \(number) was: \(recorded)", "sentence \(number) is:  \(now)"],
                hints: ["record it anew: amp run FILE --record RECORD"])
        case .length(let recorded, let now):
            Diagnostic(
                "the script is not the recorded one, so nothing ran",
                notes: ["it had \(recorded) sentences and has \(now) now; the others are the same"],
                hints: ["record it anew: amp run FILE --record RECORD"])
        }
    }
}
