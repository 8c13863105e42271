import Evaluation
import Foundation
import Images
import Language
import Models
import Pruning
import Report
import Tensor

/// `compare m, slim`: models side by side.
enum Compare: Command {
    static let spec = CommandSpec(
        "compare", "put models side by side: sizes, speed, answers, widths",
        object: .list(.name(.model)),
        clauses: [
            ClauseSpec("limit", .count(.atLeast(2)), summary: "at most this many validation images", default: "all"),
            .using,
        ],
        options: [
            .temperature, .entropyBatch,
            OptionSpec("k", .count(), "how many neighbours vote", default: "20"),
            OptionSpec("speed", .boolean, "measure how many images a second each runs", default: "yes"),
        ],
        help: """
            The first model is the one that the others are compared with: what is left of its parameters and operations, and how \
            often they answer as it does. Measures that a model or the images do not allow are left out: top-1 needs a \
            classifier and labels, kNN labels and a split.

            Speed is measured on up to 64 images in memory, the models in turn, five times; the median and the range \
            are said. It depends on the machine and on what else runs there.
            """,
        examples: [Example("compare vit, slim"), Example("compare vit, slim limit 200 speed=no")])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let models = try sentence.arguments.map { argument in
            guard let name = String(value: argument.value) else {
                throw Diagnostic("no model's name", at: argument.span)
            }
            return try context.model(named: name, at: argument.span)
        }
        if let twice = models.indices.dropFirst().first(where: { i in
            models[..<i].contains { $0.name == models[i].name }
        }) {
            throw Diagnostic("'\(models[twice].name)' is named twice", at: sentence.arguments[twice].span)
        }
        guard models.count > 1 else {
            throw Diagnostic(
                "'compare' needs two models or more", at: sentence.objectSpan,
                label: "write: compare \(models[0].name), NAME",
                hints: ["load the original under another name to compare with it: load \"…\" as original"])
        }
        let data = try sentence.has("using") || context.state.currentData != nil ? context.data(for: sentence) : nil
        var rows = sizes(of: models)
        if let data {
            rows += try answers(of: models, data, sentence, &context)
        } else {
            context.note("no images are listed: sizes alone are compared")
        }
        context.show(
            .table(
                Table(
                    columns: [Table.Column("", key: "quantity")]
                        + models.map { Table.Column.number($0.name, key: $0.name) },
                    rows: rows)))
        context.show(.table(widths(of: models)))
        if let data, sentence.option("speed", as: Bool.self) ?? true { try speed(of: models, data, &context) }
    }

    // MARK: Sizes

    private static func sizes(of models: [OpenModel]) -> [[Table.Cell]] {
        let costs = models.map { $0.cost(keeping: $0.entry.kept) }
        func row(_ title: StyledText, _ cells: [Table.Cell]) -> [Table.Cell] { [Table.Cell(title)] + cells }
        func shares(_ value: (Cost) -> Int) -> [Table.Cell] {
            costs.map { .percent(Double(value($0)) / Double(max(value(costs[0]), 1))) }
        }
        return [
            row("parameters", costs.map { .parameters($0.parameters) }),
            row("  of the first", shares(\.parameters)),
            row("FLOPs an input", costs.map { .flops(Double($0.flops)) }),
            row("  of the first", shares(\.flops)),
        ]
    }

    private static func widths(of models: [OpenModel]) -> Table {
        let all = models.map { $0.model.widths(keeping: $0.entry.kept) }
        let depth = all.map(\.count).max() ?? 0
        return Table(
            title: "hidden widths",
            columns: [.number("layer")] + models.map { Table.Column.number($0.name, key: $0.name) },
            rows: (0..<depth).map { layer in
                [.count(layer + 1)] + all.map { $0.indices.contains(layer) ? .count($0[layer]) : .missing }
            })
    }

    // MARK: Answers

    private static func answers(
        of models: [OpenModel], _ data: OpenData, _ sentence: Sentence, _ context: inout CommandContext
    ) throws -> [[Table.Cell]] {
        var part = try data.images(for: .validation)
        if let limit = sentence.value("limit", as: Int.self) { part = part.prefix(limit) }
        let measure = ValidationEntropy(
            temperature: sentence.option("t", as: Double.self) ?? Standard.temperature,
            batch: Standard.batch(sentence.option("batch", as: Int.self), images: part.count))
        let k = sentence.option("k", as: Int.self) ?? Standard.neighbours
        var entropies: [Table.Cell] = []
        var agreements: [Table.Cell] = []
        var cosines: [Table.Cell] = []
        var top1: [Table.Cell] = []
        var knn: [Table.Cell] = []
        var reference: Outputs?
        for model in models {
            let images = try context.images(part, for: model)
            let outputs = try Measurement.outputs(of: model, images: images, in: data, wanting: .logits, context)
            let (mean, _) = try measure.measure(outputs.features)
            entropies.append(.entropy(mean))
            let first = reference ?? outputs
            reference = first
            // Features of other widths have no cosine with each other.
            let compared =
                first.features.shape == outputs.features.shape
                ? try Measurement.comparison(of: outputs, with: first) : nil
            agreements.append(compared.map { .percent($0.share) } ?? .missing)
            cosines.append(compared.map { .fixed($0.cosine, digits: 4) } ?? .missing)
            top1.append(try accuracy(of: model, outputs, data, part))
            knn.append(
                data.isSplit && part.labels != nil && data.part(.calibration)?.labels != nil
                    ? .percent(try Measurement.knn(k: k, of: model, data, images, &context).share) : .missing)
        }
        let rows: [(title: StyledText, cells: [Table.Cell])] = [
            ("top-1", top1), ("kNN", knn), ("agreement with the first", agreements), ("mean cosine with it", cosines),
            ("entropy (t=\(Language.Value(measure.temperature)), batch=\(measure.batch))", entropies),
        ]
        context.note("answers on \(count: part.count) validation images of \(name: data.name)")
        return rows.filter { row in row.cells.contains { $0 != .missing } }.map { [Table.Cell($0.title)] + $0.cells }
    }

    /// Missing where the model has no classifier or the images no labels of its.
    private static func accuracy(
        of model: OpenModel, _ outputs: Outputs, _ data: OpenData, _ part: DataPart
    ) throws -> Table.Cell {
        guard let logits = outputs.logits, part.labels != nil else { return .missing }
        do {
            return .percent(Evaluation.accuracy(topClasses(logits), try Labels.of(part, data: data, model: model)))
        } catch SessionError.labelsDoNotMatch, SessionError.noLabels {
            return .missing
        }
    }

    // MARK: Speed

    private static func speed(of models: [OpenModel], _ data: OpenData, _ context: inout CommandContext) throws {
        let part = try data.images(for: .validation).prefix(64)
        let sources = try models.map { model -> any InputSource in
            let images = try context.images(part, for: model)
            switch try images.load(0..<images.count) {
            case .images(let pixels): return LoadedImages(pixels)
            case .texts(let texts): return LoadedTexts(texts)
            }
        }
        let transformers = try models.map { try context.transformer($0) }
        var rates = models.map { _ in [Double]() }
        let monitor = context.monitor("measuring speed")
        let rounds = 5
        for round in 0...rounds {
            for (index, model) in models.enumerated() {
                try monitor.check()
                let started = ProcessInfo.processInfo.systemUptime
                _ = try transformers[index].run(sources[index], monitor: context.monitor("running \(model.name)"))
                let seconds = ProcessInfo.processInfo.systemUptime - started
                // The first round packs weights and fills caches.
                if round > 0 { rates[index].append(Double(part.count) / max(seconds, 1e-9)) }
            }
            monitor.progress(round, of: rounds)
        }
        let medians = rates.map { $0.sorted()[$0.count / 2] }
        for (index, model) in models.enumerated() {
            var text: StyledText = """
                \(model.name): \(fixed: medians[index], digits: 1) \(model.inputs)/s \
                (\(fixed: rates[index].min() ?? 0, digits: 1)–\(fixed: rates[index].max() ?? 0, digits: 1))
                """
            if index > 0 { text += ", \(fixed: medians[index] / medians[0], digits: 2) × the first" }
            context.status(
                text, data: ["model": .string(model.name), "per_second": .double(medians[index])])
        }
    }
}
