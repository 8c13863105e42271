import Models
import Tensor

extension Kernel {
    /// What is computed beside the products, on the rows of a unit of images.
    ///
    /// No operations are counted for them: it is bytes, or the arithmetic of the functions, that limit them.
    static func rows(of size: RandomViT.Size) -> [Kernel] {
        let rows = Units(inputs: 16, tokens: tokens).size * tokens
        let (width, hidden) = (size.width, 4 * size.width)
        return [
            activation("GELU (erf)", .gelu, size, rows: rows, columns: hidden),
            activation("GELU (tanh)", .geluTanh, size, rows: rows, columns: hidden),
            Kernel(
                name: "GELU (erf) backward", shape: "\(rows)×\(hidden)", model: size.name, flops: 0,
                bytes: 12 * Double(rows * hidden)
            ) {
                let (x, g, bias) = (random([rows, hidden]), random([rows, hidden]), random([hidden]))
                return {
                    Activation.gelu.applyBackward(
                        x.pointer, bias: bias.pointer, rows: rows, columns: hidden, gradient: g.pointer)
                }
            },
            Kernel(
                name: "softmax", shape: "\(tokens)×\(tokens)", model: size.name, flops: 0,
                bytes: 8 * Double(tokens * tokens)
            ) {
                let x = random([tokens, tokens])
                return { softmax(x.pointer, rows: tokens, columns: tokens) }
            },
            Kernel(
                name: "layer norm", shape: "\(rows)×\(width)", model: size.name, flops: 0,
                bytes: 8 * Double(rows * width)
            ) {
                let (x, y, weight) = (random([rows, width]), random([rows, width]), random([width]))
                return {
                    layerNorm(
                        x.pointer, rows: rows, columns: width, weight: weight.pointer, bias: weight.pointer,
                        epsilon: 1e-6, into: y.pointer)
                }
            },
            Kernel(
                name: "layer norm backward", shape: "\(rows)×\(width)", model: size.name, flops: 0,
                bytes: 16 * Double(rows * width)
            ) {
                let (x, dy) = (random([rows, width]), random([rows, width]))
                let (dx, weight) = (random([rows, width]), random([width]))
                return {
                    layerNormBackward(
                        x.pointer, rows: rows, columns: width, weight: weight.pointer, epsilon: 1e-6,
                        gradient: dy.pointer, addingTo: dx.pointer)
                }
            },
        ]
    }

    private static func activation(
        _ name: String, _ function: Activation, _ size: RandomViT.Size, rows: Int, columns: Int
    ) -> Kernel {
        Kernel(
            name: name, shape: "\(rows)×\(columns)", model: size.name, flops: 0, bytes: 8 * Double(rows * columns)
        ) {
            let (x, y, bias) = (random([rows, columns]), random([rows, columns]), random([columns]))
            return {
                function.apply(x.pointer, bias: bias.pointer, rows: rows, columns: columns, into: y.pointer)
            }
        }
    }
}
