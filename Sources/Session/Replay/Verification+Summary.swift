import Report

extension Verification {
    package func count(_ outcome: Verdict.Outcome) -> Int { verdicts.count { $0.outcome == outcome } }

    /// Whether every sentence gave what it gave then, rounding aside.
    package var holds: Bool { !verdicts.contains(where: \.isDifferent) }

    /// Whether all of it is the same to the last bit.
    package var isIdentical: Bool {
        verdicts.allSatisfy { $0.outcome == .identical || $0.outcome == .notCompared }
    }

    /// The largest difference of a figure that was still within the tolerance.
    package var largest: Verdict? {
        verdicts.filter { $0.outcome == .withinTolerance }.max { ($0.largest ?? 0) < ($1.largest ?? 0) }
    }

    /// How the machine differs from the one the run was recorded on.
    package var heading: [Output] {
        let then = record.machine
        let what: StyledText = """
            \(name: record.script.name), recorded with amp \(then.amp): \(then.processor), \(then.blas), \
            \(count: then.threads) \(then.threads == 1 ? "thread" : "threads"), built for \(then.builtFor)
            """
        guard !machineChanges.isEmpty else {
            return [.line(what), .line("here the same, so everything should be identical")]
        }
        return [.line(what)]
            + machineChanges.map { .line("here other \($0.name): \(strong: $0.now)\($0.aside)") }
    }

    /// What came of all of it.
    package var summary: [Output] {
        var parts: [StyledText] = ["\(count: count(.identical)) of \(count: verdicts.count) sentences identical"]
        if count(.withinTolerance) > 0 {
            let most = largest?.largest.map { ", by \(Self.relative($0)) at most" } ?? ""
            parts.append("\(count: count(.withinTolerance)) within tolerance\(most)")
        }
        if count(.notCompared) > 0 { parts.append("\(count: count(.notCompared)) about the machine") }
        if count(.different) > 0 { parts.append("\(bad: "\(count(.different)) different")") }
        if count(.notReached) > 0 { parts.append("\(bad: "\(count(.notReached)) not reached")") }
        var text = parts[0]
        for part in parts.dropFirst() { text += ", " + part }
        var outputs: [Output] = [
            .line(
                text,
                data: [
                    "outcome": .string(
                        (!holds ? Verdict.Outcome.different : isIdentical ? .identical : .withinTolerance).rawValue),
                    "identical": .int(count(.identical)), "within_tolerance": .int(count(.withinTolerance)),
                    "different": .int(count(.different)), "not_compared": .int(count(.notCompared)),
                    "not_reached": .int(count(.notReached)), "largest_relative": Value(largest?.largest),
                    "tolerance": .double(tolerance),
                ])
        ]
        if holds, !isIdentical, machineChanges.isEmpty {
            outputs.append(
                .warning("the machine is the one of the record, so nothing explains that figures differ at all"))
        }
        return outputs
    }

    /// 3.1e-7 → "3.1e-07 of a figure".
    static func relative(_ share: Double) -> String {
        if share >= 0.001 { return NumberFormat.percent(share, digits: share < 0.1 ? 2 : 1) + " of the figure" }
        guard share > 0 else { return "0" }
        var exponent = 0
        var digits = share
        while digits < 0.9995 {
            digits *= 10
            exponent -= 1
        }
        return "\(NumberFormat.fixed(digits, digits: 1))e\(exponent) of the figure"
    }
}

extension Machine.Change {
    fileprivate var aside: String { name == "instructions" ? "" : " (then: \(recorded))" }
}
