import Foundation
import Language
import Models
import Pruning
import Report
import Tensor

/// `plot search layer 12`: draws what the session knows.
enum Plot: Command {
    enum What: String, CaseIterable { case scores, search, widths, spectrum, similarity, compare }

    static let spec = CommandSpec(
        "plot", "draw what the session knows, here or into an SVG file",
        object: .choice(
            "what to draw",
            [
                Choice(
                    What.scores.rawValue, "importance by rank on a log axis, with the cut",
                    clauses: [.layers("only these layers", default: "all scored layers"), .on]),
                Choice(
                    What.search.rawValue, "entropy against width, with the tries in order",
                    clauses: [.layers("only these layers", default: "all searched layers"), .on]),
                Choice(What.widths.rawValue, "hidden width of each layer, before and after", clauses: [.on]),
                Choice(
                    What.spectrum.rawValue, "along how many directions the features of images vary",
                    clauses: [.images, .on, .using]),
                Choice(
                    What.similarity.rawValue, "who resembles whom in a batch, before and after",
                    clauses: [.on, .using],
                    options: [
                        .temperature, OptionSpec("batch", .count(.between(2, 64)), "images to show", default: "12"),
                    ]),
                Choice(
                    What.compare.rawValue, "what was evaluated, over the size of the model",
                    clauses: [.on],
                    options: [
                        OptionSpec(
                            "measure",
                            .words("agreement", "cosine", "entropy", "knn", "top1", "zeroshot", "retrieval"),
                            "what to draw", default: "the one evaluated last")
                    ]),
            ]),
        clauses: [
            ClauseSpec("to", .path("an SVG file"), summary: "also write it there, for a page or a paper"), .replace,
        ],
        help: """
            In a terminal a figure is drawn in characters, or as a picture where the terminal can show pictures. With 'to' it is \
            also written as an SVG file, on white, with axes and units. A transcript has the same figures.

            'before' is the model as it was loaded; 'after' is what it is now, or what the plan would make of it. 'compare' draws \
            every result of 'evaluate' in this session for models from the same checkpoint, one line a criterion.
            """,
        examples: [
            Example("plot search layer 12"), Example(#"plot scores layer 12 to "layer12.svg""#),
            Example("plot similarity t=5 batch=16"), Example("plot compare measure=agreement"),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        guard let what = sentence.choice(as: What.self) else { return }
        let destination = try destination(sentence, context)
        let figure: Figure
        switch what {
        case .scores: figure = try scores(sentence, &context)
        case .search: figure = try search(sentence, &context)
        case .widths: figure = .widths(of: try context.model(for: sentence))
        case .spectrum: figure = try spectrum(sentence, &context)
        case .similarity: figure = try similarity(sentence, &context)
        case .compare: figure = try compare(sentence, &context)
        }
        context.show(.figure(figure))
        guard let destination else { return }
        let outcome = try destination.write { file in
            try file.write(Foundation.Data(SVGRenderer(theme: .paper).render(figure).utf8))
        }
        context.say(
            "written to \(strong: destination.path)",
            data: ["path": .string(destination.path), "what": .string(what.rawValue)])
        if outcome == .unchanged { context.status("\(faint: "exactly this was there already")") }
    }

    private static func destination(_ sentence: Sentence, _ context: CommandContext) throws -> Destination? {
        guard let path = sentence.string("to") else {
            guard !sentence.has("replace") else {
                throw Diagnostic(
                    "'replace' needs a file to overwrite", at: sentence.span(of: "replace"),
                    label: "write: to \"x.svg\" replace")
            }
            return nil
        }
        guard path.lowercased().hasSuffix(".svg") else {
            throw Diagnostic(
                "figures are written as SVG files", at: sentence.span(of: "to"), label: "end the name in .svg")
        }
        return Destination(path: path, replaces: sentence.has("replace"), recurrence: .figures, context)
    }

    private static func scores(_ sentence: Sentence, _ context: inout CommandContext) throws -> Figure {
        let model = try context.model(for: sentence)
        let asked = try sentence.layers?.numbers(model: model.name, depth: model.depth).map { $0 - 1 }
        let ranking = try Ranking(model, layers: asked ?? [], at: sentence.objectSpan, &context)
        guard ranking.entry.recipe.criterion != .diversity else {
            throw Diagnostic(
                "scores by diversity are places: ranked, they are a straight line", at: sentence.objectSpan,
                hints: ["plot search shows what the search made of them"])
        }
        let layers = asked ?? ranking.scores.layers.indices.filter { ranking.scores.layers[$0] != nil }
        return .scores(of: model, layers: layers, ranking: ranking)
    }

    private static func search(_ sentence: Sentence, _ context: inout CommandContext) throws -> Figure {
        let model = try context.model(for: sentence)
        guard let plan = model.entry.plan else { throw SessionError.noPlan(model: model.name, verb: "plot search") }
        let asked = try sentence.layers?.numbers(model: model.name, depth: model.depth).map { $0 - 1 }
        if let missing = asked?.filter({ plan.plan.layers[$0] == nil }), !missing.isEmpty {
            throw SessionError.layersNotSearched(missing.map { $0 + 1 }, plan: plan.cell)
        }
        let layers = plan.plan.descending.filter { asked?.contains($0.layer) ?? true }
        return .search(of: model, plan: plan, layers: layers.sorted { $0.layer < $1.layer })
    }

    private static func spectrum(_ sentence: Sentence, _ context: inout CommandContext) throws -> Figure {
        let model = try context.model(for: sentence)
        let data = try context.data(for: sentence)
        let part = try data.images(for: .validation).prefix(sentence.value("limit", as: Int.self) ?? 512)
        let images = try context.images(part, for: model)
        let found = try ModelView.firstAndLast(of: model).map { view in
            var key = try CacheKey("spectrum", view.model)
            key.on(images, of: data)
            let spectrum = try context.cached(key, as: FeatureSpectrum.self, part: "\(view.title) spectrum") {
                context in
                let features = try Measurement.outputs(of: view.model, images: images, context).features
                guard let spectrum = FeatureSpectrum(features) else {
                    throw Diagnostic(
                        "the features of \(images.count) images have no spectrum: they do not differ",
                        hints: ["take more images"])
                }
                return spectrum
            }
            return (view, spectrum)
        }
        return .spectrum(of: model, found, images: images.count)
    }

    private static func similarity(_ sentence: Sentence, _ context: inout CommandContext) throws -> Figure {
        let model = try context.model(for: sentence)
        let data = try context.data(for: sentence)
        let t = sentence.option("t", as: Double.self) ?? model.entry.scores?.recipe.temperature ?? Standard.temperature
        let part = try data.images(for: .validation)
        let count = min(sentence.option("batch", as: Int.self) ?? 12, part.count)
        guard count >= 2 else { throw PruningError.tooFewImages(needed: 2, found: count) }
        let images = try context.images(part.prefix(count), for: model)
        let found = try ModelView.firstAndLast(of: model).map { view in
            let features = try Measurement.outputs(of: view.model, images: images, context).features
            return (
                view,
                BatchEntropy(features: features.pointer, count: count, width: features.rowCount, temperature: t)
            )
        }
        return try .similarity(
            of: model, found, images: images, count: count, temperature: Language.Value(t).description)
    }

    private static func compare(_ sentence: Sentence, _ context: inout CommandContext) throws -> Figure {
        let model = try context.model(for: sentence)
        let source = String(try model.hash.value.prefix(16))
        let history = try MeasuredHistory(context, source: source)
        guard let measure = sentence.option("measure", as: String.self) ?? history.lastMeasure else {
            throw Diagnostic(
                "nothing was evaluated yet on '\(model.name)' or another model from its checkpoint",
                hints: ["evaluate agreement"])
        }
        let found = history.latest(measure)
        guard !found.isEmpty else { throw SessionError.noMeasure(measure, evaluate: measure) }
        if found.count < history.count(of: measure) {
            context.note("only results on the images of the latest are drawn")
        }
        return history.figure(measure, found, model: model)
    }
}

extension ClauseSpec {
    fileprivate static let images = ClauseSpec(
        "limit", .count(.atLeast(2)), summary: "at most this many validation images", default: "512")
}
