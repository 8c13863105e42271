/// The matrix of a linear layer (outputs, inputs), with the forms that products with it want.
///
/// They are made when they are first needed and kept with the matrix.
package final class WeightMatrix: Sendable {
    /// The values, row by row.
    package let view: FloatView
    package let form: Form
    private let forward = Locked<PackedMatrix?>(nil)
    private let backward = Locked<PackedMatrix?>(nil)
    private let narrow = Locked<BFloat16Matrix?>(nil)

    /// What products are made with.
    package enum Form: Sendable {
        /// The matrix as it is, by the BLAS library: for where memory is short.
        case plain
        /// Packed once a direction; the same as plain where amp was built for a processor without the kernel.
        case packed
        /// Both operands rounded to bfloat16, the matrix once.
        case bfloat16(any BFloat16Library)
    }

    package init(_ view: FloatView, _ form: Form) {
        self.view = view
        if case .packed = form, !PackedMatrix.isSupported {
            self.form = .plain
        } else {
            self.form = form
        }
    }

    package convenience init(_ view: FloatView, isPacked: Bool) { self.init(view, isPacked ? .packed : .plain) }

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
        if case .packed = form {
            packed(forward, depth: inputs, columns: outputs, .transposed)
                .multiply(x, lda: lda, rows: rows, depth: prefix, start: start, into: y, ldc: ldc)
            return
        }
        if case .bias(let bias) = start { fillRows(y, with: bias, rows: rows, columns: outputs, stride: ldc) }
        if case .bfloat16(let library) = form {
            narrowed.multiply(
                library, x, lda: lda, rows: rows, n: outputs, k: prefix ?? inputs, .transposed, into: y, ldc: ldc,
                accumulating: start.isThere)
        } else {
            Tensor.multiply(
                rows, outputs, prefix ?? inputs, x, lda: lda, view.base, ldb: inputs, .transposed, into: y, ldc: ldc,
                accumulating: start.isThere)
        }
    }

    /// The way back: dx = dy·W, or dx += dy·W where `accumulating`, over rows: dy (rows, outputs) → dx (rows, inputs).
    package func multiplyBackward(
        gradient dy: UnsafePointer<Float>, stride: Int? = nil, rows: Int, into dx: UnsafeMutablePointer<Float>,
        accumulating: Bool = false
    ) {
        let lda = stride ?? outputs
        switch form {
        case .packed:
            packed(backward, depth: outputs, columns: inputs, .plain)
                .multiply(dy, lda: lda, rows: rows, start: accumulating ? .result : .zero, into: dx, ldc: inputs)
        case .bfloat16(let library):
            narrowed.multiply(
                library, dy, lda: lda, rows: rows, n: inputs, k: outputs, .plain, into: dx, ldc: inputs,
                accumulating: accumulating)
        case .plain:
            Tensor.multiply(
                rows, inputs, outputs, dy, lda: lda, view.base, ldb: inputs, .plain, into: dx, ldc: inputs,
                accumulating: accumulating)
        }
    }

    /// Serves both directions.
    private var narrowed: BFloat16Matrix {
        narrow.withLock { form in
            if let form { return form }
            let made = BFloat16Matrix(view.base, rows: outputs, columns: inputs)
            form = made
            return made
        }
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
