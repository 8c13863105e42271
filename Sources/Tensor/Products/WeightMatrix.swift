/// The matrix of a linear layer (outputs, inputs), with the packed forms that products with it want.
///
/// They are made when they are first needed and kept with the matrix. Where memory is short, or amp was built for a
/// processor without the kernel, the BLAS library multiplies by the matrix as it is.
package final class WeightMatrix: Sendable {
    /// The values, row by row.
    package let view: FloatView
    package let isPacked: Bool
    private let forward = Locked<PackedMatrix?>(nil)
    private let backward = Locked<PackedMatrix?>(nil)

    package init(_ view: FloatView, isPacked: Bool) {
        self.view = view
        self.isPacked = isPacked && PackedMatrix.isSupported
    }

    package var outputs: Int { view.shape[0] }
    /// The entries of a row, which a convolution's weight has along several axes.
    package var inputs: Int { view.shape.dropFirst().reduce(1, *) }

    /// y = start + x·Wᵀ over rows: x (rows, inputs) → y (rows, outputs).
    ///
    /// - Parameter prefix: how many leading inputs take part; nil for all.
    package func multiply(
        _ x: UnsafePointer<Float>, stride: Int? = nil, rows: Int, inputs prefix: Int? = nil,
        start: ProductStart = .zero,
        into y: UnsafeMutablePointer<Float>, resultStride: Int? = nil
    ) {
        let lda = stride ?? inputs
        let ldc = resultStride ?? outputs
        guard !isPacked else {
            packed(forward, depth: inputs, columns: outputs, .transposed)
                .multiply(x, lda: lda, rows: rows, depth: prefix, start: start, into: y, ldc: ldc)
            return
        }
        if case .bias(let bias) = start { fillRows(y, with: bias, rows: rows, columns: outputs, stride: ldc) }
        Tensor.multiply(
            rows, outputs, prefix ?? inputs, x, lda: lda, view.base, ldb: inputs, .transposed, into: y, ldc: ldc,
            accumulating: start.isThere)
    }

    /// The way back: dx = dy·W, or dx += dy·W where `accumulating`, over rows: dy (rows, outputs) → dx (rows, inputs).
    package func multiplyBackward(
        gradient dy: UnsafePointer<Float>, stride: Int? = nil, rows: Int, into dx: UnsafeMutablePointer<Float>,
        accumulating: Bool = false
    ) {
        guard !isPacked else {
            packed(backward, depth: outputs, columns: inputs, .plain)
                .multiply(
                    dy, lda: stride ?? outputs, rows: rows, start: accumulating ? .result : .zero, into: dx, ldc: inputs
                )
            return
        }
        Tensor.multiply(
            rows, inputs, outputs, dy, lda: stride ?? outputs, view.base, ldb: inputs, .plain, into: dx, ldc: inputs,
            accumulating: accumulating)
    }

    private func packed(
        _ form: Locked<PackedMatrix?>, depth: Int, columns: Int, _ orientation: Orientation
    ) -> PackedMatrix {
        form.withLock { form in
            if let form { return form }
            let made = PackedMatrix(view.base, depth: depth, columns: columns, stride: inputs, orientation)
            form = made
            return made
        }
    }
}

extension ProductStart {
    /// Whether the result's place holds what the product is added to.
    fileprivate var isThere: Bool {
        switch self {
        case .zero: false
        case .bias, .result: true
        }
    }
}
