import Checkpoints
import Language

/// A second run of a recorded script, judged sentence by sentence as it goes.
package struct Verification: Sendable {
    /// By how much of its size a figure may differ where the processor, the kernels or the threads do.
    package static let tolerance = 1e-4

    package let record: RunRecord
    package let tolerance: Double
    /// What is not as it was when the run was recorded.
    package let machineChanges: [Machine.Change]
    package private(set) var verdicts: [Verdict] = []
    /// What this run has written, as sentences name it.
    private var written: Set<String> = []

    package init(of record: RunRecord, on machine: Machine = Machine(), tolerance: Double = Self.tolerance) {
        self.record = record
        self.tolerance = tolerance
        machineChanges = machine.changes(since: record.machine)
    }

    /// A script that says something else than the recorded one.
    package enum ScriptChange: Sendable, Hashable {
        /// Blanks and comments only.
        case none
        case sentence(number: Int, recorded: String, now: String)
        /// Sentences behind the last recorded one, or missing at the end.
        case length(recorded: Int, now: Int)
    }

    /// Compares the sentences of a script with the recorded ones; of a run that ended early, as far as it went.
    package func change(of sentences: [Sentence]) -> ScriptChange {
        let recorded = record.sentences
        for (index, (old, new)) in zip(recorded, sentences).enumerated() where old.sentence != new.canonical {
            return .sentence(number: index + 1, recorded: old.sentence, now: new.canonical)
        }
        let endsBefore = sentences.prefix(recorded.count + 1).last.map { $0.verb == Quit.spec.verb } ?? false
        guard recorded.count < sentences.count, !record.isComplete || endsBefore else {
            return recorded.count == sentences.count ? .none : .length(recorded: recorded.count, now: sentences.count)
        }
        return .none
    }

    /// The next sentence's answer beside the recorded one.
    @discardableResult
    package mutating func judge(_ sentence: Sentence, _ answer: Engine.Answer) -> Verdict {
        let now = RunRecord.Entry(sentence, answer)
        let verdict = judge(
            now, beside: record.sentences[verdicts.count], isAboutMachine: Engine.isAboutMachine(sentence))
        written.formUnion(now.dependencies.filter { $0.kind == .written }.map(\.path))
        verdicts.append(verdict)
        return verdict
    }

    /// Notes the sentences that the run did not come to.
    package mutating func end() {
        for entry in record.sentences.dropFirst(verdicts.count) {
            verdicts.append(
                Verdict(
                    number: verdicts.count + 1, sentence: entry.sentence, outcome: .notReached, reasons: [],
                    figures: 0, near: 0, largest: nil, largestPlace: nil))
        }
    }

    private func judge(_ now: RunRecord.Entry, beside recorded: RunRecord.Entry, isAboutMachine: Bool) -> Verdict {
        var reasons = inputs(recorded, now)
        if recorded.status != now.status {
            reasons.append(.status(recorded: recorded.status, now: now.status, error: now.error))
        } else if let old = recorded.error, let new = now.error,
            TextComparison.outcome(old, new, tolerance: tolerance) == .different
        {
            reasons.append(.error(recorded: old, now: new))
        }
        var figures = FigureComparison(tolerance: tolerance)
        if !isAboutMachine, recorded.status == now.status { figures.compare(recorded.outputs, now.outputs) }
        if let first = figures.first {
            reasons.append(
                .figure(
                    place: first.place.text, recorded: Self.words(first.recorded), now: Self.words(first.now),
                    relative: first.relative))
        }
        reasons += writtenDifferently(recorded, now)
        let outcome: Verdict.Outcome =
            if reasons.contains(where: isDecisive) {
                .different
            } else if isAboutMachine {
                .notCompared
            } else {
                figures.isIdentical && reasons.isEmpty ? .identical : .withinTolerance
            }
        return Verdict(
            number: verdicts.count + 1, sentence: now.sentence, outcome: outcome, reasons: reasons,
            figures: figures.count, near: figures.near, largest: figures.largest?.relative,
            largestPlace: figures.largest?.place.text)
    }

    /// Whether a reason can't be put down to rounding.
    ///
    /// Files of computed figures are only known by their hashes: on another machine they may well be others.
    private func isDecisive(_ reason: Verdict.Reason) -> Bool {
        switch reason {
        case .ownWork, .written(_, .figures): machineChanges.isEmpty || tolerance == 0
        case .written(_, .dated): false
        case .input, .unexpected, .status, .error, .figure, .written(_, .exact): true
        }
    }

    /// What was read that is not what was read then.
    private func inputs(_ recorded: RunRecord.Entry, _ now: RunRecord.Entry) -> [Verdict.Reason] {
        let old = recorded.dependencies.filter { $0.kind != .written }
        let new = now.dependencies.filter { $0.kind != .written }
        var reasons: [Verdict.Reason] = []
        for dependency in old {
            guard let other = new.first(where: { $0.isSame(as: dependency) }) else {
                // A sentence that failed has read less.
                if recorded.status == now.status {
                    reasons.append(.unexpected(path: dependency.path, wasRecorded: true))
                }
                continue
            }
            guard dependency.sha256 != other.sha256 else { continue }
            reasons.append(
                isOwnWork(other.path)
                    ? .ownWork(path: other.path)
                    : .input(
                        other.kind, name: other.name, path: other.path, recorded: dependency.sha256, now: other.sha256))
        }
        for other in new where recorded.status == now.status && !old.contains(where: { $0.isSame(as: other) }) {
            reasons.append(.unexpected(path: other.path, wasRecorded: false))
        }
        return reasons
    }

    private func writtenDifferently(_ recorded: RunRecord.Entry, _ now: RunRecord.Entry) -> [Verdict.Reason] {
        let new = now.dependencies.filter { $0.kind == .written }
        return recorded.dependencies.filter { $0.kind == .written }.compactMap { old in
            guard recorded.status == now.status, old.recurrence != .dated else { return nil }
            guard let other = new.first(where: { $0.path == old.path }) else {
                return .unexpected(path: old.path, wasRecorded: true)
            }
            return other.sha256 == old.sha256 ? nil : .written(path: old.path, recurrence: old.recurrence ?? .exact)
        }
    }

    /// Whether a path was written by this run, or lies in a folder that was.
    private func isOwnWork(_ path: String) -> Bool {
        let place = absolutePath(path)
        return written.contains { absolutePath($0) == place || absolutePath($0).hasPrefix(place + "/") }
    }

    /// A value as a reason names it.
    private static func words(_ value: JSON) -> String {
        switch value {
        case .null: "nothing"
        case .string(let text): "'\(text)'"
        case .array, .object: "something else"
        default: String(decoding: value.encoded(), as: UTF8.self)
        }
    }
}

extension Dependency {
    fileprivate func isSame(as other: Dependency) -> Bool {
        kind == other.kind && name == other.name && path == other.path
    }
}

extension Engine {
    static func isAboutMachine(_ sentence: Sentence) -> Bool {
        commands.first { $0.spec.verb == sentence.verb }?.isAboutMachine(sentence) ?? false
    }
}
