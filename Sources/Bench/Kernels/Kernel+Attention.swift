import Tensor

extension Kernel {
    /// Attention of one image, all heads, there and back.
    static func attention(of size: RandomViT.Size) -> [Kernel] {
        let width = size.width
        let shape = AttentionShape(tokens: tokens, heads: size.heads, headWidth: 64, queries: tokens)
        let products = 2 * Double(tokens * tokens * width)
        let text = "\(size.heads) heads, \(tokens) tokens"
        return [
            Kernel(
                name: "attention", shape: text, model: size.name, flops: 2 * products,
                bytes: 4 * Double(4 * tokens * width)
            ) {
                let (qkv, out) = (random([tokens, 3 * width]), random([tokens, width]))
                let workspace = FloatBuffer([shape.workspace])
                return { shape.attend(qkv: qkv.pointer, into: out.pointer, workspace: workspace.pointer) }
            },
            // q·kᵀ once more, and four products for the gradients of v, of the probabilities, of q and of k.
            Kernel(
                name: "attention backward", shape: text, model: size.name, flops: 5 * products,
                bytes: 4 * Double(7 * tokens * width)
            ) {
                let (qkv, dQKV) = (random([tokens, 3 * width]), random([tokens, 3 * width]))
                let (dOut, workspace) = (random([tokens, width]), FloatBuffer([shape.workspace]))
                return {
                    shape.attendBackward(
                        qkv: qkv.pointer, gradient: dOut.pointer, into: dQKV.pointer, workspace: workspace.pointer)
                }
            },
        ]
    }
}
