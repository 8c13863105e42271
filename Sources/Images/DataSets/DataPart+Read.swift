import Tensor

extension DataPart {
    /// Reads and prepares a batch, spread over the cores.
    ///
    /// Prepared images are only copied; their shape must be that of the preprocessing.
    ///
    /// - Parameters:
    ///   - range: positions in the part
    ///   - target: room for (range.count, C, H, W) floats
    /// - Throws: the error of the first image of the range that can't be read; none after `verified`, unless files change.
    package func read(
        _ range: Range<Int>, preprocessing: Preprocessing, into target: UnsafeMutablePointer<Float>
    ) throws {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw ImageError.rangeOutOfPart(lower: range.lowerBound, upper: range.upperBound, count: count)
        }
        let errors = try attempt(range, preprocessing: preprocessing, into: target)
        if let first = errors.min(by: { $0.key < $1.key }) { throw first.value }
    }

    /// As above, into a new buffer (range.count, C, H, W).
    package func read(_ range: Range<Int>, preprocessing: Preprocessing) throws -> FloatBuffer {
        let batch = FloatBuffer([range.count] + preprocessing.shape)
        try read(range, preprocessing: preprocessing, into: batch.pointer)
        return batch
    }

    /// Reads every image once and takes the broken ones out, so that batches of the result always hold the same images.
    ///
    /// - Parameters:
    ///   - checkCancelled: called between batches; what it throws ends the work
    ///   - progress: images done and in all
    /// - Throws: `ImageError.allBroken` when no image is left. What is wrong with a whole source (the shape of a tensor, a
    ///   value that is not finite) is thrown at once.
    package func verified(
        preprocessing: Preprocessing, checkCancelled: () throws -> Void = {},
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> DataPart {
        let scratch = FloatBuffer([Self.chunk] + preprocessing.shape)
        var errors: [Int: ImageError] = [:]
        for start in stride(from: 0, to: count, by: Self.chunk) {
            try checkCancelled()
            let range = start..<min(start + Self.chunk, count)
            errors.merge(try attempt(range, preprocessing: preprocessing, into: scratch.pointer)) { first, _ in first }
            progress(range.upperBound, count)
        }
        return try without(errors)
    }

    /// Reads the whole part into memory, without the broken images.
    /// - Throws: as `verified`.
    package func load(
        preprocessing: Preprocessing, checkCancelled: () throws -> Void = {},
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> ImageBatch {
        let buffer = FloatBuffer([count] + preprocessing.shape)
        var errors: [Int: ImageError] = [:]
        for start in stride(from: 0, to: count, by: Self.chunk) {
            try checkCancelled()
            let range = start..<min(start + Self.chunk, count)
            errors.merge(try attempt(range, preprocessing: preprocessing, into: buffer.row(start))) { first, _ in first
            }
            progress(range.upperBound, count)
        }
        let part = try without(errors)
        if errors.isEmpty { return ImageBatch(part: part, values: buffer) }
        let kept = FloatBuffer([part.count] + preprocessing.shape)
        for (row, index) in (0..<count).filter({ errors[$0] == nil }).enumerated() {
            kept.row(row).update(from: buffer.row(index), count: buffer.rowCount)
        }
        return ImageBatch(part: part, values: kept)
    }

    /// Images between two looks at the cancellation.
    private static let chunk = 32

    private func without(_ errors: [Int: ImageError]) throws -> DataPart {
        if let first = errors.min(by: { $0.key < $1.key }), errors.count == count {
            throw ImageError.allBroken(count: count, first: first.value)
        }
        let found = errors.sorted { $0.key < $1.key }.map { BrokenImage(name: items[$0.key].name, error: $0.value) }
        let kept = items.indices.filter { errors[$0] == nil }.map { items[$0] }
        return DataPart(role: role, items: kept, broken: broken + found)
    }

    /// The errors of single images by position; errors of a whole source are thrown.
    private func attempt(
        _ range: Range<Int>, preprocessing: Preprocessing, into target: UnsafeMutablePointer<Float>
    ) throws -> [Int: ImageError] {
        nonisolated(unsafe) let target = target
        let values = PixelValues(preprocessing)
        let errors = Locked<[Int: ImageError]>([:])
        try Parallel.forEach(range.count) { offset in
            let index = range.lowerBound + offset
            do {
                try items[index].read(preprocessing, values, into: target + offset * preprocessing.count)
            } catch let error as ImageError {
                errors.withLock { $0[index] = error }
            }
        }
        let found = errors.withLock { $0 }
        if let first = found.filter({ $0.value.concernsSource }).min(by: { $0.key < $1.key }) { throw first.value }
        return found
    }
}

extension DataItem {
    /// Reads and prepares the image; `values` are the preprocessing's, `target` has room for (C, H, W) floats.
    func read(
        _ preprocessing: Preprocessing, _ values: PixelValues, into target: UnsafeMutablePointer<Float>
    ) throws {
        switch content {
        case .file(let path, _):
            let picture = try ImageDecoder.decode(path: path, channels: preprocessing.channels)
            values.write(try preprocessing.prepare(picture, path: path), into: target)
        case .idx(let images, let index):
            values.write(try preprocessing.prepare(images.picture(index), path: images.path), into: target)
        case .prepared(let images, let index):
            try images.copy(index, shape: preprocessing.shape, into: target)
        case .text(let texts, _):
            throw ImageError.wrongTensorShape(
                path: texts.path, tensor: texts.tensor, expected: [-1, -1, -1, -1], found: [texts.count, texts.length])
        }
    }
}

extension ImageError {
    /// Whether the error is one of a file that holds all images, not of a single image.
    fileprivate var concernsSource: Bool {
        switch self {
        case .wrongTensorShape, .notFinite: true
        default: false
        }
    }
}

/// A part in memory.
package struct ImageBatch: Sendable {
    /// The images of `values`, in their order.
    package let part: DataPart
    /// (N, C, H, W)
    package let values: FloatBuffer
}
