import Evaluation
import Language

extension Problem {
    static func words(_ error: TextTaskError) -> Diagnostic {
        switch error {
        case .noTextTower(let model, let holdsTexts, let what): noTextTower(model, holdsTexts, what)
        case .otherEnd(let path, let end, let model, let expected):
            Diagnostic(
                "the tokenizer ends texts with the token \(end), '\(model)' reads them at \(expected)",
                notes: ["it was read from \"\(path)\""],
                hints: ["put the tokenizer files that belong to the model beside it"])
        case .unknownCleaning(let model, let cleaning):
            Diagnostic(
                "the configuration of '\(model)' asks for texts to be cleaned by '\(cleaning)', which amp does not have",
                hints: [madeElsewhere])
        case .noClassNames(let data):
            Diagnostic(
                "the classes of '\(data)' have no names, which zero-shot classification needs",
                hints: ["name them, one a line: evaluate zeroshot classes=\"names.txt\"", madeElsewhere])
        case .classesNotListed(let data, let missing, let list):
            Diagnostic(
                missing.isEmpty
                    ? "\"\(list)\" lists classes of '\(data)' twice, or in another order than the class folders"
                    : "\"\(list)\" lists some classes of '\(data)', but not \(listed(missing))",
                hints: ["list each class folder's name, or other names for all of them in the folders' order"])
        case .classCount(let data, let classes, let list, let found):
            Diagnostic(
                "'\(data)' has \(classes) classes, \"\(list)\" has \(found)",
                notes: ["they are not called as the class folders are, so that their order counts"],
                hints: ["list one for each class folder, in the order of the folders' names"])
        case .labelBeyondClasses(let data, let label, let classes, let list):
            Diagnostic(
                "'\(data)' has the label \(label), \"\(list)\" has \(classes) classes (0 to \(classes - 1))",
                hints: ["list a class for every label, beginning with that of label 0"])
        case .noEmbeddings(let path, let tensor, let matrices):
            Diagnostic(
                tensor.map { "there is no tensor \($0) in \"\(path)\"" }
                    ?? "which tensor of \"\(path)\" holds the class embeddings?",
                notes: [matrices.isEmpty ? "no tensor there has two axes" : "it has: " + listed(matrices)],
                hints: matrices.first.map { ["say it: embeddings=\"…\" tensor=\($0)"] } ?? [])
        case .embeddingShape(let path, let tensor, let found, let width):
            Diagnostic(
                "tensor \(tensor) in \"\(path)\" has shape \(shape(found)); the model's images have embeddings of \(width)",
                hints: ["use class embeddings of the same model: (classes, \(width)) or (\(width), classes)"])
        case .embeddingNames(let path, let embeddings, let names, let list):
            Diagnostic(
                list.map { "\"\(path)\" has \(embeddings) class embeddings, \"\($0)\" \(names) names" }
                    ?? "\"\(path)\" has \(embeddings) class embeddings, but \(names) names",
                hints: ["give one name for each of them"])
        case .embeddingNotFinite(let path, let tensor, let row):
            Diagnostic(
                "tensor \(tensor) in \"\(path)\" holds a value that is not a number, in class \(row + 1)",
                hints: ["make the class embeddings anew"])
        case .templatesForEmbeddings(let span):
            Diagnostic(
                "'templates' makes class embeddings, and 'embeddings' has them already", at: span,
                label: "leave one of them out")
        case .tensorOfNothing(let span):
            Diagnostic(
                "'tensor' needs the file that holds it", at: span,
                label: "write embeddings=\"classes.safetensors\" too")
        case .noCaptions(let span):
            Diagnostic(
                "'evaluate retrieval' needs captions", at: span,
                label: "write: retrieval captions=\"captions.csv\"")
        case .noCaptionedImage(let path, let data, let named, let example, let areElsewhere):
            Diagnostic(
                areElsewhere
                    ? "\"\(path)\" is about none of the validation images of '\(data)'"
                    : "\"\(path)\" is about none of the images of '\(data)'",
                notes: ["it names \"\(named)\"; '\(data)' has \"\(example)\""],
                hints: [
                    areElsewhere
                        ? "put the images into a folder val beside train, or change split"
                        : "name images by their path within the data set, or by their file name"
                ])
        case .ambiguousCaption(let path, let image, let data, let candidates):
            Diagnostic(
                "\"\(image)\" in \"\(path)\" could be several images of '\(data)'",
                notes: ["there are: " + listed(candidates)], hints: ["name it by its path within the data set"])
        }
    }

    private static let madeElsewhere =
        "use class embeddings made elsewhere: evaluate zeroshot embeddings=\"classes.safetensors\""

    private static func noTextTower(_ model: String, _ holdsTexts: Bool, _ what: TextTaskError.Task) -> Diagnostic {
        let note =
            holdsTexts
            ? "its checkpoint holds one of a kind that amp does not have"
            : "its checkpoint holds a tower of images alone"
        let whole = "load a checkpoint with both towers: Hugging Face CLIP, OpenCLIP or EVA-CLIP"
        return switch what {
        case .classes:
            Diagnostic(
                "'\(model)' has no tower of texts to make class embeddings with", notes: [note],
                hints: (holdsTexts ? [] : [whole]) + [madeElsewhere])
        case .captions:
            Diagnostic(
                "'\(model)' has no tower of texts to read captions with", notes: [note],
                hints: [holdsTexts ? "evaluate knn and evaluate agreement need none" : whole])
        }
    }

    private static func listed(_ names: [String]) -> String {
        names.prefix(4).joined(separator: ", ") + (names.count > 4 ? ", … (\(names.count) in all)" : "")
    }

    // MARK: Embeddings

    static func words(_ error: EvaluationError) -> Diagnostic {
        switch error {
        case .widths(let images, let texts):
            Diagnostic("the images' embeddings have \(images) dimensions, the texts' \(texts)")
        case .notFinite(let side, let row):
            Diagnostic(
                "the embedding of \(noun(side)) \(row + 1) is not a number",
                notes: ["some activation grows beyond float32"])
        case .noDirection(let side, let row):
            Diagnostic("the embedding of \(noun(side)) \(row + 1) is zero, so it can't be compared")
        case .opposedTemplates(let index):
            Diagnostic("the templates' embeddings of class \(index + 1) cancel each other out")
        case .nothing(let side): Diagnostic("there are no \(noun(side))s to compare")
        case .shape(let side, let expected, let found):
            Diagnostic("the embeddings of \(noun(side))s have shape \(shape(found)), expected \(shape(expected))")
        case .labelCount(let images, let labels): Diagnostic("there are \(images) images, but \(labels) labels")
        case .labelOutOfRange(let image, let label, let classes):
            Diagnostic("image \(image + 1) has the label \(label), there are \(classes) classes")
        case .ownerCount(let texts, let owners):
            Diagnostic("there are \(texts) captions, but images for \(owners) of them")
        case .ownerOutOfRange(let text, let owner, let images):
            Diagnostic("caption \(text + 1) is about image \(owner + 1) of \(images)")
        case .imageWithoutCaption(let image): Diagnostic("image \(image + 1) has no caption")
        }
    }

    private static func noun(_ side: EvaluationError.Side) -> String {
        switch side {
        case .images: "image"
        case .texts: "text"
        }
    }
}
