import Models
import Tensor

/// AdamW over parameters: the running means of gradients and of their squares, in float32.
package final class AdamW: Sendable {
    /// Under the parameters' names.
    package let means: [String: FloatBuffer]
    package let squares: [String: FloatBuffer]
    private let names: [String]
    private let parts: [(name: String, range: Range<Int>)]

    /// Values that a thread updates at a time.
    private static let size = 1 << 16

    /// - Parameter names: the parameters that are trained.
    package init(_ parameters: Parameters, names: [String]) {
        self.names = names
        func zeros() -> [String: FloatBuffer] {
            Dictionary(
                uniqueKeysWithValues: names.compactMap { name in
                    parameters.tensors[name].map { (name, FloatBuffer($0.shape, filledWith: 0)) }
                })
        }
        means = zeros()
        squares = zeros()
        parts = names.flatMap { name in
            let count = parameters.tensors[name]?.count ?? 0
            return stride(from: 0, to: count, by: Self.size).map { (name, $0..<min($0 + Self.size, count)) }
        }
    }

    /// - Parameters:
    ///   - decayed: the step for matrices.
    ///   - plain: the same without weight decay, for everything else.
    package func update(_ parameters: Parameters, _ gradients: Gradients, decayed: AdamStep, plain: AdamStep) {
        // Nothing in it throws.
        try? Parallel.forEach(parts.count) { index in
            let (name, range) = parts[index]
            guard let p = parameters.tensors[name], let g = gradients.tensors[name], let m = means[name],
                let v = squares[name]
            else { return }
            let step = parameters.matrices.contains(name) ? decayed : plain
            let first = range.lowerBound
            step.apply(
                p.pointer + first, gradient: g.pointer + first, mean: m.pointer + first, square: v.pointer + first,
                count: range.count)
        }
    }
}
