import Foundation
import Tensor

/// What is read from the last block's tokens.
package enum Reading: Sendable, Hashable {
    /// The feature of an input, which the entropy sees.
    case feature
    /// What the classifier takes, which mostly is the feature.
    case headInput
}

extension Transformer {
    /// The steps from the last block's rows to what is read: the final norm and a pooling, in either order.
    enum Route {
        /// The first tokens, side by side.
        case leading(Int)
        case normalisedMean
        case meanOfNormalised
        case meanOfPatches
        case classTokenAndMean
        case pooledClassToken
        case attentionPool
        case endOfText
    }

    func route(_ reading: Reading) -> Route {
        if reading == .headInput, let head = architecture.head {
            switch head.input {
            case .feature: break
            case .classTokenAndMean: return .classTokenAndMean
            case .classAndDistillationTokens: return .leading(2)
            case .meanOfNormalised: return .meanOfNormalised
            case .meanOfPatches: return .meanOfPatches
            case .pooledClassToken: return .pooledClassToken
            }
        }
        switch architecture.readout {
        case .classToken: return .leading(1)
        case .normalisedMean: return .normalisedMean
        case .meanOfNormalised: return .meanOfNormalised
        case .attentionPool: return .attentionPool
        case .endOfText: return .endOfText
        }
    }

    /// Which rows of the last block's output a reading depends on.
    package func rows(for reading: Reading) -> TokenRows {
        switch route(reading) {
        case .leading(let count): .leading(count)
        case .pooledClassToken: .leading(1)
        default: .all
        }
    }

    /// Values that a reading has for one input.
    package func width(of reading: Reading) -> Int {
        switch route(reading) {
        case .leading(let count): count * architecture.width
        case .classTokenAndMean: 2 * architecture.width
        case .normalisedMean, .meanOfNormalised, .meanOfPatches, .pooledClassToken, .attentionPool, .endOfText:
            architecture.width
        }
    }

    private var attentionPool: AttentionPool? {
        pool.map {
            AttentionPool(
                weights: $0, heads: architecture.heads, width: architecture.width, activation: architecture.activation)
        }
    }

    /// y = the final norm of x over rows, or x itself where the family has none. `y` may be `x`.
    private func normalise(_ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>) {
        if let finalNorm {
            finalNorm.apply(x, rows: rows, into: y)
        } else if UnsafePointer(y) != x {
            y.update(from: x, count: rows * architecture.width)
        }
    }

    private func normaliseBackward(
        _ x: UnsafePointer<Float>, rows: Int, gradient: UnsafePointer<Float>, addingTo dx: UnsafeMutablePointer<Float>,
        _ trace: ReadoutTrace?
    ) {
        if let finalNorm {
            finalNorm.applyBackward(x, rows: rows, gradient: gradient, addingTo: dx, sums: trace?.norm)
        } else {
            for i in 0..<(rows * architecture.width) { dx[i] += gradient[i] }
        }
    }

    /// x (inputs, rows, width) of the last block → values (inputs, width of the reading).
    package func read(
        _ reading: Reading, _ x: UnsafePointer<Float>, of sequences: Sequences, rows: Int,
        into values: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        let width = architecture.width
        let count = sequences.count
        switch route(reading) {
        case .leading(let tokens):
            for index in 0..<count {
                normalise(x + index * rows * width, rows: tokens, into: values + index * tokens * width)
            }
        case .normalisedMean:
            meanOfPatches(x, images: count, rows: rows, into: values, stride: width)
            normalise(values, rows: count, into: values)
        case .meanOfNormalised:
            workspaces.borrow(count * rows * width) { normalised in
                normalise(x, rows: count * rows, into: normalised)
                meanOfPatches(normalised, images: count, rows: rows, into: values, stride: width)
            }
        case .meanOfPatches: meanOfPatches(x, images: count, rows: rows, into: values, stride: width)
        case .classTokenAndMean:
            workspaces.borrow(count * rows * width) { normalised in
                normalise(x, rows: count * rows, into: normalised)
                for image in 0..<count {
                    (values + 2 * image * width).update(from: normalised + image * rows * width, count: width)
                }
                meanOfPatches(normalised, images: count, rows: rows, into: values + width, stride: 2 * width)
            }
        case .pooledClassToken:
            for index in 0..<count { pooled(x + index * rows * width, into: values + index * width) }
        case .attentionPool:
            workspaces.borrow(count * rows * width) { normalised in
                normalise(x, rows: count * rows, into: normalised)
                attentionPool?.pool(normalised, images: count, tokens: rows, into: values, workspaces: workspaces)
            }
        case .endOfText:
            for index in 0..<count {
                let row = index * rows + endOfText(sequences, index, length: rows)
                normalise(x + row * width, rows: 1, into: values + index * width)
            }
        }
    }

