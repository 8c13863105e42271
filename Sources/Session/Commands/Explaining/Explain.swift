import Language
import Models
import Pruning
import Report

/// `explain search layer 12`: walks through a computation with its real numbers.
enum Explain: Command {
    enum What: String, CaseIterable { case score, search, prune }

    static let spec = CommandSpec(
        "explain", "walk through a computation, step by step, with its real numbers",
        object: .choice(
            "what to explain",
            [
                Choice(
                    What.score.rawValue, "how a neuron gets its score, and whether the score tells the truth",
                    clauses: [.layers("neurons of this layer", default: "the last scored layer")]),
                Choice(
                    What.search.rawValue, "each step of the bisection",
                    clauses: [
                        .layers("these layers", default: "those of the plan, else the last"),
                        ClauseSpec(
                            "within", .tolerance(), summary: "search with this tolerance for the explanation",
                            default: "that of the plan, else 0.01"),
                    ]),
                Choice(What.prune.rawValue, "what goes and what stays, layer by layer"),
            ]),
        clauses: [.on, .using],
        help: """
            Nothing is invented: every figure comes from the model and the images in use. Where the session has scores or a plan, \
            those are explained; otherwise what is missing is computed for the explanation alone. The session stays as it is, \
            but what was computed stays in the cache, so the sentence itself costs nothing afterwards.
            """,
        examples: [
            Example("explain score"), Example("explain search layer 12"),
            Example("explain search layers 9..12 within 0.02"),
            Example("explain prune"),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let model = try context.model(for: sentence)
        switch sentence.choice(as: What.self) {
        case .score: try score(sentence, model, &context)
        case .search: try search(sentence, model, &context)
        case .prune: try prune(model, &context)
        case nil: break
        }
    }

    /// A paragraph that begins with what it is about.
    static func section(_ title: String, _ text: StyledText, _ context: inout CommandContext) {
        context.say("\(strong: title)  " + text)
    }

    static func formula(_ text: String, _ context: inout CommandContext) {
        context.say("\u{A0}\u{A0}\u{A0}\u{A0}\(key: text)")
    }
}
