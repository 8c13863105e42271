/// What one tensor of a checkpoint is, wherever it lies.
package struct TensorInfo: Sendable, Equatable {
    package let type: ElementType
    package let shape: [Int]

    package init(type: ElementType, shape: [Int]) {
        self.type = type
        self.shape = shape
    }

    package var count: Int { shape.reduce(1, *) }

    /// The bytes that a shape takes, or nil where no file could hold them or a size is negative.
    ///
    /// A size of 0 makes it 0 bytes, but the other sizes must fit a number even then: one row of it may be asked for.
    static func byteCount(_ type: ElementType, _ shape: [Int]) -> Int? {
        var bytes = type.size
        for size in shape {
            guard size >= 0 else { return nil }
            let (product, overflow) = bytes.multipliedReportingOverflow(by: max(size, 1))
            guard !overflow else { return nil }
            bytes = product
        }
        return shape.contains(0) ? 0 : bytes
    }
}
