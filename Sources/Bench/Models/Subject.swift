import ArgumentParser
import Models
import Tensor

/// The model and the images that are measured.
struct Subject {
    let model: Model
    let transformer: Transformer
    let images: RandomImages
    /// Of a forward pass.
    let flopsPerImage: Double

    /// - Parameter different: how many of the images are different ones; all of them unless given.
    init(
        _ folder: String, images count: Int, different: Int? = nil, precision: Precision = .float32
    ) throws {
        model = try Model(path: folder)
        let kept = KeptNeurons(allOf: model.architecture.depth)
        transformer = try model.transformer(keeping: kept, precision: precision)
        images = RandomImages(count: count, different: different)
        flopsPerImage = Double(model.cost(keeping: kept, of: try transformer.tokens(of: images.shape)).flops)
    }

    var depth: Int { model.architecture.depth }
}

extension Precision: ExpressibleByArgument {}

extension Precision {
    /// The library that multiplies, where it is not the one for float32.
    var library: String? { self == .float32 ? nil : (try? Precision.bfloat16Library)?.name }
}