    /// The way back: ∂E/∂values (inputs, width of the reading) → ∂E/∂x (inputs, rows, width).
    package func readBackward(
        _ reading: Reading, gradient: UnsafePointer<Float>, x: UnsafePointer<Float>, of sequences: Sequences, rows: Int,
        into dx: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        readBackward(
            reading, gradient: gradient, x: x, of: sequences, rows: rows, into: dx, workspaces: workspaces, trace: nil)
    }

    /// - Parameter trace: where what the weights' gradients are made of is left.
    func readBackward(
        _ reading: Reading, gradient: UnsafePointer<Float>, x: UnsafePointer<Float>, of sequences: Sequences, rows: Int,
        into dx: UnsafeMutablePointer<Float>, workspaces: WorkspacePool, trace: ReadoutTrace?
    ) {
        let width = architecture.width
        let count = sequences.count
        let all = count * rows
        dx.update(repeating: 0, count: all * width)
        switch route(reading) {
        case .leading(let tokens):
            for index in 0..<count {
                normaliseBackward(
                    x + index * rows * width, rows: tokens, gradient: gradient + index * tokens * width,
                    addingTo: dx + index * rows * width, trace)
            }
        case .normalisedMean:
            workspaces.borrow(2 * count * width) { mean in
                let dMean = mean + count * width
                meanOfPatches(x, images: count, rows: rows, into: mean, stride: width)
                dMean.update(repeating: 0, count: count * width)
                normaliseBackward(mean, rows: count, gradient: gradient, addingTo: dMean, trace)
                spreadOverPatches(dMean, stride: width, images: count, rows: rows, into: dx)
            }
        case .meanOfNormalised:
            workspaces.borrow(all * width) { spread in
                spread.update(repeating: 0, count: all * width)
                spreadOverPatches(gradient, stride: width, images: count, rows: rows, into: spread)
                normaliseBackward(x, rows: all, gradient: spread, addingTo: dx, trace)
            }
        case .meanOfPatches: spreadOverPatches(gradient, stride: width, images: count, rows: rows, into: dx)
        case .classTokenAndMean:
            workspaces.borrow(all * width) { spread in
                spread.update(repeating: 0, count: all * width)
                for image in 0..<count {
                    (spread + image * rows * width).update(from: gradient + 2 * image * width, count: width)
                }
                spreadOverPatches(gradient + width, stride: 2 * width, images: count, rows: rows, into: spread)
                normaliseBackward(x, rows: all, gradient: spread, addingTo: dx, trace)
            }
        case .pooledClassToken:
            for index in 0..<count {
                pooledBackward(
                    gradient + index * width, x: x + index * rows * width, into: dx + index * rows * width,
                    at: index, trace)
            }
        case .attentionPool:
            workspaces.borrow(2 * all * width) { normalised in
                let dNormalised = normalised + all * width
                normalise(x, rows: all, into: normalised)
                attentionPool?.poolBackward(
                    gradient: gradient, x: normalised, images: count, tokens: rows, into: dNormalised,
                    workspaces: workspaces, trace: trace?.pool)
                normaliseBackward(x, rows: all, gradient: dNormalised, addingTo: dx, trace)
            }
        case .endOfText:
            for index in 0..<count {
                let row = index * rows + endOfText(sequences, index, length: rows)
                normaliseBackward(
                    x + row * width, rows: 1, gradient: gradient + index * width, addingTo: dx + row * width, trace)
            }
        }
    }

