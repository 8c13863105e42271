import Checkpoints
import Foundation
import Language
import Models
import Report

/// `save "slim/"`: writes the model as it is now, in its own format.
enum Save: Command {
    static let spec = CommandSpec(
        "save", "write the model as it is now to a folder, in its own format", abbreviable: false,
        object: .value(.path("the folder to write")), clauses: [.replace, .on],
        help: """
            Writes model.safetensors under the checkpoint's own tensor names, types and order, its configuration files \
            unchanged, and amp.json with the width and the kept neurons of every layer and where they come from. Loading \
            the folder gives bit-identical features; docs/saved-models.md shows how to rebuild it in Python.
            """,
        examples: [Example(#"save "slim/""#), Example(#"save "slim/" replace"#)])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let model = try context.model(for: sentence)
        let path = sentence.text ?? ""
        guard !path.hasSuffix(".safetensors") else {
            throw SessionError.notReplaceable(path: path, reason: "'save' writes a folder")
        }
        guard absolutePath(path) != absolutePath(model.model.checkpoint.directory) else {
            throw SessionError.notReplaceable(path: path, reason: "'\(model.name)' is loaded from there")
        }
        let checkpoint = model.model.checkpoint
        let tensors = model.model.tensors(keeping: model.entry.kept)
        let record = try PruningRecord(model).json
        var files: [(name: String, body: (StagedFile) throws -> Void)] = [
            (
                Checkpoint.weightsName,
                { file in try SafetensorsWriter.write(tensors, metadata: checkpoint.weights.metadata, to: file) }
            )
        ]
        for name in [Checkpoint.configName, Checkpoint.preprocessorName] {
            if let data = checkpoint.rawFile(name) { files.append((name, { file in try file.write(data) })) }
        }
        files.append((Checkpoint.pruningRecordName, { file in try file.write(record.encoded(pretty: true)) }))
        let outcome = try FolderDestination(path: path, replaces: sentence.has("replace")).write(files)
        let cost = model.cost(keeping: model.entry.kept)
        context.say(
            "\(name: model.name): \(parameters: cost.parameters) parameters saved in \(strong: path)",
            data: [
                "path": .string(path), "parameters": .int(cost.parameters),
                "files": Report.Value(files.map(\.name)),
                "widths": Report.Value(model.model.widths(keeping: model.entry.kept)),
            ])
        if outcome == .unchanged { context.status("\(faint: "exactly this was there already")") }
        if model.entry.kept.isEverything { context.note("nothing was pruned: this is a copy of the source") }
    }
}

/// What stands in `amp.json` beside a saved model.
struct PruningRecord {
    let json: JSON

    init(_ model: OpenModel) throws {
        let architecture = model.model.architecture
        let source = architecture.hiddenWidths
        let widths = model.model.widths(keeping: model.entry.kept)
        let layers = model.model.layout.blocks.enumerated().map { index, block -> JSON in
            var layer: [String: JSON] = [
                "layer": .int(index + 1), "key": .string(block.key), "width": .int(widths[index]),
                "source_width": .int(source[index]),
                "input": .string(block.mlp.input.weights[0].name), "output": .string(block.mlp.output.weight.name),
            ]
            if let kept = model.entry.kept[index] { layer["kept"] = .array(kept.map(JSON.int)) }
            return .object(layer)
        }
        var origin: [String: JSON] = [
            "path": .string(model.entry.path), "sha256": .string(try model.hash.value),
        ]
        // A source that was pruned before brings its own record along.
        if let earlier = model.model.checkpoint.pruningRecord { origin["record"] = earlier }
        json = .object([
            "format": .int(1), "amp": .string(Engine.version),
            "family": .string(architecture.family.name),
            "heads": .int(architecture.heads), "activation": .string(architecture.activation.rawValue),
            "grid": architecture.image?.positions.map { .array([.int($0.grid.height), .int($0.grid.width)]) } ?? .null,
            "source": .object(origin), "widths": .array(widths.map(JSON.int)), "layers": .array(layers),
            "prunings": .array(model.entry.prunings.map(Self.describe)),
        ])
    }

    private static func describe(_ step: PruningStep) -> JSON {
        .array(
            step.searches.sorted { $0.key > $1.key }.map { layer, recipe in
                var scores: [String: JSON] = [
                    "criterion": .string(recipe.scores.criterion.rawValue), "signed": .bool(recipe.scores.signed),
                ]
                scores["t"] = recipe.scores.temperature.map(JSON.number)
                scores["batch"] = recipe.scores.batch.map(JSON.int)
                scores["seed"] = recipe.scores.seed.map { .number(Double($0)) }
                scores["side"] = recipe.scores.side.map { .string($0.rawValue) }
                return .object([
                    "layer": .int(layer + 1), "tolerance": .string(recipe.tolerance),
                    "tolerance_nats": .number(recipe.absoluteTolerance), "t": .number(recipe.temperature),
                    "batch": .int(recipe.batch), "steps": .int(recipe.steps), "layerwise": .bool(recipe.layerWise),
                    "scores": .object(scores), "data_sha256": .string(recipe.dataFingerprint),
                    "images": .int(recipe.images),
                ])
            })
    }
}

extension JSON {
    static func int(_ value: Int) -> JSON { .number(Double(value)) }
}
