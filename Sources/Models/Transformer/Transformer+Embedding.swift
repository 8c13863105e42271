import Tensor

extension Transformer {
    /// Checks that images of that shape suit the model and returns their size.
    package func imageExtent(channels: Int, height: Int, width: Int) throws(ModelError) -> Extent {
        let a = architecture
        guard channels == a.channels else { throw .channels(expected: a.channels, found: channels) }
        // DINOv2's convolution leaves out what does not fill a patch; the others insist.
        let divides = height % a.patch.height == 0 && width % a.patch.width == 0
        guard height >= a.patch.height, width >= a.patch.width, divides || a.family == .huggingFaceDINOv2 else {
            throw .imageSize(height: height, width: width, patchHeight: a.patch.height, patchWidth: a.patch.width)
        }
        return Extent(height: height, width: width)
    }

    /// Pixels to tokens: images (n, channels, height, width) → x (n, tokens, width).
    package func embed(
        _ images: UnsafePointer<Float>, count: Int, extent: Extent, into x: UnsafeMutablePointer<Float>,
        workspaces: WorkspacePool
    ) {
        let a = architecture
        let grid = a.grid(of: extent)
        let tokens = a.tokens(of: extent)
        let inputs = a.channels * a.patch.area
        let positions = embedding.positions.patches(on: grid)
        workspaces.borrow(grid.area * inputs) { patches in
            for image in 0..<count {
                cut(images + image * a.channels * extent.area, extent: extent, grid: grid, into: patches)
                let first = x + image * tokens * a.width
                let target = first + a.prefixTokens * a.width
                multiply(
                    grid.area, a.width, inputs, patches, lda: inputs, embedding.patches.weight.base, ldb: inputs,
                    .transposed, into: target, ldc: a.width)
                if let bias = embedding.patches.bias {
                    for row in 0..<grid.area {
                        for i in 0..<a.width { target[row * a.width + i] += bias.base[i] }
                    }
                }
                for i in 0..<(grid.area * a.width) { target[i] += positions.base[i] }
                writePrefix(into: first)
            }
        }
        if let norm = embedding.norm { norm.apply(x, rows: count * tokens, into: x) }
    }

    /// The class token and the registers, with positions as far as they have them.
    private func writePrefix(into x: UnsafeMutablePointer<Float>) {
        var target = x
        for tokens in [embedding.classToken, embedding.registers].compactMap({ $0 }) {
            target.update(from: tokens.base, count: tokens.count)
            target += tokens.count
        }
        let positions = embedding.positions.prefix
        for i in 0..<positions.count { x[i] += positions.base[i] }
    }

    /// One image (channels, height, width) → patches (grid, channels · patch height · patch width).
    private func cut(
        _ image: UnsafePointer<Float>, extent: Extent, grid: Extent, into patches: UnsafeMutablePointer<Float>
    ) {
        let patch = architecture.patch
        var target = patches
        for row in 0..<grid.height {
            for column in 0..<grid.width {
                for channel in 0..<architecture.channels {
                    for y in 0..<patch.height {
                        let line = (channel * extent.height + row * patch.height + y) * extent.width
                        target.update(from: image + line + column * patch.width, count: patch.width)
                        target += patch.width
                    }
                }
            }
        }
    }
}
