import Tensor

/// An MLP at work on rows of tokens: norm, input layer or gate, hidden norm, output layer, residual connection.
struct MLP: Sendable {
    let weights: MLPWeights
    let activation: Activation
    let order: NormOrder
    let width: Int

    private var hidden: Int { weights.hiddenWidth }
    private var expanded: Int { weights.rowsPerNeuron * hidden }
    private var join: Join {
        Join(order: order, norm: weights.norm, bias: weights.output.bias, scale: weights.scale, width: width)
    }

    func expand(
        _ middle: UnsafePointer<Float>, rows: Int, into u: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        guard order == .before else { return weights.input.apply(middle, rows: rows, into: u) }
        workspaces.borrow(rows * width) { normalised in
            weights.norm.apply(middle, rows: rows, into: normalised)
            weights.input.apply(normalised, rows: rows, into: u)
        }
    }

    func activate(_ u: UnsafePointer<Float>, rows: Int, into h: UnsafeMutablePointer<Float>) {
        if weights.isGated {
            activation.applyGated(u, bias: weights.input.bias?.base, rows: rows, columns: hidden, into: h)
        } else {
            activation.apply(u, bias: weights.input.bias?.base, rows: rows, columns: hidden, into: h)
        }
    }

    /// The hidden norm over the first `prefix` neurons: h (rows, hidden) → a (rows, prefix).
    func finishHidden(_ h: UnsafePointer<Float>, rows: Int, prefix: Int, into a: UnsafeMutablePointer<Float>) {
        if prefix == hidden {
            if UnsafePointer(a) != h { a.update(from: h, count: rows * hidden) }
        } else {
            for row in 0..<rows { (a + row * prefix).update(from: h + row * hidden, count: prefix) }
        }
        weights.hiddenNorm?.apply(a, rows: rows, columns: prefix, into: a)
    }

    func contract(
        _ h: UnsafePointer<Float>, rows: Int, prefix: Int?, joining y: UnsafeMutablePointer<Float>,
        workspaces: WorkspacePool
    ) {
        let prefix = prefix ?? hidden
        workspaces.borrow(rows * width) { branch in
            if weights.hiddenNorm == nil {
                output(h, stride: hidden, rows: rows, prefix: prefix, into: branch)
            } else {
                workspaces.borrow(rows * prefix) { a in
                    finishHidden(h, rows: rows, prefix: prefix, into: a)
                    output(a, stride: prefix, rows: rows, prefix: prefix, into: branch)
                }
            }
            join.join(branch, rows: rows, to: y)
        }
    }

    private func output(
        _ a: UnsafePointer<Float>, stride: Int, rows: Int, prefix: Int, into branch: UnsafeMutablePointer<Float>
    ) {
        weights.output.weight.multiply(a, stride: stride, rows: rows, inputs: prefix, into: branch)
    }

    /// - Parameters:
    ///   - trace: where what the weights' gradients are made of is left.
    ///   - observe: shown a, the input of the output layer, and ∂E/∂a, both (rows, hidden).
    func backward(
        gradient d: UnsafeMutablePointer<Float>, middle: UnsafePointer<Float>, u: UnsafePointer<Float>, rows: Int,
        continues: Bool, workspaces: WorkspacePool, trace: MLPTrace? = nil,
        observe: ((UnsafePointer<Float>, UnsafePointer<Float>) -> Void)?
    ) {
        let needsHidden = trace != nil || observe != nil || order != .before || weights.hiddenNorm != nil
        let count = rows * hidden
        workspaces.borrow(2 * count + rows * width) { scratch in
            let a = trace?.activations ?? scratch
            // Without a gate ∂E/∂u takes the place of ∂E/∂a.
            let da = (weights.isGated ? nil : trace?.dInput) ?? scratch + count
            let branch = scratch + 2 * count
            if needsHidden {
                activate(u, rows: rows, into: a)
                finishHidden(a, rows: rows, prefix: hidden, into: a)
            }
            if order == .before {
                trace?.dOutput.update(from: d, count: rows * width)
                join.joinBackward(gradient: d, branch: nil, base: nil, rows: rows, into: branch)
            } else {
                output(a, stride: hidden, rows: rows, prefix: hidden, into: branch)
                join.joinBackward(
                    gradient: d, branch: branch, base: middle, rows: rows, into: branch, sums: trace?.norm)
                trace?.dOutput.update(from: branch, count: rows * width)
            }
            weights.output.weight.multiplyBackward(gradient: branch, rows: rows, into: da)
            observe?(a, da)
            guard continues else { return }
            if let norm = weights.hiddenNorm {
                workspaces.borrow(2 * count) { scratch in
                    let h = scratch
                    let dh = h + count
                    activate(u, rows: rows, into: h)
                    dh.update(repeating: 0, count: count)
                    norm.applyBackward(h, rows: rows, gradient: da, addingTo: dh, sums: trace?.hiddenNorm)
                    da.update(from: dh, count: count)
                }
            }
            inputBackward(da, middle: middle, u: u, rows: rows, addingTo: d, workspaces: workspaces, trace: trace)
        }
    }

    /// Through gate, non-linearity, input layer and norm: adds to `d`.
    private func inputBackward(
        _ dh: UnsafeMutablePointer<Float>, middle: UnsafePointer<Float>, u: UnsafePointer<Float>, rows: Int,
        addingTo d: UnsafeMutablePointer<Float>, workspaces: WorkspacePool, trace: MLPTrace?
    ) {
        let bias = weights.input.bias?.base
        workspaces.borrow(rows * width + (weights.isGated ? rows * expanded : 0)) { scratch in
            let dInput = scratch
            let du = weights.isGated ? trace?.dInput ?? scratch + rows * width : dh
            if weights.isGated {
                activation.applyGatedBackward(u, bias: bias, rows: rows, columns: hidden, gradient: dh, into: du)
            } else {
                activation.applyBackward(u, bias: bias, rows: rows, columns: hidden, gradient: du)
            }
            weights.input.applyBackward(gradient: du, rows: rows, into: dInput)
            if order == .before {
                if let input = trace?.input { weights.norm.apply(middle, rows: rows, into: input) }
                weights.norm.applyBackward(middle, rows: rows, gradient: dInput, addingTo: d, sums: trace?.norm)
            } else {
                for i in 0..<(rows * width) { d[i] += dInput[i] }
            }
        }
    }
}
