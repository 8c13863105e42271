import Models

/// The model and the images that are measured.
struct Subject {
    let model: Model
    let transformer: Transformer
    let images: RandomImages
    /// Of a forward pass.
    let flopsPerImage: Double

    /// - Parameter different: how many of the images are different ones; all of them unless given.
    init(_ folder: String, images count: Int, different: Int? = nil) throws {
        model = try Model(path: folder)
        let kept = KeptNeurons(allOf: model.architecture.depth)
        transformer = try model.transformer(keeping: kept)
        images = RandomImages(count: count, different: different)
        flopsPerImage = Double(model.cost(keeping: kept, of: try transformer.tokens(of: images.shape)).flops)
    }

    var depth: Int { model.architecture.depth }
}
