import Checkpoints
import Foundation
import Language
import Models
import Report
import Tensor

/// `load "dir/" as m`: opens a checkpoint and makes it the model in use.
enum Load: Command {
    static let spec = CommandSpec(
        "load", "open a checkpoint and make it the model in use",
        object: .value(.path("a model file or folder")),
        clauses: [ClauseSpec("as", .newName, summary: "the name to give it", default: "the name of the file")],
        options: [
            OptionSpec("heads", .count(.between(1, 1024)), "attention heads, where no file says how many there are"),
            OptionSpec(
                "activation", .words("gelu", "gelu_tanh", "quick_gelu", "relu", "silu"),
                "the MLPs' non-linearity, where no file says it"),
            OptionSpec(
                "grid", .string("rows and columns of patches"),
                "the patch grid of the position embeddings, such as \"16x16\", where it is not square or no file says it"
            ),
        ],
        help: """
            Reads a folder with weights and their configuration, or a bare file whose family and sizes are recognised \
            from its tensors: safetensors (one file, or shards with their index) and PyTorch archives (.pth, .pt, .bin); \
            float32, float16 or bfloat16. Of a PyTorch archive only tensors are read; no code in it is ever run.

            Families: timm ViT, DeiT, DINOv2, DINOv3 and EVA; Hugging Face ViT, DeiT, DINOv2, DINOv3, CLIP, SigLIP and BERT; \
            OpenCLIP; EVA-CLIP; DINOv2 as its authors publish it. What a checkpoint holds beside the transformer, such as \
            CLIP's tower of texts, is carried along.

            The file is mapped, not copied: nothing is read before it is needed, and pruning never changes it.
            """,
        examples: [
            Example(#"load "examples/models/fashion-vit" as vit"#), Example(#"load "vit.safetensors" heads=3"#),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let path = sentence.text ?? ""
        let given = Given(
            heads: sentence.option("heads", as: Int.self),
            activation: sentence.option("activation", as: String.self).flatMap { Activation(word: $0) },
            grid: try sentence.option("grid", as: String.self).map(Self.grid))
        let absolute = context.reading(path)
        let model = try Model(path: absolute, given: given)
        let name = sentence.string("as") ?? defaultName(path, taken: context.state.dataSets.keys.sorted())
        if context.state.dataSets[name] != nil {
            throw SessionError.exists(path: name, verb: "data set")
        }
        let (hash, source) = try context.sourceHash(of: model.checkpoint.weights.files, name: name)
        context.dependencies.note(.model, name: name, path: path) { try hash.value }
        for file in [Checkpoint.configName, Checkpoint.openCLIPName, Checkpoint.preprocessorName] {
            guard let data = model.checkpoint.rawFile(file) else { continue }
            let folder = path.hasSuffix(".safetensors") ? (path as NSString).deletingLastPathComponent : path
            let place = (folder as NSString).appendingPathComponent(file)
            context.dependencies.note(.file, path: place) { sha256(of: data) }
        }
        let entry = ModelEntry(
            path: path, absolutePath: absolute, heads: given.heads, activation: given.activation, grid: given.grid,
            source: source, kept: KeptNeurons(allOf: model.architecture.depth), changedBy: context.cell)
        context.state.currentModel = name
        if var earlier = context.state.models[name] {
            if earlier.given == given, try wasMoved(earlier, to: hash, context) {
                // The same weights at another place: the model is the same, whatever was done to it since.
                earlier.path = path
                earlier.absolutePath = absolute
                earlier.source = entry.source
                context.state.models[name] = earlier
                context.say("\(name: name): found again in \(strong: path); its pruning, scores and plan still hold")
                return
            }
            if !earlier.isOriginal {
                // A script that runs again in its session says the same; that it starts anew is news of this run only.
                context.status(
                    "\(name: name) was \(earlier.changedBy.asDone) and is whole again; 'undo' takes it back")
            }
        }
        context.state.models[name] = entry
        describe(
            OpenModel(
                name: name, entry: entry, model: model, source: model, hash: hash, precision: context.state.precision),
            &context)
    }

    /// Whether a model's files are gone from where they were, and these hold the same.
    private static func wasMoved(
        _ earlier: ModelEntry, to found: SourceHash, _ context: CommandContext
    ) throws -> Bool {
        guard !FileManager.default.fileExists(atPath: earlier.absolutePath), earlier.source.size == found.stamp.size
        else { return false }
        // A hash is only worth computing where there is one to compare it with.
        guard let was = try earlier.source.hash ?? SourceHash.remembered(FileStamp(earlier.source), in: context.store)
        else { return false }
        return try found.value == was
    }

    private static func describe(_ open: OpenModel, _ context: inout CommandContext) {
        let a = open.model.architecture
        let cost = open.cost(keeping: open.everything)
        let share = Double(cost.mlpParameters) / Double(max(cost.parameters, 1))
        context.say(
            """
            \(name: open.name): \(a.family.title), \(count: a.depth) blocks, width \(count: a.width), \
            \(count: a.heads) heads, hidden \(number: widths(a.hiddenWidths)) · \(parameters: cost.parameters) parameters \
            (\(percent: share, digits: 0) in MLPs) · \(flops: Double(cost.flops)) \(open.input)
            """,
            data: [
                "model": .string(open.name), "family": .string(a.family.name), "blocks": .int(a.depth),
                "width": .int(a.width), "heads": .int(a.heads), "hidden_widths": Value(a.hiddenWidths),
                "parameters": .int(cost.parameters), "mlp_parameters": .int(cost.mlpParameters),
                "flops": .int(cost.flops), "sha256": Value(open.entry.source.hash),
            ])
        if open.model.parametersBeside > 0 {
            let tower: StyledText =
                open.model.text == nil ? "" : ", with a tower of texts that 'evaluate zeroshot' can use"
            context.say(
                "beside it: \(parameters: open.model.parametersBeside) parameters that are carried along\(tower)",
                data: [
                    "parameters_beside": .int(open.model.parametersBeside),
                    "text_tower": .bool(open.model.text != nil),
                ])
        }
        if let preprocessing = try? open.preprocessing {
            context.say("images: \(preprocessing.summary)", data: ["preprocessing": .string(preprocessing.summary)])
        }
        if let record = open.model.checkpoint.pruningRecord,
            let before = record["layers"]?.array?.compactMap({ $0["source_width"]?.int }),
            before.count == a.depth
        {
            let (all, left) = (before.reduce(0, +), a.hiddenWidths.reduce(0, +))
            let source = record["source"]?["path"]?.string ?? "an unnamed checkpoint"
            let changes = record["revisions"]?.array?.compactMap { $0["sentence"]?.string } ?? []
            let removed = max(all - left, 0)
            let made: StyledText =
                removed > 0
                ? "pruned by amp \(record["amp"]?.string ?? "") from \(source): \(count: removed) of \(count: all) neurons removed"
                : "saved by amp \(record["amp"]?.string ?? "") from \(source)"
            context.note(
                changes.isEmpty ? made : "\(made); its weights are from: \(changes.joined(separator: ", then "))")
        }
        describe(open.model.checkpoint.weights, &context)
        if let note = assumed(open.model) { context.note(note) }
    }

    /// What no file says, what it was taken for, and how to say it.
    private static func assumed(_ model: Model) -> StyledText? {
        var guesses: [StyledText] = []
        var options: [String] = []
        var start: StyledText = "no file says it: "
        for assumption in model.assumptions {
            switch assumption {
            case .noConfiguration: start = "no configuration beside the weights: family and sizes are the tensors', "
            case .heads(let heads, let width):
                guesses.append("\(count: heads) heads as usual for width \(count: width)")
                options.append("heads=…")
            case .activation(let activation):
                guesses.append("\(activation.word) as usual for this family")
                options.append("activation=…")
            case .grid(let grid, let positions):
                guesses.append("a \(grid.description) patch grid for \(count: positions) position embeddings")
                options.append("grid=…")
            case .normOrder: guesses.append("norms in front of attention and MLPs")
            }
        }
        guard !model.assumptions.isEmpty else { return nil }
        if guesses.isEmpty { return "no configuration beside the weights: family and sizes are the tensors'" }
        return "\(start)\(guesses.joined(separator: ", "))"
            + (options.isEmpty ? "" : " (else say \(options.joined(separator: ", ")))")
    }

    /// "16x20" → 16 × 20.
    private static func grid(_ text: String) throws -> Extent {
        let sides = text.lowercased().split(whereSeparator: { "x×".contains($0) }).map { Int($0) }
        guard sides.count == 2, let height = sides[0], let width = sides[1], (1...4096).contains(height),
            (1...4096).contains(width)
        else { throw SessionError.badGrid(text) }
        return Extent(height: height, width: width)
    }

    /// What stood around the tensors, and what was left out.
    private static func describe(_ weights: Weights, _ context: inout CommandContext) {
        if !weights.unwrapped.isEmpty {
            context.note(
                "the tensors stand under \(weights.unwrapped.map { "'\($0)'" }.joined(separator: ", ")) in the file",
                data: ["unwrapped": Value(weights.unwrapped)])
        }
        if !weights.skipped.isEmpty {
            let shown = weights.skipped.prefix(6).joined(separator: ", ")
            let more = weights.skipped.count > 6 ? ", … (\(weights.skipped.count) in all)" : ""
            context.note("not read, as they are no weights: \(shown)\(more)", data: ["skipped": Value(weights.skipped)])
        }
    }

    /// One width, or the range of several.
    static func widths(_ widths: [Int]) -> String {
        guard let low = widths.min(), let high = widths.max(), low != high else { return "\(widths.first ?? 0)" }
        return "\(low) to \(high)"
    }

    /// A name made of the last part of a path.
    static func defaultName(_ path: String, taken: [String]) -> String {
        var base = (absolutePath(path) as NSString).lastPathComponent
        for ending in [".index.json", ".safetensors", ".pth", ".pt", ".bin", ".gz"] where base.hasSuffix(ending) {
            base.removeLast(ending.count)
        }
        var name = String(
            base.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") ? $0 : "_" })
        if !(name.first?.isLetter ?? false) { name = "m_" + name }
        var candidate = name
        var number = 2
        while taken.contains(candidate) {
            candidate = "\(name)_\(number)"
            number += 1
        }
        return candidate
    }
}
