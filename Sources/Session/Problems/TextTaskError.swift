import Language

/// What can be wrong with images, texts and classes that are to be compared.
enum TextTaskError: Error {
    /// What a tower of texts is needed for.
    enum Task { case classes, captions }

    /// `holdsTexts`: the checkpoint has one of a kind that amp does not have.
    case noTextTower(model: String, holdsTexts: Bool, what: Task)
    /// The tokenizer ends texts with another token than the tower reads them at.
    case otherEnd(path: String, end: Int, model: String, expected: Int)
    /// The configuration asks for texts to be cleaned in another way than CLIP's.
    case unknownCleaning(model: String, String)
    /// The labels are numbers, and nothing says what they are called.
    case noClassNames(data: String)
    /// Some of the class folders are listed, or in another order, but not all of them.
    case classesNotListed(data: String, missing: [String], list: String)
    case classCount(data: String, classes: Int, list: String, found: Int)
    case labelBeyondClasses(data: String, label: Int, classes: Int, list: String)
    /// No such tensor, or none or several that could be meant.
    case noEmbeddings(path: String, tensor: String?, matrices: [String])
    case embeddingShape(path: String, tensor: String, found: [Int], width: Int)
    /// `list`: where the names are from, nil for the file itself.
    case embeddingNames(path: String, embeddings: Int, names: Int, list: String?)
    case embeddingNotFinite(path: String, tensor: String, row: Int)
    case templatesForEmbeddings(at: SourceSpan)
    case tensorOfNothing(at: SourceSpan)
    case noCaptions(at: SourceSpan)
    /// `areElsewhere`: the data set has some of them, in its other part.
    case noCaptionedImage(path: String, data: String, named: String, example: String, areElsewhere: Bool)
    case ambiguousCaption(path: String, image: String, data: String, candidates: [String])
}
