import Tensor

/// SigLIP's pooling: one learned query attends to all tokens of an image; an MLP with a residual connection follows.
struct AttentionPool: Sendable {
    let weights: PoolWeights
    let heads: Int
    let width: Int
    let activation: Activation

    private func shape(_ tokens: Int) -> AttentionShape {
        AttentionShape(tokens: tokens, heads: heads, headWidth: width / heads, queries: 1)
    }

    private var mlp: MLP { MLP(weights: weights.mlp, activation: activation, order: .before, width: width) }

    /// tokens (images, count, width) → values (images, width).
    func pool(
        _ x: UnsafePointer<Float>, images: Int, tokens: Int, into values: UnsafeMutablePointer<Float>,
        workspaces: WorkspacePool
    ) {
        middle(x, images: images, tokens: tokens, into: values, workspaces: workspaces)
        workspaces.borrow(images * weights.mlp.hiddenWidth) { hidden in
            mlp.expand(values, rows: images, into: hidden, workspaces: workspaces)
            mlp.activate(hidden, rows: images, into: hidden)
            mlp.contract(hidden, rows: images, prefix: nil, joining: values, workspaces: workspaces)
        }
    }

    /// The way back: ∂E/∂values (images, width) → ∂E/∂tokens (images, count, width).
    ///
    /// - Parameter trace: where what the weights' gradients are made of is left.
    func poolBackward(
        gradient: UnsafePointer<Float>, x: UnsafePointer<Float>, images: Int, tokens: Int,
        into dx: UnsafeMutablePointer<Float>, workspaces: WorkspacePool, trace: PoolTrace? = nil
    ) {
        let shape = shape(tokens)
        let all = images * tokens
        workspaces.borrow(
            images * (3 * width + weights.mlp.hiddenWidth) + 2 * all * 3 * width + shape.workspace
        ) { scratch in
            let middle = scratch
            let d = middle + images * width
            let dAnswers = d + images * width
            let u = dAnswers + images * width
            let qkv = u + images * weights.mlp.hiddenWidth
            let dQKV = trace?.dQKV ?? qkv + all * 3 * width
            let probabilities = qkv + 2 * all * 3 * width
            self.middle(
                x, images: images, tokens: tokens, into: middle, keeping: trace?.answers, workspaces: workspaces)
            mlp.expand(middle, rows: images, into: u, workspaces: workspaces)
            d.update(from: gradient, count: images * width)
            mlp.backward(
                gradient: d, middle: middle, u: u, rows: images, continues: true, workspaces: workspaces,
                trace: trace?.mlp, observe: nil)
            trace?.dOutput.update(from: d, count: images * width)
            trace?.tokens.update(from: x, count: all * width)
            weights.output.weight.multiplyBackward(gradient: d, rows: images, into: dAnswers)
            project(x, images: images, tokens: tokens, into: qkv)
            for image in 0..<images {
                shape.attendBackward(
                    qkv: qkv + image * tokens * 3 * width, gradient: dAnswers + image * width,
                    into: dQKV + image * tokens * 3 * width, workspace: probabilities)
            }
            var first = width
            for layer in weights.keyValue.layers {
                layer.multiplyBackward(
                    gradient: dQKV + first, stride: 3 * width, rows: all, into: dx, accumulating: first > width)
                first += layer.outputs
            }
        }
    }

    /// What attention answers, through its output layer (images, width).
    ///
    /// - Parameter kept: where to leave the answers before that layer (images, width).
    private func middle(
        _ x: UnsafePointer<Float>, images: Int, tokens: Int, into values: UnsafeMutablePointer<Float>,
        keeping kept: UnsafeMutablePointer<Float>? = nil, workspaces: WorkspacePool
    ) {
        let shape = shape(tokens)
        workspaces.borrow(images * tokens * 3 * width + shape.workspace + images * width) { scratch in
            let answers = kept ?? scratch
            let qkv = scratch + images * width
            let probabilities = qkv + images * tokens * 3 * width
            project(x, images: images, tokens: tokens, into: qkv)
            for image in 0..<images {
                shape.attend(
                    qkv: qkv + image * tokens * 3 * width, into: answers + image * width, workspace: probabilities)
            }
            weights.output.apply(answers, rows: images, into: values)
        }
    }

    /// Keys and values of all tokens beside the one query, which stands at the first token's place.
    private func project(
        _ x: UnsafePointer<Float>, images: Int, tokens: Int, into qkv: UnsafeMutablePointer<Float>
    ) {
        let all = images * tokens
        let stride = 3 * width
        for image in 0..<images {
            (qkv + image * tokens * stride).update(from: weights.query.base, count: width)
        }
        var first = 0
        for layer in weights.keyValue.layers {
            layer.multiply(
                x, rows: all, start: weights.keyValue.start(at: first), into: qkv + width + first, resultStride: stride)
            first += layer.outputs
        }
    }
}
