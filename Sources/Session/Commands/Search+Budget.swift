import Foundation
import Language
import Models
import Pruning
import Report

extension Search {
    /// One search on the way to a budget.
    private struct Attempt {
        let job: SearchJob
        let plans: [LayerPlan]
        let start: Double
        let widths: [Int]
    }

    /// What searches at several tolerances took.
    private struct Effort {
        var tries = 0
        var tried = 0
        var spent = 0
        var apart = 0
    }

    /// Finds the tolerance whose widths leave the most that fits a budget, and plans by it.
    static func search(
        _ job: SearchJob, to budget: Budget, _ sentence: Sentence, _ context: inout CommandContext
    ) throws {
        if sentence.has("within") {
            throw Diagnostic(
                "'to' finds the tolerance by itself, so it takes none", at: sentence.span(of: "within"),
                hints: [
                    "search all to \(budget.written)   or: search all within \(sentence.written("within") ?? "0.01")"
                ])
        }
        try checkReach(of: job, budget)
        var tries = TryMemory()
        var attempts: [Attempt] = []
        var effort = Effort()
        let (tolerances, best) = try tolerances(for: budget, job, &context).run { tolerance in
            let own = job.at(
                tolerance, for: budget.written, number: attempts.count + 1, most: Self.mostSearches)
            let attempt = try run(own, sharing: &tries, adding: &effort, &context)
            attempts.append(attempt)
            return budget.amount(attempt.widths)
        }
        guard let best else {
            throw Diagnostic(
                "no tolerance leaves \(budget.written) or less of '\(job.model.name)'", at: sentence.span(of: "to"),
                notes: ["\(attempts.count) were tried"])
        }
        let found = attempts[best]
        let plan = keep(found.plans, found.start, found.job, &context)
        describe(tolerances, best, budget, &context)
        describe(found.plans, plan, found.job, &context)
        describe(tolerances, best, budget, found.job, &context)
        describe(effort, searches: attempts.count, &context)
        if budget.unit == .latency { try describe(latency: budget, found.widths, plan, found.job, &context) }
    }

    private static let mostSearches = 10

    /// Where the model fits as it is, there is nothing to look for; where even widths for which everything is accepted are too
    /// wide, no tolerance helps.
    private static func checkReach(of job: SearchJob, _ budget: Budget) throws {
        let kept = job.standing.applied(to: job.model.entry.kept)
        let now = job.model.model.widths(keeping: kept)
        func least(_ bisection: Bisection) -> [Int] {
            now.indices.map { job.layers.contains($0) ? bisection.least(hidden: now[$0]) : now[$0] }
        }
        if budget.fits(now) { throw budget.reached(now) }
        let widths = least(job.bisection)
        guard !budget.fits(widths) else { return }
        let finest = least(Bisection(steps: 20, tolerance: 0, multiple: job.recipe.multiple ?? 1))
        let others = job.layers.count < job.model.depth ? " and the other layers as they are" : ""
        let searched = job.layers.map { widths[$0] }
        let (low, high) = (searched.min() ?? 0, searched.max() ?? 0)
        let neurons = low == high ? "\(low)" : "\(low) to \(high)"
        throw budget.unreachable(
            least: widths,
            "with \(neurons) neurons a layer, the fewest that \(job.recipe.steps) \(job.recipe.steps == 1 ? "step reaches" : "steps reach")\(others)",
            hints: budget.fits(finest) ? ["more steps reach further: steps=\(min(job.recipe.steps + 4, 20))"] : [])
    }

    private static func tolerances(
        for budget: Budget, _ job: SearchJob, _ context: inout CommandContext
    ) throws -> ToleranceSearch {
        let outputs = context.outputs
        let entropy = try Measurement.entropy(
            job.measure, of: job.model, kept: job.model.entry.kept, images: job.images, data: job.data, &context
        ).mean
        context.outputs = outputs
        // An entropy lies between 0 and ln B, so no increase can be larger.
        let highest = log(Double(job.recipe.batch)) * 1.01
        return ToleranceSearch(
            budget: budget.limit, first: max(0.002 * entropy, 1e-6), highest: highest, limit: Self.mostSearches)
    }

    private static func run(
        _ job: SearchJob, sharing tries: inout TryMemory, adding effort: inout Effort, _ context: inout CommandContext
    ) throws -> Attempt {
        let outputs = context.outputs
        let (plans, start, spending) = try job.run(sharing: &tries, &context)
        // What each search says of memory and cache would bury the answer.
        context.outputs = outputs
        effort.tries += plans.reduce(0) { $0 + $1.distinctWidths.count }
        effort.spent += spending?.spent ?? 0
        effort.apart += try job.work(of: plans, context)
        effort.tried = tries.count
        let kept = plans.reduce(job.standing.applied(to: job.model.entry.kept)) { kept, plan in
            plan.width < plan.hidden ? kept.keeping(plan.kept, of: plan.layer) : kept
        }
        return Attempt(job: job, plans: plans, start: start, widths: job.model.model.widths(keeping: kept))
    }

    // MARK: The answer

    private static func describe(
        _ attempts: [ToleranceSearch.Attempt], _ best: Int, _ budget: Budget, _ context: inout CommandContext
    ) {
        guard budget.unit != .latency else { return }
        context.show(
            .table(
                Table(
                    columns: [
                        .number("search"), .number("tolerance", unit: "nats"), .number("left"), Table.Column("verdict"),
                    ],
                    rows: attempts.enumerated().map { index, attempt in
                        let tolerance = "\(Language.Value(attempt.tolerance))"
                        return [
                            .count(index + 1), Table.Cell("\(number: tolerance)", value: .double(attempt.tolerance)),
                            .percent(budget.share(of: attempt.amount), digits: 2),
                            attempt.fits
                                ? Table.Cell("\(good: index == best ? "✓ fits best" : "✓ fits")", value: .bool(true))
                                : Table.Cell("\(bad: "✗ too much")", value: .bool(false)),
                        ]
                    })))
    }

    private static func describe(
        _ attempts: [ToleranceSearch.Attempt], _ best: Int, _ budget: Budget, _ job: SearchJob,
        _ context: inout CommandContext
    ) {
        let left = budget.share(of: attempts[best].amount)
        let tolerance = job.recipe.tolerance
        // Times are not the same twice.
        let share: StyledText =
            budget.unit == .latency ? "does" : "leaves \(percent: left) of the \(budget.unit.noun)"
        context.say(
            """
            to \(number: budget.written): a tolerance of \(strong: tolerance) nats \(share), found in \
            \(count: attempts.count) \(attempts.count == 1 ? "search" : "searches")
            """,
            data: [
                "budget": .double(budget.share), "unit": .string(budget.unit.rawValue),
                "left": budget.unit == .latency ? .null : .double(left), "searches": .int(attempts.count),
                "tolerance": .double(job.recipe.absoluteTolerance),
            ])
        if attempts[best].tolerance == 0 {
            context.note(
                "even a tolerance of 0 leaves less than asked for: a width at which the entropy falls is always accepted"
            )
        }
    }

    private static func describe(_ effort: Effort, searches: Int, _ context: inout CommandContext) {
        guard searches > 1, effort.tries > 0 else { return }
        context.status(
            """
            \(count: effort.tries) tries in \(count: searches) searches, \(count: effort.tried) of them different: \
            \(flops: Double(effort.spent)) where the searches apart take \(flops: Double(effort.apart))
            """,
            data: [
                "tries": .int(effort.tries), "tries_run": .int(effort.tried), "flops_spent": .int(effort.spent),
                "flops_apart": .int(effort.apart),
            ])
    }
}
