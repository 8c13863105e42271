import Tensor

// Attention with its residual connection, there and back.
extension Block {
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
}
