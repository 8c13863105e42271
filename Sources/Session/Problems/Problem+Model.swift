import Language
import Models

extension Problem {
    static func words(_ error: ModelError) -> Diagnostic {
        switch error {
        case .unknownFamily(let path, let patterns, let nearest):
            unknown(path, patterns, nearest)
        case .unsupportedVariant(let family, let what):
            Diagnostic("this \(family.title) model needs \(what), which amp does not have")
        case .missingTensor(let path, let tensor, let expected, let similar):
            Diagnostic(
                "tensor \(tensor) is missing in \"\(path)\"",
                notes: (expected.isEmpty ? [] : ["expected with shape \(shape(expected))"])
                    + (similar.map { ["the file has \($0)"] } ?? []),
                hints: ["check that the file is whole and belongs to its config.json"])
        case .misshapenTensor(let path, let tensor, let expected, let found):
            Diagnostic(
                "tensor \(tensor) in \"\(path)\" has shape \(shape(found)), expected \(shape(expected))",
                hints: [
                    "check that the weights belong to the config.json beside them (a pruned model: to its amp.json)"
                ])
        case .leftoverTensors(let path, let tensors):
            Diagnostic(
                tensors.count == 1
                    ? "tensor \(tensors[0]) in \"\(path)\" has no place in this architecture"
                    : "\(tensors.count) tensors in \"\(path)\" have no place in this architecture",
                notes: tensors.count == 1
                    ? [] : [tensors.prefix(4).joined(separator: ", ") + (tensors.count > 4 ? ", …" : "")],
                hints: [
                    "the model may be of a variant that amp does not have; leaving them out could change its features"
                ])
        case .unsupportedType(let path, let tensor, let type):
            Diagnostic(
                "tensor \(tensor) in \"\(path)\" is of type \(type); amp computes with F32, F16, BF16 and F64",
                hints: ["convert the weights to one of these"])
        case .configuration(let path, let key, let expected, let found):
            Diagnostic("\"\(path)\": \(key) should be \(expected), found \(found)")
        case .contradiction(let path, let key, let configured, let tensor, let found):
            Diagnostic(
                "\"\(path)\" contradicts the weights: \(key) says \(configured), tensor \(tensor) says \(found)",
                hints: [
                    "check that the two belong together; a model pruned elsewhere needs its true sizes in the config"
                ])
        case .unknownHeads(let path, let width):
            Diagnostic(
                "no file says how many attention heads \"\(path)\" has, and its width \(width) has no usual number",
                hints: ["say it: load \"…\" heads=3"])
        case .headsContradict(let path, let configured, let given):
            Diagnostic(
                "heads=\(given) contradicts \"\(path)\", which says \(configured) heads", hints: ["leave heads= out"])
        case .headsDoNotDivide(let heads, let width):
            Diagnostic("heads=\(heads) is impossible: it does not divide the width \(width)")
        case .gridDoesNotFit(let path, let grid, let tensor, let rows):
            Diagnostic(
                "grid=\"\(grid.height)x\(grid.width)\" does not fit \"\(path)\": tensor \(tensor) has \(rows) rows",
                notes: ["a grid of \(grid) needs \(grid.area), and one for each token with a position in front of it"],
                hints: ["give the grid of the checkpoint's own image size, not of the images you will use"])
        case .nonFiniteWeight(let path, let tensor, let index, let value):
            Diagnostic(
                "tensor \(tensor) in \"\(path)\" holds \(value.isNaN ? "NaN" : "an infinite value") at element \(index)",
                hints: ["the checkpoint is damaged or its training diverged: use another one"])
        case .nonFiniteFeature(let image):
            Diagnostic(
                "the features of image \(image + 1) are not numbers, though the weights are",
                notes: ["some activation grows beyond float32"],
                hints: ["check that this preprocessing suits the model"])
        case .channels(let expected, let found):
            Diagnostic("the model takes images of \(expected) channels, the data has \(found)")
        case .imageSize(let height, let width, let patchHeight, let patchWidth):
            Diagnostic(
                "images of \(height)×\(width) do not split into patches of \(patchHeight)×\(patchWidth)",
                hints: ["prepare images whose sides are multiples of the patch size"])
        case .textLength(let longest, let found):
            Diagnostic(
                "texts of \(found) tokens are too long: the model has positions for \(longest)",
                hints: ["cut the texts to \(longest) tokens"])
        case .tokenOutOfRange(let text, let token, let vocabulary):
            Diagnostic(
                "text \(text + 1) has the token id \(token), the model's vocabulary ends at \(vocabulary - 1)",
                hints: ["use the tokenizer that belongs to the model"])
        case .segmentOutOfRange(let text, let segment, let segments):
            Diagnostic("text \(text + 1) has the segment \(segment), the model knows \(segments)")
        case .wrongInput(let takesImages):
            Diagnostic(
                takesImages
                    ? "the model takes images, the data are texts" : "the model takes texts, the data are images",
                hints: [
                    takesImages
                        ? "list images: data \"folder/\""
                        : "list token ids: data \"tokens.safetensors\" tensor=input_ids"
                ])
        }
    }

    /// What an unknown checkpoint looks like, and what it lacks of the family it resembles most.
    private static func unknown(_ path: String, _ patterns: [NamePattern], _ nearest: NearestFamily?) -> Diagnostic {
        let shown = 12
        let lines = patterns.prefix(shown).map { pattern in
            "\(pattern.count > 1 ? "\(pattern.count) × " : "")\(pattern.name) \(shape(pattern.shape))"
        }
        var notes = ["it holds: " + (lines.isEmpty ? "no tensors" : lines.joined(separator: ", "))]
        if patterns.count > shown { notes[0] += ", and \(patterns.count - shown) more kinds" }
        if let nearest {
            notes.append(
                "nearest is \(nearest.family.title), of which it lacks \(nearest.missing.prefix(4).joined(separator: ", "))"
                    + (nearest.missing.count > 4 ? " and \(nearest.missing.count - 4) more" : ""))
        }
        return Diagnostic(
            "\"\(path)\" is of no family that amp knows", notes: notes,
            hints: ["amp knows: " + Dialect.families.map(\.title).joined(separator: ", ")])
    }
}
