import Checkpoints
import Foundation
import Images
import Language
import Models
import Pruning
import Report

/// `export scores to "s.safetensors"`: takes results out for analysis elsewhere.
enum Export: Command {
    enum What: String, CaseIterable {
        case scores, features, plan, script, transcript, notebook

        var recurrence: Recurrence {
            switch self {
            case .scores, .features, .plan: .figures
            case .script: .exact
            case .transcript, .notebook: .dated
            }
        }
    }

    static let spec = CommandSpec(
        "export", "write results to a file for use elsewhere",
        object: .choice(
            "what to export",
            [
                Choice(
                    What.scores.rawValue, "tensors scores_abs.N and scores.N of every scored layer N", clauses: [.on]),
                Choice(
                    What.features.rawValue, "features (images, width) in the data's order, and labels",
                    clauses: [.on, .using],
                    options: [
                        OptionSpec(
                            "part", .words("all", "calibration", "validation"), "which images", default: "all")
                    ]),
                Choice(What.plan.rawValue, "every try of the search and the kept neurons, as JSON", clauses: [.on]),
                Choice(What.script.rawValue, "the session's sentences, which replay to the same results"),
                Choice(
                    What.transcript.rawValue,
                    "sentences, answers, figures and what they rest on, as a page (.html), Markdown (.md) or a notebook "
                        + "(.ipynb)", options: transcriptOptions),
                Choice(
                    What.notebook.rawValue, "the transcript as a Jupyter notebook",
                    options: transcriptOptions.filter { $0.key == "times" }),
            ]),
        clauses: [ClauseSpec("to", .path("the file to write"), summary: "where to write it"), .replace],
        examples: [
            Example(#"export scores to "s.safetensors""#), Example(#"export plan to "p.json""#),
            Example(#"export script to "session.amp""#),
            Example(#"export transcript to "session.html""#, "comments become its text"),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        guard let what = sentence.choice(as: What.self) else { return }
        if let missing = missingDestination(sentence) { throw missing }
        let path = sentence.string("to") ?? ""
        let destination = Destination(
            path: path, replaces: sentence.has("replace"), recurrence: what.recurrence, context)
        guard let (summary, body) = try content(what, sentence, &context) else {
            return try transcript(sentence, &context)
        }
        let outcome = try destination.write(body)
        context.say(
            "\(summary) in \(strong: path)", data: ["path": .string(path), "what": .string(what.rawValue)])
        if outcome == .unchanged { context.status("\(faint: "exactly this was there already")") }
    }

    /// What to say where the sentence names no file, or one whose ending fits nothing; nil where it does.
    static func missingDestination(_ sentence: Sentence) -> Diagnostic? {
        guard let what = sentence.choice(as: What.self) else { return nil }
        if let wrong = wrongEnding(what, sentence) { return wrong }
        guard !sentence.has("to") else { return nil }
        let ending =
            switch what {
            case .scores, .features: "safetensors"
            case .plan: "json"
            case .script: "amp"
            case .transcript: "html"
            case .notebook: "ipynb"
            }
        return Diagnostic(
            "'export \(what.rawValue)' needs to know where to write", at: sentence.objectSpan,
            label: "write: export \(what.rawValue) to \"\(what.rawValue).\(ending)\"")
    }

    private static func content(
        _ what: What, _ sentence: Sentence, _ context: inout CommandContext
    ) throws -> (StyledText, (StagedFile) throws -> Void)? {
        switch what {
        case .scores: return try scores(context.model(for: sentence), context)
        case .features: return try features(sentence, &context)
        case .plan: return try plan(context.model(for: sentence))
        case .script: return try script(context)
        // Documents may be several files.
        case .transcript, .notebook: return nil
        }
    }

    private static func scores(
        _ model: OpenModel, _ context: CommandContext
    ) throws -> (StyledText, (StagedFile) throws -> Void) {
        let (entry, scores) = try Ranking.current(of: model, context)
        var tensors: [TensorSource] = []
        for (index, layer) in scores.layers.enumerated() {
            guard let layer else { continue }
            for (name, values) in [("scores_abs", layer.ranking), ("scores", layer.signed)] {
                tensors.append(
                    TensorSource(name: "\(name).\(index + 1)", shape: [values.count], floats: values.map(Float.init)))
            }
        }
        var metadata = [
            "amp": Engine.version, "criterion": entry.recipe.criterion.rawValue,
            "source_sha256": try model.hash.value,
        ]
        metadata["t"] = entry.recipe.temperature.map { "\(Language.Value($0))" }
        metadata["batch"] = entry.recipe.batch.map(String.init)
        metadata["precision"] = entry.recipe.precision?.rawValue
        return (
            "scores of \(count: tensors.count / 2) layers",
            { [metadata] file in try SafetensorsWriter.write(tensors, metadata: metadata, to: file) }
        )
    }

    private static func features(
        _ sentence: Sentence, _ context: inout CommandContext
    ) throws -> (StyledText, (StagedFile) throws -> Void) {
        let model = try context.model(for: sentence)
        let data = try context.data(for: sentence)
        let parts: [DataPart]
        switch sentence.option("part", as: String.self) {
        case "calibration": parts = [try data.images(for: .calibration)]
        case "validation": parts = [try data.images(for: .validation)]
        default: parts = data.parts
        }
        let images = JoinedImages(sources: try parts.map { try context.images($0, for: model) })
        let features = try Measurement.outputs(of: model, images: images, context).features
        var tensors = [TensorSource(name: "features", shape: features.shape, floats: features.values)]
        let labels = parts.compactMap(\.labels)
        if labels.count == parts.count {
            let values = labels.joined().map { Int64($0) }
            tensors.append(
                TensorSource(name: "labels", type: .int64, shape: [values.count]) { write in
                    try values.withUnsafeBytes(write)
                })
        }
        var metadata = ["amp": Engine.version, "source_sha256": try model.hash.value]
        metadata["precision"] = model.precision.noted?.rawValue
        return (
            "features of \(count: images.count) images",
            { [metadata] file in try SafetensorsWriter.write(tensors, metadata: metadata, to: file) }
        )
    }

    private static func plan(_ model: OpenModel) throws -> (StyledText, (StagedFile) throws -> Void) {
        guard let entry = model.entry.plan else { throw SessionError.noPlan(model: model.name, verb: "export plan") }
        let layers = entry.plan.descending.map { plan -> JSON in
            var layer: [String: JSON] = [
                "layer": .int(plan.layer + 1), "key": .string(model.model.key(ofBlock: plan.layer)),
                "width": .int(plan.width), "source_width": .int(plan.hidden), "kept": .array(plan.kept.map(JSON.int)),
                "start": .number(plan.start), "end": .number(plan.end),
                "tries": .array(
                    plan.tries.map {
                        var attempt: [String: JSON] = [
                            "left": .int($0.left), "right": .int($0.right), "width": .int($0.width),
                            "entropy": .number($0.entropy), "accepted": .bool($0.accepted),
                        ]
                        attempt["batches"] = $0.batches.map(JSON.int)
                        return .object(attempt)
                    }),
            ]
            if let recipe = entry.recipes[plan.layer] {
                layer["tolerance_nats"] = .number(recipe.absoluteTolerance)
                layer["falls_accepted"] = recipe.refusesFalls.map { .bool(!$0) }
                layer["confidence"] = recipe.confidence.map(JSON.number)
                layer["precision"] = recipe.precision.map { .string($0.rawValue) }
            }
            return .object(layer)
        }
        let json = JSON.object([
            "amp": .string(Engine.version), "model": .string(model.name),
            "source_sha256": .string(try model.hash.value), "layers": .array(layers),
        ])
        return ("plan of \(count: layers.count) layers", { file in try file.write(json.encoded(pretty: true)) })
    }

    /// The sentences that succeeded, in canonical form, as a script.
    private static func script(_ context: CommandContext) throws -> (StyledText, (StagedFile) throws -> Void) {
        var lines = ["amp \(Script.languageVersion)"]
        var next = 1
        while true {
            let page = try context.store.cells(from: next, limit: 500)
            // What makes room on this disk is nobody else's affair.
            let own = ["export script", Forget.spec.verb]
            for cell in page where cell.status == .ok && !own.contains(where: cell.sentence.hasPrefix) {
                lines.append(cell.sentence)
            }
            guard let last = page.last else { break }
            next = last.number + 1
        }
        let text = lines.joined(separator: "\n") + "\n"
        return (
            "script of \(count: lines.count - 1) sentences", { file in try file.write(Foundation.Data(text.utf8)) }
        )
    }
}
