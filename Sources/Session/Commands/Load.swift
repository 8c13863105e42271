import Checkpoints
import Foundation
import Language
import Models
import Report

/// `load "dir/" as m`: opens a checkpoint and makes it the model in use.
enum Load: Command {
    static let spec = CommandSpec(
        "load", "open a checkpoint and make it the model in use",
        object: .value(.path("a model file or folder")),
        clauses: [ClauseSpec("as", .newName, summary: "the name to give it", default: "the name of the file")],
        options: [
            OptionSpec("heads", .count(.between(1, 1024)), "attention heads, where no file says how many there are")
        ],
        help: """
            Reads a folder with weights and config.json, or a bare file of weights whose family and sizes are recognised \
            from its tensors. Weights are safetensors, one file or several with an index, or what torch.save wrote \
            (.pth, .pt, .bin): its tensors are read, its code is never run. Families: timm VisionTransformer, Hugging Face ViTModel, ViTForImageClassification, \
            Dinov2Model and Dinov2ForImageClassification; float32, float16 or bfloat16.

            The file is mapped, not copied: nothing is read before it is needed, and pruning never changes it.
            """,
        examples: [
            Example(#"load "examples/models/fashion-vit" as vit"#), Example(#"load "vit.safetensors" heads=3"#),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let path = sentence.text ?? ""
        let heads = sentence.option("heads", as: Int.self)
        let absolute = absolutePath(path)
        let model = try Model(path: absolute, heads: heads)
        let name = sentence.string("as") ?? defaultName(path, taken: context.state.dataSets.keys.sorted())
        if context.state.dataSets[name] != nil {
            throw SessionError.exists(path: name, verb: "data set")
        }
        let (hash, source) = try context.sourceHash(of: model.checkpoint.weights.files, name: name)
        let entry = ModelEntry(
            path: path, absolutePath: absolute, heads: heads, source: source,
            kept: KeptNeurons(allOf: model.architecture.depth), changedBy: context.cell)
        context.state.currentModel = name
        if var earlier = context.state.models[name] {
            if earlier.heads == heads, try wasMoved(earlier, to: hash, context) {
                // The same weights at another place: the model is the same, whatever was done to it since.
                earlier.path = path
                earlier.absolutePath = absolute
                earlier.source = entry.source
                context.state.models[name] = earlier
                context.say("\(name: name): found again in \(strong: path); its pruning, scores and plan still hold")
                return
            }
            if !earlier.kept.isEverything {
                // A script that runs again in its session says the same; that it starts anew is news of this run only.
                context.status(
                    "\(name: name) was pruned by \(key: earlier.changedBy) and is whole again; 'undo' takes it back")
            }
        }
        context.state.models[name] = entry
        describe(OpenModel(name: name, entry: entry, model: model, hash: hash), &context)
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
            (\(percent: share, digits: 0) in MLPs) · \(flops: Double(cost.flops)) an image
            """,
            data: [
                "model": .string(open.name), "family": .string(a.family.rawValue), "blocks": .int(a.depth),
                "width": .int(a.width), "heads": .int(a.heads), "hidden_widths": Value(a.hiddenWidths),
                "parameters": .int(cost.parameters), "mlp_parameters": .int(cost.mlpParameters),
                "flops": .int(cost.flops), "sha256": Value(open.entry.source.hash),
            ])
        if let preprocessing = try? open.preprocessing {
            context.say("images: \(preprocessing.summary)", data: ["preprocessing": .string(preprocessing.summary)])
        }
        if let record = open.model.checkpoint.pruningRecord,
            let before = record["layers"]?.array?.compactMap({ $0["source_width"]?.int }),
            before.count == a.depth
        {
            let (all, left) = (before.reduce(0, +), a.hiddenWidths.reduce(0, +))
            let source = record["source"]?["path"]?.string ?? "an unnamed checkpoint"
            context.note(
                """
                pruned by amp \(record["amp"]?.string ?? "") from \(source): \(count: max(all - left, 0)) of \(count: all) \
                neurons removed
                """)
        }
        describe(open.model.checkpoint.weights, &context)
        for assumption in open.model.assumptions {
            switch assumption {
            case .heads(let heads, let width):
                context.note(
                    "no file says how many heads there are: \(heads), as usual for width \(width) (else: heads=…)")
            case .noConfiguration: context.note("no config.json: family and sizes are read off the tensors")
            }
        }
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
