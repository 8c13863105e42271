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
        // A layer's bias says nothing that its weight doesn't.
        let names = Set(patterns.map(\.name))
        let telling = patterns.filter { pattern in
            !pattern.name.hasSuffix(".bias") || !names.contains(pattern.name.dropLast(4) + "weight")
        }
        let shown = telling.prefix(12)
        let most = String(shown.map(\.count).max() ?? 0).count
        let titles = shown.map { $0.name.filter { !$0.isNewline } }
        // Shapes stand below one another, unless a name is so long that lines would be too.
        let longest = min(52, titles.map(\.count).max() ?? 0)
        let kinds = zip(shown, titles).map { pattern, title in
            let count = String(pattern.count)
            let gap = max(0, longest - title.count) + 2
            return String(repeating: " ", count: most - count.count) + "\(count) × \(title)"
                + String(repeating: " ", count: gap) + shape(pattern.shape)
        }
        let more = telling.count - shown.count
        var notes = [
            kinds.isEmpty
                ? "it holds no tensors"
                : (telling.count < patterns.count ? "beside biases it holds" : "it holds")
                    + lines(kinds + (more > 0 ? ["and \(more) more kinds of tensors"] : []))
        ]
        if let nearest {
            let missing = nearest.missing.prefix(6)
            let more = nearest.missing.count - missing.count
            notes.append(
                "nearest is \(nearest.family.title), of which it lacks"
                    + lines(missing + (more > 0 ? ["and \(more) more"] : [])))
        }
        return Diagnostic(
            "\"\(path)\" is of no family that amp knows", notes: notes,
            hints: ["amp knows: " + Dialect.families.map(\.title).joined(separator: ", ")])
    }

    /// Lines of their own below a note.
    private static func lines(_ lines: [String]) -> String { lines.map { "\n    " + $0 }.joined() }
}
