/// The sizes of multi-head self-attention over one sequence of tokens.
package struct AttentionShape: Sendable {
    package let tokens: Int
    package let heads: Int
    package let headWidth: Int
    /// How many leading tokens ask for an answer: all of them, or only the class token in the last block.
    package let queries: Int
    /// Whether a token sees only itself and those before it.
    package let isCausal: Bool

    package init(tokens: Int, heads: Int, headWidth: Int, queries: Int, isCausal: Bool = false) {
        self.tokens = tokens
        self.heads = heads
        self.headWidth = headWidth
        self.queries = queries
        self.isCausal = isCausal
    }

    /// heads · headWidth, the width of q, k and v each.
    package var width: Int { heads * headWidth }
    private var scale: Float { 1 / Float(headWidth).squareRoot() }

    /// Floats of working space that `attend` and `attendBackward` need.
    package var workspace: Int { 2 * queries * tokens }

    /// softmax(q·kᵀ/√d + bias)·v for every head: qkv (tokens, 3·width) → out (queries, width).
    package func attend(
        qkv: UnsafePointer<Float>, keyBias: UnsafePointer<Float>? = nil, into out: UnsafeMutablePointer<Float>,
        workspace: UnsafeMutablePointer<Float>
    ) {
        for head in 0..<heads { attend(head: head, qkv: qkv, keyBias: keyBias, into: out, workspace: workspace) }
    }

    /// The same for one head, whose columns of `out` are written.
    ///
    /// - Parameter keyBias: added to every query's score of a key (tokens): −∞ for keys that are not to be seen.
    package func attend(
        head: Int, qkv: UnsafePointer<Float>, keyBias: UnsafePointer<Float>? = nil,
        into out: UnsafeMutablePointer<Float>, workspace: UnsafeMutablePointer<Float>
    ) {
        let q = qkv + head * headWidth
        probabilities(q, keyBias: keyBias, into: workspace)
        multiply(
            queries, headWidth, tokens, workspace, lda: tokens, q + 2 * width, ldb: 3 * width, .plain,
            into: out + head * headWidth, ldc: width)
    }

    /// The way back: qkv (tokens, 3·width) and ∂E/∂out (queries, width) → ∂E/∂qkv (tokens, 3·width).
    ///
    /// The probabilities are computed again from q and k: that is cheaper than keeping (heads, tokens, tokens) a block.
    package func attendBackward(
        qkv: UnsafePointer<Float>, keyBias: UnsafePointer<Float>? = nil, gradient dOut: UnsafePointer<Float>,
        into dQKV: UnsafeMutablePointer<Float>, workspace: UnsafeMutablePointer<Float>
    ) {
        let stride = 3 * width
        let p = workspace
        let dScores = workspace + queries * tokens
        for head in 0..<heads {
            let q = qkv + head * headWidth
            let k = q + width
            let v = k + width
            let dQ = dQKV + head * headWidth
            let dO = dOut + head * headWidth
            probabilities(q, keyBias: keyBias, into: p)
            multiplyTransposingLeft(
                tokens, headWidth, queries, p, lda: tokens, dO, ldb: width, into: dQ + 2 * width, ldc: stride)
            multiply(
                queries, tokens, headWidth, dO, lda: width, v, ldb: stride, .transposed, into: dScores, ldc: tokens)
            softmaxBackward(p, rows: queries, columns: tokens, gradient: dScores)
            multiply(
                queries, headWidth, tokens, dScores, lda: tokens, k, ldb: stride, .plain, into: dQ, ldc: stride,
                scale: scale)
            multiplyTransposingLeft(
                tokens, headWidth, queries, dScores, lda: tokens, q, ldb: stride, into: dQ + width, ldc: stride,
                scale: scale)
            for token in queries..<tokens { (dQ + token * stride).update(repeating: 0, count: headWidth) }
        }
    }

    /// softmax(q·kᵀ/√d + bias) of one head (queries, tokens); `q` points at the head's first query in qkv.
    private func probabilities(
        _ q: UnsafePointer<Float>, keyBias: UnsafePointer<Float>?, into p: UnsafeMutablePointer<Float>
    ) {
        multiply(
            queries, tokens, headWidth, q, lda: 3 * width, q + width, ldb: 3 * width, .transposed, into: p, ldc: tokens,
            scale: scale)
        for query in 0..<queries {
            let row = p + query * tokens
            if let keyBias {
                for key in 0..<tokens { row[key] += keyBias[key] }
            }
            if isCausal, query + 1 < tokens {
                (row + query + 1).update(repeating: -.infinity, count: tokens - query - 1)
            }
        }
        softmax(p, rows: queries, columns: tokens)
    }
}