    /// One token x (width) → tanh(W·norm(x) + b).
    private func pooled(_ x: UnsafePointer<Float>, into value: UnsafeMutablePointer<Float>) {
        let width = architecture.width
        let token = FloatBuffer([1, width])
        normalise(x, rows: 1, into: token.pointer)
        pooler?.apply(token.pointer, rows: 1, into: value)
        for i in 0..<width { value[i] = tanh(value[i]) }
    }

    /// The way back: tanh′ = 1 − tanh².
    private func pooledBackward(
        _ gradient: UnsafePointer<Float>, x: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, at index: Int,
        _ trace: ReadoutTrace?
    ) {
        let width = architecture.width
        let value = FloatBuffer([1, width])
        let dToken = FloatBuffer([1, width], filledWith: 0)
        pooled(x, into: value.pointer)
        for i in 0..<width { value.pointer[i] = gradient[i] * (1 - value.pointer[i] * value.pointer[i]) }
        if let trace {
            normalise(x, rows: 1, into: trace.poolerInput + index * width)
            (trace.dPooler + index * width).update(from: value.pointer, count: width)
        }
        if let weight = pooler?.weight {
            weight.multiplyBackward(gradient: value.pointer, rows: 1, into: dToken.pointer)
        }
        normaliseBackward(x, rows: 1, gradient: dToken.pointer, addingTo: dx, trace)
    }

    /// The place of the token that ends a text: the first with the id that ends texts, or the highest id.
    private func endOfText(_ sequences: Sequences, _ index: Int, length: Int) -> Int {
        guard let ids = sequences.ids?[(index * length)..<((index + 1) * length)] else { return 0 }
        let end = architecture.text?.end.flatMap(Int32.init(exactly:))
        let place =
            if let end { ids.firstIndex(of: end) } else { ids.max().flatMap { ids.firstIndex(of: $0) } }
        return place.map { $0 - ids.startIndex } ?? 0
    }

    /// The final norm of all tokens, in place, where the library's last hidden state has gone through it: x (rows, width).
    package func finishTokens(_ x: UnsafeMutablePointer<Float>, rows: Int) {
        if architecture.normalisesTokens { normalise(x, rows: rows, into: x) }
    }

    /// features (inputs, width) → embeddings (inputs, shared width), where the model has such a projection.
    package func project(_ features: FloatBuffer) -> FloatBuffer? {
        guard let projection else { return nil }
        let result = FloatBuffer([features.shape[0], projection.outputs])
        projection.apply(features.pointer, rows: features.shape[0], into: result.pointer)
        return result
    }

    /// values (images, head inputs) → logits (images, classes).
    package func classify(_ values: UnsafePointer<Float>, images: Int, by head: Linear) -> FloatBuffer {
        let logits = FloatBuffer([images, head.outputs])
        head.apply(values, rows: images, into: logits.pointer)
        return logits
    }

    /// The way back through the classifier: ∂E/∂logits (images, classes) → ∂E/∂values (images, head inputs).
    package func classifyBackward(gradient: [Float], images: Int, by head: Linear) -> [Float] {
        let result = FloatBuffer([images, head.inputs])
        gradient.withUnsafeBufferPointer { gradient in
            guard let base = gradient.baseAddress else { return }
            head.weight.multiplyBackward(gradient: base, rows: images, into: result.pointer)
        }
        return result.values
    }

    private func meanOfPatches(
        _ x: UnsafePointer<Float>, images: Int, rows: Int, into mean: UnsafeMutablePointer<Float>, stride: Int
    ) {
        let a = architecture
        let prefix = a.prefixTokens
        for image in 0..<images {
            meanOfRows(
                x + (image * rows + prefix) * a.width, rows: rows - prefix, columns: a.width,
                into: mean + image * stride)
        }
    }

    /// Every patch row takes its share of the mean's gradient.
    private func spreadOverPatches(
        _ dMean: UnsafePointer<Float>, stride: Int, images: Int, rows: Int, into dx: UnsafeMutablePointer<Float>
    ) {
        let a = architecture
        let prefix = a.prefixTokens
        let share = 1 / Float(rows - prefix)
        for image in 0..<images {
            for row in prefix..<rows {
                let target = dx + (image * rows + row) * a.width
                for i in 0..<a.width { target[i] = dMean[image * stride + i] * share }
            }
        }
    }
}
