import Tensor

extension DataPart {
    /// The shape (C, H, W) of images that came prepared; nil for pictures, whose shape is the preprocessing's.
    package var preparedShape: [Int]? {
        guard case .prepared(let images, _)? = items.first?.content else { return nil }
        return images.shape
    }

    /// Prepared images as they are: (range.count, C, H, W).
    /// - Throws: `ImageError.notFinite`.
    package func readPrepared(_ range: Range<Int>) throws -> FloatBuffer {
        let shape = preparedShape ?? []
        let batch = FloatBuffer([range.count] + shape)
        for (row, index) in range.enumerated() {
            guard case .prepared(let images, let place) = items[index].content else { continue }
            try images.copy(place, shape: shape, into: batch.row(row))
        }
        return batch
    }

    /// The part without the images of these names, as `verified` leaves it once their names are known.
    package func excluding(_ names: Set<String>) -> DataPart {
        names.isEmpty ? self : DataPart(role: role, items: items.filter { !names.contains($0.name) }, broken: broken)
    }
}
