import Tensor

// The MLP with its residual connection, in the parts that scoring and search need, there and back.
extension Block {
    var mlp: MLP { MLP(weights: weights.mlp, activation: activation, order: order, width: width) }

    /// The MLP's input layers without their bias: middle (rows, width) → u (rows, expanded width).
    package func expand(
        _ middle: UnsafePointer<Float>, rows: Int, into u: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        mlp.expand(middle, rows: rows, into: u, workspaces: workspaces)
    }

    /// Bias, non-linearity and gate: u (rows, expanded width) → hidden activations (rows, hidden). They may be at `u`.
    package func activate(
        _ u: UnsafePointer<Float>, rows: Int, into hidden: UnsafeMutablePointer<Float>
    ) {
        mlp.activate(u, rows: rows, into: hidden)
    }

    /// What enters the output layer: hidden activations (rows, hidden) → a (rows, hidden). `a` may be `hidden`.
    package func finishHidden(
        _ hidden: UnsafePointer<Float>, rows: Int, into a: UnsafeMutablePointer<Float>
    ) {
        mlp.finishHidden(hidden, rows: rows, prefix: hiddenWidth, into: a)
    }

    /// The rest of the MLP and the residual connection: hidden activations (rows, hidden); `y` (rows, width) holds the
    /// middle on entry and the block's output on return.
    ///
    /// - Parameter prefix: how many leading neurons take part; nil for all.
    package func contract(
        _ hidden: UnsafePointer<Float>, rows: Int, prefix: Int? = nil, joining y: UnsafeMutablePointer<Float>,
        workspaces: WorkspacePool
    ) {
        mlp.contract(hidden, rows: rows, prefix: prefix, joining: y, workspaces: workspaces)
    }

    /// From the pre-activations u (rows, expanded width) to the block's output, as `activate` and `contract`.
    package func finish(
        _ u: UnsafePointer<Float>, rows: Int, joining y: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        strips.forEach(rows) { strip in
            workspaces.borrow(strip.count * hiddenWidth) { hidden in
                activate(u + strip.lowerBound * expandedWidth, rows: strip.count, into: hidden)
                contract(
                    hidden, rows: strip.count, joining: y + strip.lowerBound * width, workspaces: workspaces)
            }
        }
    }

    /// Through the MLP and its residual connection: `d` (inputs, rows, width) holds ∂E/∂y on entry and ∂E/∂middle on
    /// return.
    ///
    /// - Parameters:
    ///   - continues: whether ∂E/∂middle is wanted.
    ///   - observe: shown Σ a·∂E/∂a over the rows of each input in turn (hidden), with a the input of the output layer.
    package func mlpBackward(
        gradient d: UnsafeMutablePointer<Float>, middle: UnsafePointer<Float>, u: UnsafePointer<Float>, inputs: Int,
        continues: Bool, workspaces: WorkspacePool, observe: ((UnsafePointer<Float>) -> Void)?
    ) {
        workspaces.borrow(hiddenWidth) { sums in
            for input in 0..<inputs {
                sums.update(repeating: 0, count: hiddenWidth)
                Strips().forEach(rowsPerInput) { strip in
                    let first = input * rowsPerInput + strip.lowerBound
                    let add = { (a: UnsafePointer<Float>, da: UnsafePointer<Float>) in
                        addSumOfProducts(a, da, rows: strip.count, columns: hiddenWidth, to: sums)
                    }
                    mlp.backward(
                        gradient: d + first * width, middle: middle + first * width, u: u + first * expandedWidth,
                        rows: strip.count, continues: continues, workspaces: workspaces,
                        observe: observe == nil ? nil : add)
                }
                observe?(sums)
            }
        }
    }
}
