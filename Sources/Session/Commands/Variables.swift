import Language
import Report

/// `let x = 0.01`: gives a value a name.
enum Let: Command {
    static let spec = CommandSpec(
        "let", "give a value a name", object: .assignment(overridable: false),
        examples: [Example("let e = 0.01"), Example("search all within $e")])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        guard case .assignment(let assignment) = sentence.object else { return }
        context.state.variables[assignment.name.content] = "\(assignment.argument.value)"
    }
}

/// `param x = 0.01`: the same, unless whoever runs the script says otherwise.
enum Param: Command {
    static let spec = CommandSpec(
        "param", "give a value a name that the caller of a script may override",
        object: .assignment(overridable: true),
        examples: [Example("param e = 0.01", "amp run file.amp --set e=0.02")])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        guard case .assignment(let assignment) = sentence.object else { return }
        let name = assignment.name.content
        context.state.variables[name] = "\(context.parameters[name] ?? assignment.argument.value)"
        // The journal holds the value that counted, so that it replays to the same.
        if !context.isNested { context.canonical = effective(sentence, context) }
    }

    /// The sentence with the value that counts: the caller's, where it gave one.
    static func effective(_ sentence: Sentence, _ context: CommandContext) -> String {
        guard sentence.verb == spec.verb, case .assignment(let assignment) = sentence.object,
            let value = context.parameters[assignment.name.content]
        else { return sentence.canonical }
        return "\(spec.verb) \(assignment.name.content) = \(value)"
    }
}

/// `for e in 0.003, 0.01 { … }`: runs sentences for several values, as one sentence.
enum For: Command {
    static let spec = CommandSpec(
        "for", "run sentences for several values", object: .loop,
        help: """
            It is one sentence: if one inside fails, none of them happened. What the passes measured ('evaluate', or the search's \
            entropy) is gathered into one table at the end, and drawn over the size of the model where that differs. Loops may \
            stand in loops: the outer one's values then are lines of the plot.
            """,
        examples: [Example("for e in 0.003, 0.01 { search all within $e; show plan }")])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        guard case .loop(let loop) = sentence.object else { return }
        let name = loop.variable.content
        let outer = context.state.variables[name]
        let isOutermost = context.sweep == nil
        if isOutermost { context.sweep = Sweep() }
        for value in loop.values {
            context.state.variables[name] = "\(value.value)"
            context.say("\(key: "\(name) = \(value.value)")")
            context.sweep?.enter(name, "\(value.value)")
            let (before, rows) = (context.outputs.count, context.sweep?.rows.count)
            for inner in loop.body { try context.run(inner) }
            if context.sweep?.rows.count == rows {
                let model = try context.state.currentModel.map { try context.model(named: $0, at: nil) }
                context.sweep?.note(context.outputs[before...], model: model)
            }
            context.sweep?.leave()
        }
        context.state.variables[name] = outer
        if isOutermost {
            for output in context.sweep?.outputs ?? [] { context.show(output) }
            context.sweep = nil
        }
    }
}

/// `expect knn >= 70%`: fails unless a measure is as expected.
enum Expect: Command {
    enum Measure: String, CaseIterable {
        case knn, top1, agreement, cosine, entropy, zeroshot, retrieval, params, flops, width

        /// What `evaluate` says of it.
        fileprivate var evaluation: String {
            switch self {
            case .cosine: Measure.agreement.rawValue
            case .retrieval: #"retrieval captions="captions.csv""#
            default: rawValue
            }
        }
    }

    static let spec = CommandSpec(
        "expect", "fail unless a measure is as expected",
        object: .comparison([
            Choice("knn", "share of right answers at the last 'evaluate knn'", value: .percent()),
            Choice("top1", "share of right answers at the last 'evaluate top1'", value: .percent()),
            Choice("agreement", "share of equal answers at the last 'evaluate agreement'", value: .percent()),
            Choice("cosine", "mean cosine at the last 'evaluate agreement'", value: .number()),
            Choice("entropy", "nats at the last 'evaluate entropy'", value: .number()),
            Choice("zeroshot", "share of right first classes at the last 'evaluate zeroshot'", value: .percent()),
            Choice("retrieval", "mean R@1 of both directions at the last 'evaluate retrieval'", value: .percent()),
            Choice("params", "parameters, or % of those loaded", value: .tolerance()),
            Choice("flops", "operations an image, or % of those of the model as loaded", value: .tolerance()),
            Choice(
                "width", "hidden neurons of a layer, or % of those of the model as loaded", value: .tolerance(),
                clauses: [.layers("the hidden widths of these layers together")]),
        ]),
        clauses: [.on],
        help: "A script whose expectation is not met ends there, with exit code 2.",
        examples: [
            Example("expect top1 >= 80%"), Example("expect params <= 60%"), Example("expect width <= 96 layer 12"),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        guard case .comparison(let word, let comparison, let argument) = sentence.object,
            let measure = Measure(rawValue: word.content)
        else { return }
        let model = try context.model(for: sentence)
        let found: Double
        switch measure {
        case .knn, .top1, .agreement, .cosine, .entropy, .zeroshot, .retrieval:
            guard let value = try context.lastMeasured(measure.rawValue, of: model) else {
                throw SessionError.noMeasure(measure.rawValue, evaluate: measure.evaluation)
            }
            found = value
        case .width:
            let layers = try sentence.layers?.numbers(model: model.name, depth: model.depth).map { $0 - 1 }
            func sum(_ widths: [Int]) -> Int { (layers ?? Array(widths.indices)).reduce(0) { $0 + widths[$1] } }
            let now = sum(model.model.widths(keeping: model.entry.kept))
            let whole = sum(model.model.architecture.hiddenWidths)
            if case .percent = argument.value {
                found = Double(now) / Double(max(whole, 1))
            } else {
                found = Double(now)
            }
        case .params, .flops:
            let now = model.cost(keeping: model.entry.kept)
            let original = model.cost(keeping: model.everything)
            let (value, whole) =
                measure == .params ? (now.parameters, original.parameters) : (now.flops, original.flops)
            if case .percent = argument.value {
                found = Double(value) / Double(max(whole, 1))
            } else {
                found = Double(value)
            }
        }
        guard let wanted = Double(value: argument.value) else { return }
        let shown: String
        if case .percent = argument.value {
            shown = NumberFormat.percent(found, digits: 2)
        } else {
            shown =
                [.params, .flops, .width].contains(measure)
                ? NumberFormat.count(Int(found)) : NumberFormat.fixed(found, digits: 4)
        }
        guard comparison.holds(found, wanted) else {
            context.failsExpectation = true
            throw SessionError.unmet(
                measure: measure.rawValue, found: shown, comparison: comparison.rawValue,
                expected: "\(argument.value)")
        }
        context.say(
            "\(good: "as expected"): \(measure.rawValue) \(number: shown) \(comparison.rawValue) \(number: argument.value)",
            data: ["measure": .string(measure.rawValue), "value": .double(found), "met": .bool(true)])
    }
}
