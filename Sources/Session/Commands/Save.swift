import Checkpoints
import Language
import Models
import Report

/// `save "slim/"`: writes the model as it is now, in its own format or another library's.
enum Save: Command {
    static let spec = CommandSpec(
        "save", "write the model as it is now to a folder, in its own format or another library's", abbreviable: false,
        object: .value(.path("the folder to write")), clauses: [.asLibrary, .replace, .on],
        help: """
            Writes model.safetensors under the checkpoint's own tensor names, types and order, its configuration and \
            tokenizer files unchanged, and amp.json with the width and the kept neurons of every layer and where they \
            come from. Loading the folder gives bit-identical features; docs/saved-models.md shows how to rebuild it in \
            Python.

            With 'as', names and configuration are those of another library that has the same model: timm's ViT, \
            distilled DeiT and DINOv2 as Hugging Face's and the other way round, the official DINOv2 as either, OpenCLIP's \
            CLIP as Hugging Face's and the other way round. Values stay as they are, cut and joined where one library \
            packs what the other does not. A model with a part that the other class lacks is not written.
            """,
        examples: [
            Example(#"save "slim/""#), Example(#"save "slim/" replace"#), Example(#"save "slim-hf/" as huggingface"#),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let model = try context.model(for: sentence)
        let path = sentence.text ?? ""
        guard !path.hasSuffix(".safetensors") else {
            throw SessionError.notReplaceable(path: path, reason: "'save' writes a folder")
        }
        guard context.reading(path) != absolutePath(model.model.checkpoint.directory) else {
            throw SessionError.notReplaceable(path: path, reason: "'\(model.name)' is loaded from there")
        }
        let library = sentence.string("as").flatMap(ModelLibrary.init(rawValue:))
        let conversion = try library.flatMap { library in
            library.owns(model.model.architecture.family)
                ? nil : try Conversion(of: model.model, keeping: model.entry.kept, to: library)
        }
        let saved = try conversion.map { try SavedModel(model, as: $0) } ?? SavedModel(model)
        let outcome = try FolderDestination(path: path, replaces: sentence.has("replace"), context).write(saved.files)
        let cost = model.cost(keeping: model.entry.kept)
        context.say(
            "\(name: model.name): \(parameters: cost.parameters) parameters saved in \(strong: path)",
            data: [
                "path": .string(path), "parameters": .int(cost.parameters),
                "files": Report.Value(saved.files.map(\.name)),
                "widths": Report.Value(model.model.widths(keeping: model.entry.kept)),
            ])
        if outcome == .unchanged { context.status("\(faint: "exactly this was there already")") }
        for note in saved.notes { context.note("\(note)") }
        if model.entry.kept.isEverything, model.entry.revision == nil {
            context.note(
                conversion == nil
                    ? "nothing was pruned: this is a copy of the source" : "nothing was pruned: all neurons are there")
        }
    }
}

extension ClauseSpec {
    fileprivate static let asLibrary = ClauseSpec(
        "as",
        .word([
            Choice(ModelLibrary.timm.rawValue, "timm's names and config.json"),
            Choice(ModelLibrary.huggingFace.rawValue, "Hugging Face's names, config.json and preprocessor_config.json"),
            Choice(ModelLibrary.openCLIP.rawValue, "OpenCLIP's names and open_clip_config.json"),
        ]), summary: "the library whose names and files to write", default: "the checkpoint's own")
}

extension JSON {
    static func int(_ value: Int) -> JSON { .number(Double(value)) }
}
