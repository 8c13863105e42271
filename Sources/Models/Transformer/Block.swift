import Tensor

/// One block at work on a few images: x ← x + attention(norm(x)), then x ← x + MLP(norm(x)).
///
/// It is split where scoring and search need it: what enters the block, the middle (after attention), the hidden
/// pre-activations, the hidden activations.
package struct Block: Sendable {
    package let weights: BlockWeights
    package let tokens: Int
    /// The tokens whose output is wanted.
    package let rows: TokenRows
    private let heads: Int
    package let width: Int
    private let activation: Activation

    /// Rows of the block's output for one image.
    package var rowsPerImage: Int { rows.count(of: tokens) }
    package var hiddenWidth: Int { weights.hiddenWidth }

    var attention: AttentionShape {
        AttentionShape(tokens: tokens, heads: heads, headWidth: width / heads, queries: rowsPerImage)
    }

    init(weights: BlockWeights, architecture: Architecture, tokens: Int, rows: TokenRows) {
        self.weights = weights
        self.tokens = tokens
        self.rows = rows
        heads = architecture.heads
        width = architecture.width
        activation = architecture.activation
    }

    // MARK: Forward

    /// The whole block: x (images, tokens, width) → y (images, rows, width). `y` may be `x` where all rows are wanted.
    package func run(
        _ x: UnsafePointer<Float>, images: Int, into y: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        attend(x, images: images, into: y, workspaces: workspaces)
        let rows = images * rowsPerImage
        workspaces.borrow(rows * hiddenWidth) { hidden in
            expand(y, rows: rows, into: hidden, workspaces: workspaces)
            activate(hidden, rows: rows, into: hidden)
            contract(hidden, rows: rows, addingTo: y, workspaces: workspaces)
        }
    }

    /// Attention with its residual connection: x (images, tokens, width) → middle (images, rows, width).
    ///
    /// - Parameter qkv: where to leave the queries, keys and values (images, tokens, 3·width) for the way back.
    package func attend(
        _ x: UnsafePointer<Float>, images: Int, into middle: UnsafeMutablePointer<Float>,
        keeping qkv: UnsafeMutablePointer<Float>? = nil, workspaces: WorkspacePool
    ) {
        let all = images * tokens
        let out = images * rowsPerImage
        workspaces.borrow((qkv == nil ? 3 * all * width : 0) + all * width + attention.workspace) { scratch in
            let normalised = scratch
            let probabilities = scratch + all * width
            let qkv = qkv ?? scratch + all * width + attention.workspace
            weights.attentionNorm.apply(x, rows: all, into: normalised)
            project(normalised, images: images, into: qkv)
            // The normalised tokens are done with: their place takes attention's answers, then the answers' projection.
            let answers = normalised
            for image in 0..<images {
                attention.attend(
                    qkv: qkv + image * tokens * 3 * width, into: answers + image * rowsPerImage * width,
                    workspace: probabilities)
            }
            workspaces.borrow(out * width) { projected in
                multiply(
                    out, width, width, answers, lda: width, weights.attentionOutput.weight.base, ldb: width,
                    .transposed, into: projected, ldc: width)
                copyWantedRows(of: x, images: images, into: middle)
                addResidual(
                    projected, bias: weights.attentionOutput.bias?.base, scale: weights.attentionScale?.base, rows: out,
                    columns: width, to: middle)
            }
        }
    }

    /// The MLP's first linear layer without its bias: middle (rows, width) → u (rows, hidden).
    package func expand(
        _ middle: UnsafePointer<Float>, rows: Int, into u: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        workspaces.borrow(rows * width) { normalised in
            weights.mlpNorm.apply(middle, rows: rows, into: normalised)
            multiply(
                rows, hiddenWidth, width, normalised, lda: width, weights.mlpInput.weight.base, ldb: width, .transposed,
                into: u, ldc: hiddenWidth)
        }
    }

    /// Bias and non-linearity: u (rows, hidden) → a (rows, hidden). `a` may be `u`.
    package func activate(_ u: UnsafePointer<Float>, rows: Int, into a: UnsafeMutablePointer<Float>) {
        activation.apply(u, bias: weights.mlpInput.bias?.base, rows: rows, columns: hiddenWidth, into: a)
    }

    /// The MLP's second linear layer and the residual connection: y ← y + W·a, with a (rows, hidden).
    ///
    /// - Parameter prefix: how many leading neurons take part; nil for all.
    package func contract(
        _ a: UnsafePointer<Float>, rows: Int, prefix: Int? = nil, addingTo y: UnsafeMutablePointer<Float>,
        workspaces: WorkspacePool
    ) {
        workspaces.borrow(rows * width) { projected in
            multiply(
                rows, width, prefix ?? hiddenWidth, a, lda: hiddenWidth, weights.mlpOutput.weight.base,
                ldb: hiddenWidth, .transposed, into: projected, ldc: width)
            addResidual(
                projected, bias: weights.mlpOutput.bias?.base, scale: weights.mlpScale?.base, rows: rows,
                columns: width, to: y)
        }
    }

    /// Queries, keys and values of all images; queries only for the wanted rows.
    private func project(_ x: UnsafePointer<Float>, images: Int, into qkv: UnsafeMutablePointer<Float>) {
        let all = images * tokens
        let stride = 3 * width
        fillRows(qkv, with: weights.qkv.bias?.base, rows: all, columns: stride, stride: stride)
        func product(
            _ rows: Int, _ rowStride: Int, _ weight: FloatView, at column: Int
        ) {
            multiply(
                rows, weight.shape[0], width, x, lda: width * rowStride, weight.base, ldb: width, .transposed,
                into: qkv + column, ldc: stride * rowStride, accumulating: true)
        }
        if rows == .all {
            for (index, layer) in weights.qkv.layers.enumerated() { product(all, 1, layer, at: index * width) }
        } else {
            product(images, tokens, weights.qkv.parts[0], at: 0)
            for part in 1...2 { product(all, 1, weights.qkv.parts[part], at: part * width) }
        }
    }

    private func copyWantedRows(of x: UnsafePointer<Float>, images: Int, into y: UnsafeMutablePointer<Float>) {
        if rows == .all {
            if UnsafePointer(y) != x { y.update(from: x, count: images * tokens * width) }
        } else {
            for image in 0..<images { (y + image * width).update(from: x + image * tokens * width, count: width) }
        }
    }

    // MARK: Backward

    /// Through the MLP's second linear layer: ∂E/∂y (rows, width) → ∂E/∂a (rows, hidden).
    package func contractBackward(
        gradient dy: UnsafePointer<Float>, rows: Int, into da: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        workspaces.borrow(rows * width) { scaled in
            scaleColumns(dy, scale: weights.mlpScale?.base, rows: rows, columns: width, into: scaled)
            multiply(
                rows, hiddenWidth, width, scaled, lda: width, weights.mlpOutput.weight.base, ldb: hiddenWidth, .plain,
                into: da, ldc: hiddenWidth)
        }
    }

    /// Through non-linearity, first linear layer and norm: adds to `dMiddle` (rows, width), which holds ∂E/∂y on entry.
    ///
    /// - Parameter da: ∂E/∂a (rows, hidden) on entry, overwritten.
    package func expandBackward(
        gradient da: UnsafeMutablePointer<Float>, middle: UnsafePointer<Float>, u: UnsafePointer<Float>, rows: Int,
        addingTo dMiddle: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        activation.applyBackward(
            u, bias: weights.mlpInput.bias?.base, rows: rows, columns: hiddenWidth, gradient: da)
        workspaces.borrow(rows * width) { normalised in
            multiply(
                rows, width, hiddenWidth, da, lda: hiddenWidth, weights.mlpInput.weight.base, ldb: width, .plain,
                into: normalised, ldc: width)
            weights.mlpNorm.applyBackward(middle, rows: rows, gradient: normalised, addingTo: dMiddle)
        }
    }

    /// Through attention: ∂E/∂middle (images, rows, width) → ∂E/∂x (images, tokens, width).
    ///
    /// `dx` may be `dMiddle` where all rows are wanted.
    package func attendBackward(
        gradient dMiddle: UnsafePointer<Float>, x: UnsafePointer<Float>, qkv: UnsafePointer<Float>, images: Int,
        into dx: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        let all = images * tokens
        let out = images * rowsPerImage
        workspaces.borrow(2 * out * width + 4 * all * width + attention.workspace) { scratch in
            let scaled = scratch
            let dAnswers = scaled + out * width
            let dQKV = dAnswers + out * width
            let dNormalised = dQKV + 3 * all * width
            let probabilities = dNormalised + all * width
            scaleColumns(dMiddle, scale: weights.attentionScale?.base, rows: out, columns: width, into: scaled)
            multiply(
                out, width, width, scaled, lda: width, weights.attentionOutput.weight.base, ldb: width, .plain,
                into: dAnswers, ldc: width)
            for image in 0..<images {
                attention.attendBackward(
                    qkv: qkv + image * tokens * 3 * width, gradient: dAnswers + image * rowsPerImage * width,
                    into: dQKV + image * tokens * 3 * width, workspace: probabilities)
            }
            for (index, layer) in weights.qkv.layers.enumerated() {
                multiply(
                    all, width, layer.shape[0], dQKV + index * width, lda: 3 * width, layer.base, ldb: width, .plain,
                    into: dNormalised, ldc: width, accumulating: index > 0)
            }
            spreadWantedRows(dMiddle, images: images, into: dx)
            weights.attentionNorm.applyBackward(x, rows: all, gradient: dNormalised, addingTo: dx)
        }
    }

    private func spreadWantedRows(
        _ wanted: UnsafePointer<Float>, images: Int, into dx: UnsafeMutablePointer<Float>
    ) {
        if rows == .all {
            if UnsafePointer(dx) != wanted { dx.update(from: wanted, count: images * tokens * width) }
        } else {
            dx.update(repeating: 0, count: images * tokens * width)
            for image in 0..<images {
                (dx + image * tokens * width).update(from: wanted + image * width, count: width)
            }
        }
    }
}

extension Transformer {
    /// Block `index` at work on images of `tokens` tokens.
    package func block(_ index: Int, tokens: Int, rows: TokenRows? = nil) -> Block {
        Block(
            weights: blocks[index], architecture: architecture, tokens: tokens,
            rows: rows ?? self.rows(ofBlock: index))
    }
}
