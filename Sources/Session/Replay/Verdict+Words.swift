import Report

extension Verdict.Outcome {
    var words: String {
        switch self {
        case .identical: "identical"
        case .withinTolerance: "within tolerance"
        case .different: "different"
        case .notCompared: "not compared"
        case .notReached: "not reached"
        }
    }

    /// The columns of the longest.
    package static let widest = 16
}

extension Verdict {
    /// The outcome, as wide as the widest.
    package var title: StyledText {
        let style: TextStyle =
            switch outcome {
            case .identical, .withinTolerance: .good
            case .different, .notReached: .bad
            case .notCompared: .faint
            }
        let blanks = String(repeating: " ", count: max(Outcome.widest - outcome.words.count, 0))
        return StyledText(outcome.words, style: style) + StyledText(blanks)
    }

    /// What there is to say about it beside the outcome.
    package var details: [Output] {
        var lines = reasons.map(\.text)
        if near > 0, outcome == .withinTolerance {
            let most = largest.map { ", by \(Verification.relative($0)) at most\(place)" } ?? ""
            lines.append("\(count: near) of \(count: figures) figures differ\(most)")
        }
        return lines.map { .line($0) }
    }

    /// All of it as one output, with its values for machines.
    package var output: Output {
        var fields: Fields = [
            "outcome": .string(outcome.rawValue), "figures": .int(figures), "differing": .int(near),
            "largest_relative": Value(largest), "largest_at": Value(largestPlace),
            "reasons": Value(reasons.map(\.text.plain)),
        ]
        if case .figure(let place, let recorded, let now, let relative)? = reasons.first(where: \.isFigure) {
            fields["first_at"] = .string(place)
            fields["recorded"] = .string(recorded)
            fields["now"] = .string(now)
            fields["relative"] = Value(relative)
        }
        return .line(StyledText(outcome.words), data: fields)
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
            let spot = place.isEmpty ? "the answer" : place
            let share = relative.map { " (\(Verification.relative($0)))" } ?? ""
            return "\(strong: spot) was \(number: recorded), is \(number: now)\(share)"
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
