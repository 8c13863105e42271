import Tensor

/// How a branch comes back to the tokens: scaled, or through a norm.
struct Join: Sendable {
    let order: NormOrder
    let norm: Norm
    /// The branch's output bias, which is not in it yet.
    let bias: FloatView?
    let scale: FloatView?
    let width: Int

    /// y ← y + scale · (branch + bias), or with a norm of the branch or of the sum: (rows, width). `branch` may be
    /// overwritten.
    func join(_ branch: UnsafeMutablePointer<Float>, rows: Int, to y: UnsafeMutablePointer<Float>) {
        switch order {
        case .before:
            addResidual(branch, bias: bias?.base, scale: scale?.base, rows: rows, columns: width, to: y)
        case .onBranch:
            complete(branch, rows: rows)
            norm.apply(branch, rows: rows, into: branch)
            addResidual(branch, bias: nil, scale: nil, rows: rows, columns: width, to: y)
        case .after:
            complete(branch, rows: rows)
            addResidual(branch, bias: nil, scale: nil, rows: rows, columns: width, to: y)
            norm.apply(y, rows: rows, into: y)
        }
    }

    /// The way back: `d` (rows, width) holds ∂E/∂y on entry and what goes past the branch on return.
    ///
    /// - Parameters:
    ///   - branch, base: what was joined to what, needed only where a norm stands at the join.
    ///   - dBranch: ∂E/∂ branch; may be `branch`.
    ///   - sums: where the gradients of a norm at the join are added.
    func joinBackward(
        gradient d: UnsafeMutablePointer<Float>, branch: UnsafeMutablePointer<Float>?, base: UnsafePointer<Float>?,
        rows: Int, into dBranch: UnsafeMutablePointer<Float>, sums: NormSums? = nil
    ) {
        let count = rows * width
        guard order != .before, let branch else {
            scaleColumns(d, scale: scale?.base, rows: rows, columns: width, into: dBranch)
            return
        }
        complete(branch, rows: rows)
        if order == .after, let base {
            for i in 0..<count { branch[i] += base[i] }
        }
        let input = FloatBuffer([rows, width])
        input.pointer.update(from: branch, count: count)
        dBranch.update(repeating: 0, count: count)
        norm.applyBackward(input.pointer, rows: rows, gradient: d, addingTo: dBranch, sums: sums)
        if order == .after { d.update(from: dBranch, count: count) }
    }

    /// Adds bias and scale to a branch that goes into a norm.
    private func complete(_ branch: UnsafeMutablePointer<Float>, rows: Int) {
        if let bias {
            for row in 0..<rows {
                for i in 0..<width { branch[row * width + i] += bias.base[i] }
            }
        }
    }
}
