import Tensor

/// Which parameters gradients are wanted of.
package enum TrainedParts: String, Sendable, Hashable, Codable, CaseIterable {
    case all
    /// All but what stands after the last block: the final norm, the pooling, the classifier, the projection.
    case encoder
    /// The MLPs' linear layers and hidden norms.
    case mlps
}

/// What an objective looks at.
package enum ObjectiveReading: String, Sendable, Hashable, Codable, CaseIterable {
    /// (inputs, width)
    case feature
    /// The feature in the space that images and texts share (inputs, shared width).
    case projected
    /// (inputs, classes)
    case logits
    /// The last block's output before the final norm (inputs, tokens, width).
    case tokens
}

/// The gradients of an objective: of each wanted parameter that it depends on, under the parameter's name and shape.
package final class Gradients: Sendable {
    /// In the parameters' order.
    package let names: [String]
    package let tensors: [String: FloatBuffer]

    init(of parameters: Parameters, parts: TrainedParts, names wanted: Set<String>) {
        names = parameters.names.filter(wanted.contains)
        tensors = parameters.tensors.filter { wanted.contains($0.key) }
            .mapValues { FloatBuffer($0.shape, filledWith: 0) }
    }

    subscript(_ reference: TensorReference?) -> FloatBuffer? { reference.flatMap { tensors[$0.name] } }

    /// √ of the sum of all squares, in float64.
    package var norm: Double {
        let squares = Locked([Double](repeating: 0, count: names.count))
        try? Parallel.forEach(names.count) { index in
            guard let tensor = tensors[names[index]] else { return }
            let sum = sumOfSquares(tensor.pointer, count: tensor.count)
            squares.withLock { $0[index] = sum }
        }
        return squares.withLock { $0.reduce(0, +) }.squareRoot()
    }
}

extension Transformer {
    /// The tensors that an objective's gradients reach, of those that are wanted.
    func reached(by reading: ObjectiveReading, _ parts: TrainedParts, in layout: TensorLayout) -> Set<String> {
        let mlps = layout.blocks.flatMap(\.mlp.all)
        if parts == .mlps { return Set(mlps.map(\.name)) }
        let embedding =
            layout.prefixTokens + [layout.positions, layout.words, layout.segments].compactMap { $0 }
            + [layout.patchEmbedding, layout.embeddingNorm].compactMap { $0 }.flatMap(\.all)
        var result = embedding + layout.blocks.flatMap(\.all)
        if parts == .all { result += readout(of: reading, in: layout) }
        return Set(result.map(\.name))
    }

    private func readout(of reading: ObjectiveReading, in layout: TensorLayout) -> [TensorReference] {
        let route: Route
        var result: [TensorReference] = []
        switch reading {
        case .tokens: return []
        case .feature: route = self.route(.feature)
        case .projected:
            route = self.route(.feature)
            result += layout.projection?.all ?? []
        case .logits:
            route = self.route(.headInput)
            result += [layout.head, layout.distillationHead].compactMap { $0 }.flatMap(\.all)
        }
        switch route {
        case .meanOfPatches: break
        case .attentionPool: result += (layout.finalNorm?.all ?? []) + (layout.pool?.all ?? [])
        case .pooledClassToken: result += (layout.finalNorm?.all ?? []) + (layout.pooler?.all ?? [])
        default: result += layout.finalNorm?.all ?? []
        }
        return result
    }
}
