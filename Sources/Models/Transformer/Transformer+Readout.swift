import Tensor

/// What is read from the last block's tokens.
package enum Reading: Sendable, Hashable {
    /// The feature of an image, which the entropy sees.
    case feature
    /// What the classifier takes, which mostly is the feature.
    case headInput
}

extension Transformer {
    /// The steps from the last block's rows to what is read: the final norm and a pooling, in either order.
    private enum Route {
        case classToken
        case normalisedMean
        case meanOfNormalised
        case classTokenAndMean
    }

    private func route(_ reading: Reading) -> Route {
        if reading == .headInput, architecture.head?.input == .classTokenAndMean { return .classTokenAndMean }
        switch architecture.readout {
        case .classToken: return .classToken
        case .normalisedMean: return .normalisedMean
        case .meanOfNormalised: return .meanOfNormalised
        }
    }

    /// Which rows of the last block's output a reading depends on.
    package func rows(for reading: Reading) -> TokenRows { route(reading) == .classToken ? .classToken : .all }

    /// Values that a reading has for one image.
    package func width(of reading: Reading) -> Int {
        route(reading) == .classTokenAndMean ? 2 * architecture.width : architecture.width
    }

    /// x (images, rows, width) of the last block → values (images, width of the reading).
    package func read(
        _ reading: Reading, _ x: UnsafePointer<Float>, images: Int, rows: Int,
        into values: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        let width = architecture.width
        switch route(reading) {
        case .classToken:
            for image in 0..<images {
                finalNorm.apply(x + image * rows * width, rows: 1, into: values + image * width)
            }
        case .normalisedMean:
            meanOfPatches(x, images: images, rows: rows, into: values, stride: width)
            finalNorm.apply(values, rows: images, into: values)
        case .meanOfNormalised:
            workspaces.borrow(images * rows * width) { normalised in
                finalNorm.apply(x, rows: images * rows, into: normalised)
                meanOfPatches(normalised, images: images, rows: rows, into: values, stride: width)
            }
        case .classTokenAndMean:
            workspaces.borrow(images * rows * width) { normalised in
                finalNorm.apply(x, rows: images * rows, into: normalised)
                for image in 0..<images {
                    (values + 2 * image * width).update(from: normalised + image * rows * width, count: width)
                }
                meanOfPatches(normalised, images: images, rows: rows, into: values + width, stride: 2 * width)
            }
        }
    }

    /// The way back: ∂E/∂values (images, width of the reading) → ∂E/∂x (images, rows, width).
    package func readBackward(
        _ reading: Reading, gradient: UnsafePointer<Float>, x: UnsafePointer<Float>, images: Int, rows: Int,
        into dx: UnsafeMutablePointer<Float>, workspaces: WorkspacePool
    ) {
        let width = architecture.width
        let all = images * rows
        dx.update(repeating: 0, count: all * width)
        switch route(reading) {
        case .classToken:
            for image in 0..<images {
                finalNorm.applyBackward(
                    x + image * rows * width, rows: 1, gradient: gradient + image * width,
                    addingTo: dx + image * rows * width)
            }
        case .normalisedMean:
            workspaces.borrow(2 * images * width) { mean in
                let dMean = mean + images * width
                meanOfPatches(x, images: images, rows: rows, into: mean, stride: width)
                dMean.update(repeating: 0, count: images * width)
                finalNorm.applyBackward(mean, rows: images, gradient: gradient, addingTo: dMean)
                spreadOverPatches(dMean, stride: width, images: images, rows: rows, into: dx)
            }
        case .meanOfNormalised:
            workspaces.borrow(all * width) { spread in
                spread.update(repeating: 0, count: all * width)
                spreadOverPatches(gradient, stride: width, images: images, rows: rows, into: spread)
                finalNorm.applyBackward(x, rows: all, gradient: spread, addingTo: dx)
            }
        case .classTokenAndMean:
            workspaces.borrow(all * width) { spread in
                spread.update(repeating: 0, count: all * width)
                for image in 0..<images {
                    (spread + image * rows * width).update(from: gradient + 2 * image * width, count: width)
                }
                spreadOverPatches(gradient + width, stride: 2 * width, images: images, rows: rows, into: spread)
                finalNorm.applyBackward(x, rows: all, gradient: spread, addingTo: dx)
            }
        }
    }

    /// The final norm of all tokens, in place, unless it belongs to the pooled feature: x (rows, width).
    package func finishTokens(_ x: UnsafeMutablePointer<Float>, rows: Int) {
        if architecture.readout != .normalisedMean { finalNorm.apply(x, rows: rows, into: x) }
    }

    /// values (images, head inputs) → logits (images, classes).
    package func classify(_ values: UnsafePointer<Float>, images: Int, by head: Linear) -> FloatBuffer {
        let logits = FloatBuffer([images, head.outputs])
        fillRows(logits.pointer, with: head.bias?.base, rows: images, columns: head.outputs, stride: head.outputs)
        multiply(
            images, head.outputs, head.inputs, values, lda: head.inputs, head.weight.base, ldb: head.inputs,
            .transposed, into: logits.pointer, ldc: head.outputs, accumulating: true)
        return logits
    }

    /// The way back through the classifier: ∂E/∂logits (images, classes) → ∂E/∂values (images, head inputs).
    package func classifyBackward(gradient: [Float], images: Int, by head: Linear) -> [Float] {
        let result = FloatBuffer([images, head.inputs])
        gradient.withUnsafeBufferPointer { gradient in
            guard let base = gradient.baseAddress else { return }
            multiply(
                images, head.inputs, head.outputs, base, lda: head.outputs, head.weight.base, ldb: head.inputs, .plain,
                into: result.pointer, ldc: head.inputs)
        }
        return result.values
    }

    private func meanOfPatches(
        _ x: UnsafePointer<Float>, images: Int, rows: Int, into mean: UnsafeMutablePointer<Float>, stride: Int
    ) {
        let a = architecture
        for image in 0..<images {
            meanOfRows(
                x + (image * rows + a.prefixTokens) * a.width, rows: rows - a.prefixTokens, columns: a.width,
                into: mean + image * stride)
        }
    }

    /// Every patch row takes its share of the mean's gradient.
    private func spreadOverPatches(
        _ dMean: UnsafePointer<Float>, stride: Int, images: Int, rows: Int, into dx: UnsafeMutablePointer<Float>
    ) {
        let a = architecture
        let share = 1 / Float(rows - a.prefixTokens)
        for image in 0..<images {
            for row in a.prefixTokens..<rows {
                let target = dx + (image * rows + row) * a.width
                for i in 0..<a.width { target[i] = dMean[image * stride + i] * share }
            }
        }
    }
}
