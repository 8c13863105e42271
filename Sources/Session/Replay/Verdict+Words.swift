import Report

extension Verdict {
    /// The verdict as it is told, with its values for machines.
    package var outputs: [Output] {
        var text: StyledText =
            switch outcome {
            case .identical: "\(good: "identical")"
            case .withinTolerance: "\(good: "within tolerance")"
            case .different: "\(bad: "different")"
            case .notCompared: "\(faint: "about the machine: not compared")"
            case .notReached: "\(bad: "not reached")"
            }
        if near > 0, outcome == .withinTolerance {
            text += ": \(count: near) of \(count: figures) figures differ"
            if let largest { text += ", by \(Verification.relative(largest)) at most\(place)" }
        }
        let reasons = reasons.map(\.text)
        if let first = reasons.first { text += ": " + first }
        var fields: Fields = [
            "outcome": .string(outcome.rawValue), "figures": .int(figures), "differing": .int(near),
            "largest_relative": Value(largest), "largest_at": Value(largestPlace),
            "reasons": Value(reasons.map(\.plain)),
        ]
        if case .figure(let place, let recorded, let now, let relative)? = self.reasons.first(where: \.isFigure) {
            fields["first_at"] = .string(place)
            fields["recorded"] = .string(recorded)
            fields["now"] = .string(now)
            fields["relative"] = Value(relative)
        }
        return [.line(text, data: fields)] + reasons.dropFirst().map { .line("and " + $0) }
    }

    private var place: String { largestPlace.flatMap { $0.isEmpty ? nil : " (\($0))" } ?? "" }
}

extension Verdict.Reason {
    fileprivate var isFigure: Bool { if case .figure = self { true } else { false } }

    /// What is different, as part of a sentence.
    var text: StyledText {
        switch self {
        case .input(let kind, let name, let path, let recorded, let now):
            let what = kind.noun + (name.map { " of '\($0)'" } ?? "")
            return """
                \(what) differs from the recorded one: \(strong: path), SHA-256 was \(Self.short(recorded)), \
                is \(Self.short(now))
                """
        case .ownWork(let path): return "\(strong: path), which this run wrote, is not the recorded one"
        case .unexpected(let path, let wasRecorded):
            return wasRecorded
                ? "\(strong: path) was used then and is not now" : "\(strong: path) is used now and was not then"
        case .status(let recorded, let now, let error):
            let outcome = "it \(recorded.past) then and \(now.present) now"
            return StyledText(outcome + (error.map { now == .ok ? "" : ": \($0)" } ?? ""))
        case .error(let recorded, let now):
            return "it fails for another reason: \(now)\(faint: " (then: \(recorded))")"
        case .figure(let place, let recorded, let now, let relative):
            let where_ = place.isEmpty ? "the answer" : place
            let share = relative.map { " (\(Verification.relative($0)))" } ?? ""
            return "\(strong: where_) was \(number: recorded), is \(number: now)\(share)"
        case .written(let path, let recurrence):
            let why = recurrence == .figures ? ", as files of computed figures do from machine to machine" : ""
            return "\(strong: path) came out with other bytes\(why)"
        }
    }

    private static func short(_ hash: String?) -> String { hash.map { String($0.prefix(12)) + "…" } ?? "unknown" }
}

extension Dependency.Kind {
    fileprivate var noun: String {
        switch self {
        case .model: "the model file"
        case .data: "the data"
        case .file, .written: "the file"
        }
    }
}

extension CellStatus {
    fileprivate var past: String {
        switch self {
        case .ok: "succeeded"
        case .failed: "failed"
        case .interrupted: "was interrupted"
        }
    }

    fileprivate var present: String {
        switch self {
        case .ok: "succeeds"
        case .failed: "fails"
        case .interrupted: "was interrupted"
        }
    }
}
