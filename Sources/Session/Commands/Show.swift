import Language
import Report

/// `show stats`: prints what the session knows.
enum Show: Command {
    enum Topic: String, CaseIterable { case stats, plan, scores, models, data, session, settings, history }

    static let spec = CommandSpec(
        "show", "print what the session knows",
        object: .choice(
            "what to show",
            [
                Choice(Topic.stats.rawValue, "sizes and costs, original and now", clauses: [.on]),
                Choice(
                    Topic.plan.rawValue, "how the widths were found", clauses: [.layers("only these layers"), .on]),
                Choice(
                    Topic.scores.rawValue, "how importance is spread in each layer",
                    clauses: [.layers("only these layers"), .on]),
                Choice(Topic.models.rawValue, "the loaded models"),
                Choice(Topic.data.rawValue, "the data sets"),
                Choice(Topic.session.rawValue, "the session file, its cache and settings"),
                Choice(Topic.settings.rawValue, "every setting, its value and where that comes from"),
                Choice(
                    Topic.history.rawValue, "the journal",
                    clauses: [ClauseSpec("limit", .count(), summary: "the last this many", default: "30")]),
            ]),
        examples: [Example("show stats"), Example("show plan layers 7..12"), Example("show history limit 5")])

    static func isAboutMachine(_ sentence: Sentence) -> Bool {
        [.session, .settings].contains(sentence.choice(as: Topic.self))
    }

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        switch sentence.choice(as: Topic.self) {
        case .stats: try showStats(sentence, &context)
        case .plan: try showPlan(sentence, &context)
        case .scores: try showScores(sentence, &context)
        case .models: showModels(&context)
        case .data: try showData(&context)
        case .session: try showSession(&context)
        case .settings: Settings.list(&context)
        case .history: try showHistory(sentence, &context)
        case nil: break
        }
    }
}
