/// A library's model class that models of other libraries can be written for: what it can be told to be.
struct TargetClass: Sendable {
    /// Whether the class has a part.
    enum Presence: Sendable { case never, optional, always }

    let library: ModelLibrary
    let dialect: Dialect
    /// The families of other libraries that are the same model.
    let sources: [Dialect]
    /// Whether it is the one for a model, where a library has several.
    var suits: @Sendable (Architecture, TensorLayout) -> Bool = { _, _ in true }
    /// What stands before the names: of a bare encoder, of one with a classifier.
    var prefix: @Sendable (Architecture) -> String = { _ in "" }
    /// Where texts have their tower.
    var textPrefix = ""
    /// Whether class token and positions have an axis for the batch in front.
    var hasBatchAxis = true

    var distillationToken = Presence.never
    var registers = Presence.never
    /// How many of the leading tokens have a position.
    var positioned: @Sendable (ImageEmbedding) -> Int = {
        ($0.hasClassToken ? 1 : 0) + ($0.hasDistillationToken ? 1 : 0)
    }
    /// Whether it can be told that no leading token has one, where there are registers.
    var canPositionPatchesOnly = false
    var patchBias = Presence.always
    var queryBias = Presence.optional
    var embeddingNorm = Presence.never
    var layerScale = Presence.never
    var allowsGate = false
    /// Whether a mask token, which no feature needs, is part of the class; it is zero where the source has none.
    var maskToken: String?
    /// The epsilon of its norms, where no configuration can change it.
    var normEpsilon: Float?
    var heads: [Head.Input] = []
    /// A projection, and a tower of texts beside that of images.
    var isDual = false
    var isSquare = false
    var resampling: @Sendable (ImageEmbedding) -> Positions.Resampling = { _ in .bicubic }

    static let all = [timm, huggingFaceDeiT, huggingFaceDINOv2, huggingFaceViT, huggingFaceCLIP, openCLIP]

    /// The class of a library for a model.
    static func of(
        _ library: ModelLibrary, for model: Architecture, _ layout: TensorLayout
    ) throws(ConversionError) -> TargetClass {
        let counterparts = all.filter { $0.sources.contains { $0.family == model.family } }
        guard let found = counterparts.first(where: { $0.library == library && $0.suits(model, layout) }) else {
            let libraries = ModelLibrary.allCases.filter { library in counterparts.contains { $0.library == library } }
            throw .noCounterpart(family: model.family, library: library, libraries: libraries)
        }
        return found
    }
}

extension TargetClass {
    /// timm's `VisionTransformer` and `VisionTransformerDistilled`.
    static let timm = TargetClass(
        library: .timm, dialect: .timmViT,
        sources: [.huggingFaceViT, .huggingFaceDeiT, .huggingFaceDINOv2, .officialDINOv2],
        distillationToken: .optional, registers: .optional, positioned: { $0.prefixTokens },
        canPositionPatchesOnly: true, layerScale: .optional,
        allowsGate: true, normEpsilon: 1e-6, heads: [.feature, .classAndDistillationTokens],
        resampling: { _ in .antialiasedBicubic })

    /// Hugging Face's `ViTModel` and `ViTForImageClassification`.
    static let huggingFaceViT = TargetClass(
        library: .huggingFace, dialect: .huggingFaceViT, sources: [.timmViT],
        prefix: { $0.head == nil ? "" : "vit." }, heads: [.feature])

    /// Hugging Face's `DeiTModel` and `DeiTForImageClassificationWithTeacher`.
    static let huggingFaceDeiT = TargetClass(
        library: .huggingFace, dialect: .huggingFaceDeiT, sources: [.timmViT],
        suits: { architecture, _ in architecture.image?.hasDistillationToken ?? false },
        prefix: { $0.head == nil ? "" : "deit." }, distillationToken: .always,
        heads: [.classAndDistillationTokens])

    /// Hugging Face's `Dinov2Model` and `Dinov2WithRegistersModel`.
    static let huggingFaceDINOv2 = TargetClass(
        library: .huggingFace, dialect: .huggingFaceDINOv2, sources: [.timmViT, .officialDINOv2],
        suits: { architecture, layout in
            architecture.family == Dialect.officialDINOv2.family || architecture.isGated
                || layout.blocks.contains { $0.attentionScale != nil }
        },
        registers: .optional, layerScale: .always, allowsGate: true, maskToken: "embeddings.mask_token",
        isSquare: true, resampling: { $0.registers > 0 ? .antialiasedBicubic : .bicubic })

    /// Hugging Face's `CLIPModel`.
    static let huggingFaceCLIP = TargetClass(
        library: .huggingFace, dialect: .huggingFaceCLIP, sources: [.openCLIP], prefix: { _ in "vision_model." },
        textPrefix: "text_model.", hasBatchAxis: false, patchBias: .never, queryBias: .always, embeddingNorm: .always,
        isDual: true, isSquare: true)

    /// OpenCLIP's `CLIP`.
    static let openCLIP = TargetClass(
        library: .openCLIP, dialect: .openCLIP, sources: [.huggingFaceCLIP], prefix: { _ in "visual." },
        hasBatchAxis: false, patchBias: .never, queryBias: .always, embeddingNorm: .always,
        isDual: true, isSquare: true, resampling: { _ in .antialiasedBicubic })
}
