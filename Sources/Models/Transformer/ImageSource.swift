import Tensor

/// Preprocessed images, all of one shape, in a fixed order.
package protocol ImageSource: Sendable {
    var count: Int { get }
    var channels: Int { get }
    var height: Int { get }
    var width: Int { get }

    /// Images `range` as (n, channels, height, width).
    func load(_ range: Range<Int>) throws -> FloatBuffer
}

/// Images that are in memory already: (n, channels, height, width).
package struct LoadedImages: ImageSource {
    package let buffer: FloatBuffer

    package init(_ buffer: FloatBuffer) { self.buffer = buffer }

    package var count: Int { buffer.shape[0] }
    package var channels: Int { buffer.shape[1] }
    package var height: Int { buffer.shape[2] }
    package var width: Int { buffer.shape[3] }

    package func load(_ range: Range<Int>) -> FloatBuffer {
        let part = FloatBuffer([range.count, channels, height, width])
        part.pointer.update(from: buffer.row(range.lowerBound), count: part.count)
        return part
    }
}

/// How images are cut into units that one thread works on from end to end.
///
/// A unit has about as many rows as keep the matrix products busy. Its size depends on the number of tokens alone, so
/// that the same images give the same bits on any number of cores.
package struct Units: Sendable {
    package let images: Int
    package let size: Int

    package init(images: Int, tokens: Int) {
        self.images = images
        var size = 1
        while size * 2 * tokens <= 900 { size *= 2 }
        self.size = size
    }

    package var count: Int { (images + size - 1) / size }

    package func range(_ unit: Int) -> Range<Int> { (unit * size)..<min((unit + 1) * size, images) }
}
