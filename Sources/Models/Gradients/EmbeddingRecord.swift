import Tensor

/// What all units leave behind of the embedding on the way back.
struct EmbeddingRecord: Sendable {
    private let width: Int
    private let shape: TokenShape
    private let norm: FloatBuffer
    /// The pixels of all patches (inputs, patches, pixels), and ∂E/∂ their tokens (inputs, patches, width).
    private let pixels: FloatBuffer?
    private let dPatches: FloatBuffer?
    private let pixelsPerPatch: Int
    /// Σ over inputs of ∂E/∂ each token (tokens, width).
    private let tokenSums: FloatBuffer

    init(_ transformer: Transformer, inputs: Int, units: Int, shape: TokenShape) {
        width = transformer.architecture.width
        self.shape = shape
        norm = FloatBuffer([units, 2 * width])
        pixelsPerPatch = Self.pixelsPerPatch(transformer)
        let hasPatches = shape.patches > 0
        pixels = hasPatches ? FloatBuffer([inputs, shape.patches * pixelsPerPatch]) : nil
        dPatches = hasPatches ? FloatBuffer([inputs, shape.patches * width]) : nil
        tokenSums = FloatBuffer([shape.count, width], filledWith: 0)
    }

    private static func pixelsPerPatch(_ transformer: Transformer) -> Int {
        transformer.architecture.image.map { $0.channels * $0.patch.area } ?? 0
    }

    /// Floats that a record takes for one input.
    static func size(_ transformer: Transformer, shape: TokenShape) -> Int {
        shape.patches * (pixelsPerPatch(transformer) + transformer.architecture.width)
    }

    /// Of one unit: ∂E/∂ its tokens (inputs, tokens, width), through the embedding norm in place.
    func record(
        _ transformer: Transformer, _ inputs: Inputs, _ range: Range<Int>, gradient d: UnsafeMutablePointer<Float>,
        unit: Int, firstInput: Int, workspaces: WorkspacePool
    ) throws(ModelError) {
        let rows = range.count * shape.count
        if let embeddingNorm = transformer.embeddingNorm {
            let (raw, above) = (FloatBuffer([rows, width]), FloatBuffer([rows, width]))
            try transformer.embedUnnormalised(inputs, range, shape: shape, into: raw.pointer, workspaces: workspaces)
            above.pointer.update(from: d, count: rows * width)
            d.update(repeating: 0, count: rows * width)
            norm.row(unit).update(repeating: 0, count: 2 * width)
            embeddingNorm.applyBackward(
                raw.pointer, rows: rows, gradient: above.pointer, addingTo: d,
                sums: NormSums(norm.row(unit), columns: width))
        }
        guard let pixels, let dPatches, case .images(let images) = inputs, let sizes = transformer.architecture.image,
            let extent = shape.image, let grid = shape.grid
        else { return }
        for (place, image) in range.enumerated() {
            transformer.cut(
                images.row(image), extent: extent, grid: grid, sizes: sizes, into: pixels.row(firstInput + place))
            dPatches.row(firstInput + place).update(
                from: d + (place * shape.count + sizes.prefixTokens) * width, count: dPatches.rowCount)
        }
    }

    /// - Parameter d: ∂E/∂ all tokens of these inputs (inputs, tokens, width).
    func reduce(
        _ layout: TensorLayout, _ inputs: Inputs, _ range: Range<Int>, gradient d: FloatBuffer, units: Int,
        _ gradients: Gradients, into reduction: inout Reduction
    ) {
        reduction.norm(layout.embeddingNorm, gradients, norm, columns: width, units: units)
        for token in 0..<shape.count {
            reduction.sum(
                into: tokenSums, at: token * width, columns: width,
                .init(values: d, stride: shape.count * width, column: token * width), rows: range.count)
        }
        if let pixels, let dPatches {
            reduction.linear(
                layout.patchEmbedding, gradients, .init(values: dPatches, stride: width),
                .init(values: pixels, stride: pixelsPerPatch), inputs: pixelsPerPatch, rows: range.count * shape.patches
            )
        }
        guard case .texts(let batch) = inputs else { return }
        let first = range.lowerBound * batch.length
        let places = first..<(first + range.count * batch.length)
        scatter(d, to: gradients[layout.words], batch.ids[places], into: &reduction)
        let segments = batch.segments?[places] ?? Array(repeating: 0, count: places.count)[...]
        scatter(d, to: gradients[layout.segments], segments, into: &reduction)
    }

    /// Adds each token's gradient to the row that it was taken from.
    private func scatter(
        _ d: FloatBuffer, to target: FloatBuffer?, _ rows: ArraySlice<Int32>, into reduction: inout Reduction
    ) {
        guard let target else { return }
        let width = width
        let accumulating = reduction.accumulating
        for first in stride(from: 0, to: width, by: 64) {
            let columns = first..<min(first + 64, width)
            reduction.add {
                if !accumulating {
                    for row in 0..<target.shape[0] {
                        (target.row(row) + first).update(repeating: 0, count: columns.count)
                    }
                }
                for (place, row) in rows.enumerated() {
                    let (above, below) = (d.pointer + place * width, target.row(Int(row)))
                    for column in columns { below[column] += above[column] }
                }
            }
        }
    }

    /// Shares the tokens' sums out to leading tokens and positions.
    func finish(_ layout: TensorLayout, _ transformer: Transformer, _ gradients: Gradients) {
        var token = 0
        for reference in layout.prefixTokens {
            let count = reference.shape.reduce(1, *) / max(1, width)
            gradients[reference]?.pointer.update(from: tokenSums.row(token), count: count * width)
            token += count
        }
        guard let dPositions = gradients[layout.positions] else { return }
        guard let positions = transformer.architecture.image?.positions, let grid = shape.grid else {
            // A text's positions, of which a short one has the first.
            dPositions.pointer.update(repeating: 0, count: dPositions.count)
            dPositions.pointer.update(from: tokenSums.pointer, count: tokenSums.count)
            return
        }
        let patches = tokenSums.row(transformer.architecture.prefixTokens)
        let target = dPositions.pointer + positions.prefix * width
        dPositions.pointer.update(from: tokenSums.pointer, count: positions.prefix * width)
        if grid == positions.grid {
            target.update(from: patches, count: grid.area * width)
        } else {
            PositionTable.resampleBackward(
                gradient: patches, width: width, from: positions.grid, to: grid, by: positions.resampling, into: target)
        }
    }
}
