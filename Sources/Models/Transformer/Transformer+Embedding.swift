import Tensor

extension Transformer {
    /// Checks that inputs of that shape suit the model and returns the tokens they become.
    package func tokens(of shape: InputShape) throws(ModelError) -> TokenShape {
        switch (architecture.embedding, shape) {
        case (.image(let a), .image(let channels, let extent)):
            guard channels == a.channels else { throw .channels(expected: a.channels, found: channels) }
            let divides = extent.height % a.patch.height == 0 && extent.width % a.patch.width == 0
            guard extent.height >= a.patch.height, extent.width >= a.patch.width, divides || a.leavesOutRemainder else {
                throw .imageSize(
                    height: extent.height, width: extent.width, patchHeight: a.patch.height, patchWidth: a.patch.width)
            }
            let grid = a.grid(of: extent)
            return TokenShape(count: a.prefixTokens + grid.area, grid: grid, image: extent)
        case (.text(let a), .text(let length)):
            guard length > 0, length <= a.length else { throw .textLength(longest: a.length, found: length) }
            return TokenShape(count: length, grid: nil, image: nil)
        case (.image, .text): throw .wrongInput(takesImages: true)
        case (.text, .image): throw .wrongInput(takesImages: false)
        }
    }

    /// Inputs `range` of some to tokens x (n, tokens, width).
    package func embed(
        _ inputs: Inputs, _ range: Range<Int>, shape: TokenShape, into x: UnsafeMutablePointer<Float>,
        workspaces: WorkspacePool
    ) throws(ModelError) {
        try embedUnnormalised(inputs, range, shape: shape, into: x, workspaces: workspaces)
        embeddingNorm?.apply(x, rows: range.count * shape.count, into: x)
    }

    /// The same without the norm that some families have after it.
    func embedUnnormalised(
        _ inputs: Inputs, _ range: Range<Int>, shape: TokenShape, into x: UnsafeMutablePointer<Float>,
        workspaces: WorkspacePool
    ) throws(ModelError) {
        switch (embedding, architecture.embedding, inputs) {
        case (.image(let weights), .image(let sizes), .images(let pixels)):
            guard let grid = shape.grid, let extent = shape.image else { throw .wrongInput(takesImages: true) }
            embed(
                pixels.row(range.lowerBound), count: range.count, extent: extent, grid: grid, weights: weights,
                sizes: sizes, into: x, workspaces: workspaces)
        case (.text(let weights), .text(let sizes), .texts(let batch)):
            try embed(batch, range, weights: weights, sizes: sizes, into: x)
        case (.image, _, _): throw .wrongInput(takesImages: true)
        case (.text, _, _): throw .wrongInput(takesImages: false)
        }
    }

    // MARK: Images

    private func embed(
        _ images: UnsafePointer<Float>, count: Int, extent: Extent, grid: Extent, weights: ImageEmbeddingWeights,
        sizes: ImageEmbedding, into x: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        let width = architecture.width
        let tokens = sizes.prefixTokens + grid.area
        let inputs = sizes.channels * sizes.patch.area
        let positions = weights.positions?.patches(on: grid)
        workspaces.borrow(grid.area * inputs) { patches in
            for image in 0..<count {
                cut(
                    images + image * sizes.channels * extent.area, extent: extent, grid: grid, sizes: sizes,
                    into: patches)
                let first = x + image * tokens * width
                let target = first + sizes.prefixTokens * width
                weights.patches.apply(patches, rows: grid.area, into: target)
                if let positions { for i in 0..<(grid.area * width) { target[i] += positions.base[i] } }
                writePrefix(weights, into: first)
            }
        }
    }

    /// The tokens before the patches, with positions as far as they have them.
    private func writePrefix(_ weights: ImageEmbeddingWeights, into x: UnsafeMutablePointer<Float>) {
        var target = x
        for tokens in weights.prefix {
            target.update(from: tokens.base, count: tokens.count)
            target += tokens.count
        }
        if let positions = weights.positions?.prefix {
            for i in 0..<positions.count { x[i] += positions.base[i] }
        }
    }

    /// One image (channels, height, width) → patches (grid, channels · patch height · patch width).
    func cut(
        _ image: UnsafePointer<Float>, extent: Extent, grid: Extent, sizes: ImageEmbedding,
        into patches: UnsafeMutablePointer<Float>
    ) {
        let patch = sizes.patch
        var target = patches
        for row in 0..<grid.height {
            for column in 0..<grid.width {
                for channel in 0..<sizes.channels {
                    for y in 0..<patch.height {
                        let line = (channel * extent.height + row * patch.height + y) * extent.width
                        target.update(from: image + line + column * patch.width, count: patch.width)
                        target += patch.width
                    }
                }
            }
        }
    }

    // MARK: Texts

    private func embed(
        _ batch: TokenBatch, _ range: Range<Int>, weights: TextEmbeddingWeights, sizes: TextEmbedding,
        into x: UnsafeMutablePointer<Float>
    ) throws(ModelError) {
        let width = architecture.width
        var target = x
        for text in range {
            for place in 0..<batch.length {
                let index = text * batch.length + place
                let id = Int(batch.ids[index])
                let segment = Int(batch.segments?[index] ?? 0)
                guard id >= 0, id < sizes.vocabulary else {
                    throw .tokenOutOfRange(text: text, token: id, vocabulary: sizes.vocabulary)
                }
                guard segment >= 0, segment < max(1, sizes.segments) else {
                    throw .segmentOutOfRange(text: text, segment: segment, segments: sizes.segments)
                }
                let word = weights.words.base + id * width
                let position = weights.positions.base + place * width
                for i in 0..<width { target[i] = word[i] + position[i] }
                if let segments = weights.segments {
                    let own = segments.base + segment * width
                    for i in 0..<width { target[i] += own[i] }
                }
                target += width
            }
        }
    }
}
