import Tensor

/// One block at work on a few inputs: attention, then the MLP, each with its residual connection.
///
/// It is split where scoring and search need it: what enters the block, the middle (after attention), the hidden
/// pre-activations, the hidden activations.
package struct Block: Sendable {
    package let weights: BlockWeights
    package let tokens: Int
    /// The tokens whose output is wanted.
    package let rows: TokenRows
    package let width: Int
    package let order: NormOrder
    let attention: AttentionShape
    private let activation: Activation
    private let strips: Strips
    /// The turns of patches, which come after `prefixTokens`.
    private let rotation: (angles: RotaryTable.Angles, pairing: RotaryPairing, prefixTokens: Int)?

    /// Rows of the block's output for one input.
    package var rowsPerInput: Int { rows.count(of: tokens) }
    package var hiddenWidth: Int { weights.hiddenWidth }
    /// Columns of the pre-activations: the hidden width, twice that where a gate has its own.
    package var expandedWidth: Int { weights.expandedWidth }

    init(
        weights: BlockWeights, architecture: Architecture, shape: TokenShape, rows: TokenRows, rotary: RotaryTable?,
        spread: Spread
    ) {
        self.weights = weights
        self.rows = rows
        tokens = shape.count
        width = architecture.width
        order = architecture.normOrder
        activation = architecture.activation
        strips = Strips(spread: spread)
        attention = AttentionShape(
            tokens: shape.count, heads: architecture.heads, headWidth: architecture.headWidth,
            queries: rows.count(of: shape.count), isCausal: architecture.isCausal)
        rotation = rotary.flatMap { rotary in
            shape.grid.map { (rotary.angles(on: $0), rotary.pairing, architecture.prefixTokens) }
        }
    }

    /// The whole block: x (inputs, tokens, width) → y (inputs, rows, width). `y` may be `x` where all rows are wanted.
    package func run(
        _ x: UnsafePointer<Float>, of sequences: Sequences, into y: UnsafeMutablePointer<Float>,
        workspaces: WorkspacePool
    ) {
        attend(x, of: sequences, into: y, workspaces: workspaces)
        finish(y, rows: sequences.count * rowsPerInput, workspaces: workspaces)
    }

    /// The whole MLP with its residual connection, in place: `y` (rows, width) holds the middle on entry and the block's
    /// output on return.
    package func finish(_ y: UnsafeMutablePointer<Float>, rows: Int, workspaces: WorkspacePool) {
        strips.forEach(rows) { strip in
            workspaces.borrow(strip.count * expandedWidth) { hidden in
                let y = y + strip.lowerBound * width
                expand(y, rows: strip.count, into: hidden, workspaces: workspaces)
                activate(hidden, rows: strip.count, into: hidden)
                contract(hidden, rows: strip.count, joining: y, workspaces: workspaces)
            }
        }
    }

    // MARK: Attention

    /// Attention with its residual connection: x (inputs, tokens, width) → middle (inputs, rows, width).
    ///
    /// - Parameter qkv: where to leave the queries, keys and values (inputs, tokens, 3·width) for the way back.
    package func attend(
        _ x: UnsafePointer<Float>, of sequences: Sequences, into middle: UnsafeMutablePointer<Float>,
        keeping qkv: UnsafeMutablePointer<Float>? = nil, workspaces: WorkspacePool
    ) {
        let all = sequences.count * tokens
        let out = sequences.count * rowsPerInput
        workspaces.borrow((qkv == nil ? 3 * all * width : 0) + out * width) { scratch in
            let answers = scratch
            let qkv = qkv ?? scratch + out * width
            project(x, count: sequences.count, into: qkv, workspaces: workspaces)
            answer(qkv, of: sequences, into: answers, workspaces: workspaces)
            copyWantedRows(of: x, count: sequences.count, into: middle)
            strips.forEach(out) { strip in
                workspaces.borrow(strip.count * width) { branch in
                    let answers = answers + strip.lowerBound * width
                    weights.attention.answerNorm?.apply(answers, rows: strip.count, into: answers)
                    weights.attention.output.weight.multiply(answers, rows: strip.count, into: branch)
                    attentionJoin.join(branch, rows: strip.count, to: middle + strip.lowerBound * width)
                }
            }
        }
    }

    private var attentionJoin: Join {
        Join(
            order: order, norm: weights.attention.norm, bias: weights.attention.output.bias,
            scale: weights.attention.scale, width: width)
    }

    /// Norm, where it stands before, then queries, keys and values of all inputs; queries only of the wanted rows.
    private func project(
        _ x: UnsafePointer<Float>, count: Int, into qkv: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        let stride = 3 * width
        strips.forEach(count * tokens) { strip in
            workspaces.borrow(strip.count * width) { normalised in
                var x = x + strip.lowerBound * width
                if order == .before {
                    weights.attention.norm.apply(x, rows: strip.count, into: normalised)
                    x = UnsafePointer(normalised)
                }
                let qkv = qkv + strip.lowerBound * stride
                let stack = weights.attention.qkv
                func product(_ part: Int, rows: Range<Int>) {
                    stack.layers[part].multiply(
                        x + rows.lowerBound * width, rows: rows.count, start: stack.start(at: part * width),
                        into: qkv + rows.lowerBound * stride + part * width, resultStride: stride)
                }
                // Norms of heads look at all queries on the way back.
                if rows != .all { fillRows(qkv, with: nil, rows: strip.count, columns: width, stride: stride) }
                for rows in wantedRows(in: strip) { product(0, rows: rows) }
                for part in 1...2 { product(part, rows: 0..<strip.count) }
            }
        }
    }

    /// The wanted rows in a strip of all rows, counted from the strip's first.
    private func wantedRows(in strip: Range<Int>) -> [Range<Int>] {
        guard rows != .all else { return [0..<strip.count] }
        return (strip.lowerBound / tokens...(strip.upperBound - 1) / tokens).compactMap { input in
            let wanted = (input * tokens..<input * tokens + rowsPerInput).clamped(to: strip)
            return wanted.isEmpty ? nil : wanted.lowerBound - strip.lowerBound..<wanted.upperBound - strip.lowerBound
        }
    }

    /// What attention answers: qkv (inputs, tokens, 3·width) → answers (inputs, rows, width).
    private func answer(
        _ qkv: UnsafePointer<Float>, of sequences: Sequences, into answers: UnsafeMutablePointer<Float>,
        workspaces: WorkspacePool
    ) {
        let stride = tokens * 3 * width
        workspaces.borrow(placesTokens ? stride : 0) { scratch in
            for index in 0..<sequences.count {
                let own = placed(qkv + index * stride, in: scratch)
                strips.spread.forEach(attention.heads) { head in
                    workspaces.borrow(attention.workspace) { scratch in
                        attention.attend(
                            head: head, qkv: own, keyBias: sequences.keyBias(of: index),
                            into: answers + index * rowsPerInput * width, workspace: scratch)
                    }
                }
            }
        }
    }

    /// Whether queries and keys are changed between their projection and their product.
    private var placesTokens: Bool { rotation != nil || weights.attention.queryNorm != nil }

    /// The queries, keys and values of one input with each head's norm and rotation, where the family has them: in `copy`
    /// then, otherwise as they are.
    private func placed(_ qkv: UnsafePointer<Float>, in copy: UnsafeMutablePointer<Float>) -> UnsafePointer<Float> {
        guard placesTokens else { return qkv }
        copy.update(from: qkv, count: tokens * 3 * width)
        let heads = attention.heads
        for (part, norm) in [weights.attention.queryNorm, weights.attention.keyNorm].enumerated() {
            guard let norm else { continue }
            for token in 0..<tokens {
                let x = copy + token * 3 * width + part * width
                norm.apply(x, rows: heads, into: x)
            }
        }
        turn(copy, inverse: false)
        return UnsafePointer(copy)
    }

    private func turn(_ qkv: UnsafeMutablePointer<Float>, inverse: Bool) {
        guard let rotation else { return }
        for part in 0...1 {
            rotate(
                qkv + rotation.prefixTokens * 3 * width + part * width, rows: tokens - rotation.prefixTokens,
                stride: 3 * width, heads: attention.heads, headWidth: attention.headWidth,
                cosines: rotation.angles.cosines.base, sines: rotation.angles.sines.base, pairing: rotation.pairing,
                inverse: inverse)
        }
    }

    /// The way of the gradient through rotation and norm: ∂E/∂ placed qkv → ∂E/∂qkv of one input, in place.
    private func placedBackward(
        _ dQKV: UnsafeMutablePointer<Float>, qkv: UnsafePointer<Float>, trace: AttentionTrace?
    ) {
        turn(dQKV, inverse: true)
        let heads = attention.heads
        for (part, norm) in [weights.attention.queryNorm, weights.attention.keyNorm].enumerated() {
            let sums = part == 0 ? trace?.queryNorm : trace?.keyNorm
            guard let norm else { continue }
            var gradient = [Float](repeating: 0, count: width)
            for token in 0..<tokens {
                let place = token * 3 * width + part * width
                for i in 0..<width {
                    gradient[i] = dQKV[place + i]
                    dQKV[place + i] = 0
                }
                norm.applyBackward(
                    qkv + place, rows: heads, gradient: gradient, addingTo: dQKV + place, sums: sums)
            }
        }
    }

    private func copyWantedRows(of x: UnsafePointer<Float>, count: Int, into y: UnsafeMutablePointer<Float>) {
        if rows == .all {
            if UnsafePointer(y) != x { y.update(from: x, count: count * tokens * width) }
        } else {
            let wanted = rowsPerInput * width
            for index in 0..<count { (y + index * wanted).update(from: x + index * tokens * width, count: wanted) }
        }
    }

    /// Through attention: ∂E/∂middle (inputs, rows, width) → ∂E/∂x (inputs, tokens, width).
    ///
    /// `dx` may be `dMiddle` where all rows are wanted.
    ///
    /// - Parameter trace: where what the weights' gradients are made of is left.
    package func attendBackward(
        gradient dMiddle: UnsafePointer<Float>, x: UnsafePointer<Float>, qkv: UnsafePointer<Float>,
        of sequences: Sequences, into dx: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        attendBackward(
            gradient: dMiddle, x: x, qkv: qkv, of: sequences, into: dx, workspaces: workspaces, trace: nil)
    }

    func attendBackward(
        gradient dMiddle: UnsafePointer<Float>, x: UnsafePointer<Float>, qkv: UnsafePointer<Float>,
        of sequences: Sequences, into dx: UnsafeMutablePointer<Float>, workspaces: WorkspacePool,
        trace: AttentionTrace?
    ) {
        let all = sequences.count * tokens
        let out = sequences.count * rowsPerInput
        let needsAnswers = trace != nil || order != .before || weights.attention.answerNorm != nil
        workspaces.borrow((needsAnswers ? 4 : 3) * out * width + 4 * all * width) { scratch in
            let residual = scratch
            let branch = residual + out * width
            let dAnswers = branch + out * width
            let dQKV = trace?.dQKV ?? dAnswers + out * width
            let dInput = dAnswers + out * width + 3 * all * width
            let answers = dInput + all * width
            residual.update(from: dMiddle, count: out * width)
            if needsAnswers { answer(qkv, of: sequences, into: answers, workspaces: workspaces) }
            if let trace {
                if let norm = weights.attention.answerNorm {
                    norm.apply(answers, rows: out, into: trace.answers)
                } else {
                    trace.answers.update(from: answers, count: out * width)
                }
            }
            if order != .before {
                // What entered the join is computed again.
                workspaces.borrow(2 * out * width) { again in
                    let base = again + out * width
                    (weights.attention.answerNorm)?.apply(answers, rows: out, into: again)
                    weights.attention.output.weight.multiply(
                        weights.attention.answerNorm == nil ? answers : again, rows: out, into: branch)
                    copyWantedRows(of: x, count: sequences.count, into: base)
                    attentionJoin.joinBackward(
                        gradient: residual, branch: branch, base: base, rows: out, into: branch, sums: trace?.norm)
                }
                trace?.dOutput.update(from: branch, count: out * width)
            } else {
                trace?.dOutput.update(from: residual, count: out * width)
                attentionJoin.joinBackward(gradient: residual, branch: nil, base: nil, rows: out, into: branch)
            }
            weights.attention.output.weight.multiplyBackward(gradient: branch, rows: out, into: dAnswers)
            if let norm = weights.attention.answerNorm {
                branch.update(from: dAnswers, count: out * width)
                dAnswers.update(repeating: 0, count: out * width)
                norm.applyBackward(
                    answers, rows: out, gradient: branch, addingTo: dAnswers, sums: trace?.answerNorm)
            }
            answerBackward(dAnswers, qkv: qkv, of: sequences, into: dQKV, workspaces: workspaces, trace: trace)
            weights.attention.qkv.applyBackward(gradient: dQKV, rows: all, into: dInput)
            spreadWantedRows(residual, count: sequences.count, into: dx)
            if order == .before {
                if let input = trace?.input { weights.attention.norm.apply(x, rows: all, into: input) }
                weights.attention.norm.applyBackward(
                    x, rows: all, gradient: dInput, addingTo: dx, sums: trace?.norm)
            } else {
                for i in 0..<(all * width) { dx[i] += dInput[i] }
            }
        }
    }

    private func answerBackward(
        _ dAnswers: UnsafePointer<Float>, qkv: UnsafePointer<Float>, of sequences: Sequences,
        into dQKV: UnsafeMutablePointer<Float>, workspaces: WorkspacePool, trace: AttentionTrace?
    ) {
        let stride = tokens * 3 * width
        workspaces.borrow(attention.workspace + (placesTokens ? stride : 0)) { scratch in
            for index in 0..<sequences.count {
                let own = placed(qkv + index * stride, in: scratch + attention.workspace)
                attention.attendBackward(
                    qkv: own, keyBias: sequences.keyBias(of: index),
                    gradient: dAnswers + index * rowsPerInput * width, into: dQKV + index * stride, workspace: scratch)
                if placesTokens {
                    placedBackward(dQKV + index * stride, qkv: qkv + index * stride, trace: trace)
                }
            }
        }
    }

    private func spreadWantedRows(_ wanted: UnsafePointer<Float>, count: Int, into dx: UnsafeMutablePointer<Float>) {
        if rows == .all {
            dx.update(from: wanted, count: count * tokens * width)
        } else {
            dx.update(repeating: 0, count: count * tokens * width)
            let size = rowsPerInput * width
            for index in 0..<count { (dx + index * tokens * width).update(from: wanted + index * size, count: size) }
        }
    }

    // MARK: MLP

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

extension Transformer {
    /// Block `index` at work on inputs of that many tokens.
    ///
    /// Throws `ModelError.nonFiniteWeight` where its weights are read for the first time and one is no number.
    package func block(
        _ index: Int, shape: TokenShape, rows: TokenRows? = nil, spread: Spread = .alone
    ) throws -> Block {
        Block(
            weights: try blocks[index].weights(), architecture: architecture, shape: shape,
            rows: rows ?? self.rows(ofBlock: index),
            rotary: rotary, spread: spread)
    }
}
