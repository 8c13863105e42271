import Models
import Tensor

extension Kernel {
    /// The matrix products of a block, with as many rows as a unit of images has.
    static func products(of size: RandomViT.Size, images: Int = Units(inputs: 16, tokens: tokens).size) -> [Kernel] {
        let width = size.width
        let rows = images * tokens
        return [
            linear("qkv", size, rows: rows, inputs: width, outputs: 3 * width),
            linear("projection", size, rows: rows, inputs: width, outputs: width),
            linear("fc1", size, rows: rows, inputs: width, outputs: 4 * width),
            linear("fc2", size, rows: rows, inputs: 4 * width, outputs: width),
        ]
    }

    /// The products of one attention head, whose operands lie among those of the other heads.
    static func attentionProducts(of size: RandomViT.Size) -> [Kernel] {
        let (stride, head) = (3 * size.width, 64)
        return [
            Kernel(
                name: "q·kᵀ", shape: "\(tokens)×\(tokens)×\(head)", model: size.name,
                flops: product(tokens, tokens, head), bytes: 4 * Double(2 * tokens * head + tokens * tokens)
            ) {
                let (qkv, p) = (random([tokens, stride]), random([tokens, tokens]))
                return {
                    multiply(
                        tokens, tokens, head, qkv.pointer, lda: stride, qkv.pointer + size.width, ldb: stride,
                        .transposed, into: p.pointer, ldc: tokens, scale: 0.125)
                }
            },
            Kernel(
                name: "p·v", shape: "\(tokens)×\(head)×\(tokens)", model: size.name,
                flops: product(tokens, head, tokens), bytes: 4 * Double(2 * tokens * head + tokens * tokens)
            ) {
                let (qkv, p, out) = (
                    random([tokens, stride]), random([tokens, tokens]), random([tokens, size.width])
                )
                return {
                    multiply(
                        tokens, head, tokens, p.pointer, lda: tokens, qkv.pointer + 2 * size.width, ldb: stride, .plain,
                        into: out.pointer, ldc: size.width)
                }
            },
        ]
    }

    private static func linear(
        _ name: String, _ size: RandomViT.Size, rows: Int, inputs: Int, outputs: Int
    ) -> Kernel {
        Kernel(
            name: name, shape: "\(rows)×\(outputs)×\(inputs)", model: size.name,
            flops: product(rows, outputs, inputs),
            bytes: 4 * Double(rows * inputs + inputs * outputs + rows * outputs)
        ) {
            let (x, weight, y) = (random([rows, inputs]), random([outputs, inputs]), random([rows, outputs]))
            let matrix = WeightMatrix(FloatView(weight), isPacked: true)
            return {
                matrix.multiply(x.pointer, rows: rows, into: y.pointer)
            }
        }
    }

    /// Of a 224-pixel image in patches of 16, with the class token.
    static let tokens = 197

    private static func product(_ m: Int, _ n: Int, _ k: Int) -> Double { 2 * Double(m * n * k) }

    static func random(_ shape: [Int]) -> FloatBuffer {
        FloatBuffer(shape, randomNormals(shape.reduce(1, *), deviation: 1, seed: 7))
    }
}
