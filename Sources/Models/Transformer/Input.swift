import Tensor

/// The shape of one input.
package enum InputShape: Sendable, Hashable {
    case image(channels: Int, extent: Extent)
    /// Token ids, padded to one length.
    case text(length: Int)
}

/// Inputs of a model, all of one shape, in a fixed order.
package protocol InputSource: Sendable {
    var count: Int { get }
    var shape: InputShape { get }

    func load(_ range: Range<Int>) throws -> Inputs
}

/// Some inputs in memory.
package enum Inputs: Sendable {
    /// Preprocessed images (n, channels, height, width).
    case images(FloatBuffer)
    case texts(TokenBatch)

    package var count: Int {
        switch self {
        case .images(let pixels): pixels.shape[0]
        case .texts(let batch): batch.count
        }
    }

    /// Some inputs of one shape after another.
    package init(joining parts: [Inputs], shape: InputShape) {
        switch shape {
        case .image(let channels, let extent):
            let count = parts.reduce(0) { $0 + $1.count }
            let pixels = FloatBuffer([count, channels, extent.height, extent.width])
            var row = 0
            for case .images(let part) in parts {
                pixels.row(row).update(from: part.pointer, count: part.count)
                row += part.shape[0]
            }
            self = .images(pixels)
        case .text(let length):
            let batches = parts.compactMap { part in if case .texts(let batch) = part { batch } else { nil } }
            let segments = batches.compactMap(\.segments)
            let masks = batches.compactMap(\.mask)
            self = .texts(
                TokenBatch(
                    length: length, ids: batches.flatMap(\.ids),
                    segments: segments.count == batches.count ? segments.flatMap { $0 } : nil,
                    mask: masks.count == batches.count ? masks.flatMap { $0 } : nil))
        }
    }

    /// What attention and readout have to know of some of these inputs.
    package func sequences(_ range: Range<Int>) -> Sequences {
        switch self {
        case .images: Sequences(count: range.count)
        case .texts(let batch): batch.sequences(range)
        }
    }
}

/// Texts as token ids, padded to one length.
package struct TokenBatch: Sendable {
    package let length: Int
    /// (n, length)
    package let ids: [Int32]
    /// The segment of each token (n, length), where given; 0 otherwise.
    package let segments: [Int32]?
    /// Whether each token is part of the text rather than padding (n, length), where given; all are otherwise.
    package let mask: [Bool]?

    package init(length: Int, ids: [Int32], segments: [Int32]? = nil, mask: [Bool]? = nil) {
        self.length = length
        self.ids = ids
        self.segments = segments
        self.mask = mask
    }

    package var count: Int { length == 0 ? 0 : ids.count / length }

    func sequences(_ range: Range<Int>) -> Sequences {
        let part = (range.lowerBound * length)..<(range.upperBound * length)
        // Not infinite, so that a text of padding alone attends to all of it evenly, as in the libraries.
        let bias = mask.map { mask in
            FloatView(FloatBuffer([range.count, length], mask[part].map { $0 ? 0 : -1e30 }))
        }
        return Sequences(count: range.count, keyBias: bias, ids: Array(ids[part]))
    }

    package func part(_ range: Range<Int>) -> TokenBatch {
        let part = (range.lowerBound * length)..<(range.upperBound * length)
        return TokenBatch(
            length: length, ids: Array(ids[part]), segments: segments.map { Array($0[part]) },
            mask: mask.map { Array($0[part]) })
    }
}

/// What attention and readout have to know of the inputs that are worked on.
package struct Sequences: Sendable {
    package let count: Int
    /// Added to every score of a key (count, tokens), where there is padding.
    let keyBias: FloatView?
    /// The ids of texts (count, tokens).
    let ids: [Int32]?

    package init(count: Int) { self.init(count: count, keyBias: nil, ids: nil) }

    init(count: Int, keyBias: FloatView?, ids: [Int32]?) {
        self.count = count
        self.keyBias = keyBias
        self.ids = ids
    }

    func keyBias(of index: Int) -> UnsafePointer<Float>? {
        keyBias.map { $0.base + index * $0.shape[1] }
    }
}

/// Images that are in memory already: (n, channels, height, width).
package struct LoadedImages: InputSource {
    package let buffer: FloatBuffer

    package init(_ buffer: FloatBuffer) { self.buffer = buffer }

    package var count: Int { buffer.shape[0] }
    package var shape: InputShape {
        .image(channels: buffer.shape[1], extent: Extent(height: buffer.shape[2], width: buffer.shape[3]))
    }

    package func load(_ range: Range<Int>) -> Inputs {
        let part = FloatBuffer([range.count] + buffer.shape.dropFirst())
        part.pointer.update(from: buffer.row(range.lowerBound), count: part.count)
        return .images(part)
    }
}

/// Texts that are in memory already.
package struct LoadedTexts: InputSource {
    package let batch: TokenBatch

    package init(_ batch: TokenBatch) { self.batch = batch }

    package var count: Int { batch.count }
    package var shape: InputShape { .text(length: batch.length) }

    package func load(_ range: Range<Int>) -> Inputs { .texts(batch.part(range)) }
}

/// The tokens that one input becomes.
package struct TokenShape: Sendable, Hashable {
    package let count: Int
    /// The patch grid and the size of the image they were cut from; nil for texts.
    package let grid: Extent?
    package let image: Extent?

    package init(count: Int, grid: Extent?, image: Extent?) {
        self.count = count
        self.grid = grid
        self.image = image
    }

    package var patches: Int { grid?.area ?? 0 }
}

/// How inputs are cut into units that one thread works on from end to end.
///
/// A unit has about as many rows as keep the matrix products busy. Its size depends on the number of tokens alone, so
/// that the same inputs give the same bits on any number of cores.
package struct Units: Sendable {
    package let inputs: Int
    package let size: Int

    /// - Parameter most: inputs that a unit has at most, where it should not reach over several batches.
    package init(inputs: Int, tokens: Int, atMost most: Int = .max) {
        self.inputs = inputs
        var size = 1
        while size * 2 * tokens <= Strips.rows, size <= most / 2 { size *= 2 }
        self.size = size
    }

    package var count: Int { (inputs + size - 1) / size }
    /// How the threads share them.
    package var spread: Spread { Spread(units: count) }

    package func range(_ unit: Int) -> Range<Int> { (unit * size)..<min((unit + 1) * size, inputs) }
}
