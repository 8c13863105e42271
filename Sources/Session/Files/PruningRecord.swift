import Checkpoints
import Models

/// What stands in `amp.json` beside a saved model.
struct PruningRecord {
    let json: JSON

    /// - Parameters: the architecture and the layout of the files that are written.
    init(_ model: OpenModel, architecture: Architecture, layout: TensorLayout) throws {
        let source = architecture.hiddenWidths
        let widths = model.model.widths(keeping: model.entry.kept)
        let layers = layout.blocks.enumerated().map { index, block -> JSON in
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
        if architecture.family != model.model.architecture.family {
            origin["family"] = .string(model.model.architecture.family.name)
        }
        // A source that was pruned before brings its own record along.
        if let earlier = model.model.checkpoint.pruningRecord { origin["record"] = earlier }
        json = .object([
            "format": .int(1), "amp": .string(Engine.version),
            "family": .string(architecture.family.name),
            "heads": .int(architecture.heads), "activation": .string(architecture.activation.rawValue),
            "grid": architecture.image?.positions.map { .array([.int($0.grid.height), .int($0.grid.width)]) } ?? .null,
            "source": .object(origin), "widths": .array(widths.map(JSON.int)), "layers": .array(layers),
            "prunings": .array(model.entry.prunings.map(Self.describe)),
            "revisions": .array((model.entry.revision?.steps ?? []).map(Self.describe)),
        ])
    }

    private static func describe(_ step: RevisionStep) -> JSON {
        .object([
            "sentence": .string(step.sentence), "data": .string(step.data),
            "data_sha256": .string(step.dataFingerprint), "images": .int(step.images),
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
                scores["loss"] = recipe.scores.loss.map { .string($0.rawValue) }
                scores["side"] = recipe.scores.side.map { .string($0.rawValue) }
                // Without a word it was float32.
                scores["precision"] = recipe.scores.precision.map { .string($0.rawValue) }
                var search: [String: JSON] = [
                    "layer": .int(layer + 1), "tolerance": .string(recipe.tolerance),
                    "tolerance_nats": .number(recipe.absoluteTolerance), "t": .number(recipe.temperature),
                    "batch": .int(recipe.batch), "steps": .int(recipe.steps), "layerwise": .bool(recipe.layerWise),
                    "scores": .object(scores), "data_sha256": .string(recipe.dataFingerprint),
                    "images": .int(recipe.images),
                ]
                search["multiple"] = recipe.multiple.map(JSON.int)
                search["falls_accepted"] = recipe.refusesFalls.map { .bool(!$0) }
                search["budget"] = recipe.budget.map { .string($0) }
                search["rearranged"] = recipe.rearranged.map(JSON.bool)
                search["confidence"] = recipe.confidence.map(JSON.number)
                search["compensation"] = recipe.compensation.map { .string($0.method.rawValue) }
                search["precision"] = recipe.precision.map { .string($0.rawValue) }
                return .object(search)
            })
    }
}
