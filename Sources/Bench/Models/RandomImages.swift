import Checkpoints
import Models
import Tensor

/// Images of random pixels, normally distributed as normalised images are, without a preprocessing of their own.
///
/// A few are drawn and come again and again, so that the cost of many can be measured without the memory for them.
struct RandomImages: InputSource {
    let count: Int
    private let drawn: FloatBuffer
    private static let side = RandomViT.image
    private static let pixels = 3 * side * side

    /// - Parameter different: how many are drawn; all of them unless given.
    init(count: Int, different: Int? = nil) {
        self.count = count
        let drawn = max(1, min(count, different ?? count))
        self.drawn = FloatBuffer(
            [drawn, 3, Self.side, Self.side], randomNormals(drawn * Self.pixels, deviation: 1, seed: 1))
    }

    var shape: InputShape { .image(channels: 3, extent: Extent(square: Self.side)) }

    func load(_ range: Range<Int>) -> Inputs {
        let part = FloatBuffer([range.count] + drawn.shape.dropFirst())
        for (row, index) in range.enumerated() {
            part.row(row).update(from: drawn.row(index % drawn.shape[0]), count: Self.pixels)
        }
        return .images(part)
    }

    /// Writes the images as the tensor `images` of a safetensors file.
    func write(to path: String) throws {
        let file = try StagedFile(target: path)
        try SafetensorsWriter.write(
            [TensorSource(name: "images", shape: drawn.shape, floats: drawn.values)], metadata: nil, to: file)
        try file.commit()
    }
}
