import Tensor

// What a class can't be, named part by part: nothing is written that would compute something else.
extension TargetClass {
    func check(_ model: Model) throws(ConversionError) {
        let a = model.architecture
        guard let image = a.image else { throw impossible(.noClassToken) }
        try checkTokens(image, model.layout)
        try checkReadout(a, model.layout)
        try checkBlocks(a, model.layout)
        try checkNorms(a, model.layout)
        try require(patchBias, of: model.layout.patchEmbedding)
        guard isDual else { return }
        guard let text = model.text else { throw impossible(.noTexts) }
        try checkBlocks(text.architecture, text.layout)
        try checkNorms(text.architecture, text.layout, embeddingNorm: .never)
        guard a.projection != nil, text.architecture.projection != nil else { throw impossible(.noProjection) }
        for bias in biases(of: model.layout.projection) + biases(of: text.layout.projection) {
            throw impossible(.bias(tensor: bias.name))
        }
        if library == .openCLIP { try checkTexts(text.architecture, beside: a) }
    }

    private func impossible(_ part: ModelPart) -> ConversionError {
        .cannotExpress(part, target: dialect.family)
    }

    private func demand(
        _ presence: Presence, _ isThere: Bool, present: ModelPart, absent: ModelPart
    ) throws(ConversionError) {
        if presence == .never, isThere { throw impossible(present) }
        if presence == .always, !isThere { throw impossible(absent) }
    }

    private func checkTokens(_ image: ImageEmbedding, _ layout: TensorLayout) throws(ConversionError) {
        guard image.hasClassToken else { throw impossible(.noClassToken) }
        try demand(
            distillationToken, image.hasDistillationToken, present: .distillationToken, absent: .noDistillationToken)
        try demand(registers, image.registers > 0, present: .registers, absent: .registers)
        guard image.positions != nil, layout.positions != nil else { throw impossible(.noPositions) }
        let (height, width) = (image.size.height, image.size.width)
        guard height % image.patch.height == 0, width % image.patch.width == 0 else {
            throw impossible(.remainder(image: image.size, patch: image.patch))
        }
        if isSquare, height != width { throw impossible(.shape(image.size)) }
        if isSquare, image.patch.height != image.patch.width { throw impossible(.shape(image.patch)) }
    }

    private func checkReadout(_ a: Architecture, _ layout: TensorLayout) throws(ConversionError) {
        guard a.readout == .classToken, layout.finalNorm != nil else { throw impossible(.readout(a.readout)) }
        if !isDual, a.projection != nil { throw impossible(.projection) }
        guard let head = a.head, layout.head != nil else { return }
        // A classifier of its own for the distillation token belongs to the token.
        let isForBoth = head.input == .classAndDistillationTokens
        guard heads.contains(head.input), isForBoth == (a.image?.hasDistillationToken ?? false) else {
            throw impossible(.head(head.input))
        }
        for layer in [layout.head, layout.distillationHead].compactMap({ $0 }) { try require(.always, of: layer) }
    }

    private func checkBlocks(_ a: Architecture, _ layout: TensorLayout) throws(ConversionError) {
        if a.isGated, !allowsGate { throw impossible(.gate) }
        if a.isGated, a.activation != .silu { throw impossible(.activation(a.activation)) }
        if a.rotary != nil { throw impossible(.rotaryPositions) }
        // Biases of queries, keys and values, and layer scales, are switched on for all blocks at once.
        let scales = layout.blocks.filter { $0.attentionScale != nil && $0.mlpScale != nil }.count
        let hasAny = layout.blocks.contains { $0.attentionScale != nil || $0.mlpScale != nil }
        if hasAny, scales < layout.blocks.count { throw impossible(.noLayerScale) }
        try demand(layerScale, scales > 0, present: .layerScale, absent: .noLayerScale)
        let hasQueryBias = layout.blocks.first?.attention.biases.contains { $0 != nil } ?? false
        for block in layout.blocks {
            let hasOwn = block.attention.biases.contains { $0 != nil }
            guard hasOwn == hasQueryBias, hasOwn || queryBias != .always else {
                throw impossible(.noBias(layer: block.key + " (queries, keys and values)"))
            }
            guard block.queryNorm == nil, block.keyNorm == nil else { throw impossible(.headNorms) }
            guard block.answerNorm == nil, block.mlp.hiddenNorm == nil else { throw impossible(.innerNorms) }
            try require(.always, of: block.attentionOutput)
            try require(.always, of: block.mlp.output)
            for (weight, bias) in zip(block.mlp.input.weights, block.mlp.input.biases) where bias == nil {
                throw impossible(.noBias(layer: weight.name))
            }
        }
    }

    private func checkNorms(
        _ a: Architecture, _ layout: TensorLayout, embeddingNorm presence: Presence? = nil
    ) throws(ConversionError) {
        guard a.norm == .layer else { throw impossible(.rootMeanSquareNorms) }
        guard a.normOrder == .before else { throw impossible(.normOrder) }
        try demand(
            presence ?? embeddingNorm, layout.embeddingNorm != nil, present: .embeddingNorm, absent: .noEmbeddingNorm)
        for norm in layout.blocks.flatMap({ [$0.attentionNorm, $0.mlpNorm] })
            + [layout.embeddingNorm, layout.finalNorm].compactMap({ $0 })
        {
            try require(.always, of: norm)
        }
        guard let normEpsilon, a.normEpsilon != normEpsilon else { return }
        // A smaller epsilon than the class's own makes no difference that matters, and is said.
        guard a.normEpsilon < normEpsilon else { throw impossible(.normEpsilon(a.normEpsilon)) }
    }

    private func require(_ presence: Presence, of layer: LayerReference?) throws(ConversionError) {
        guard let layer else { return }
        if presence == .never, let bias = layer.bias { throw impossible(.bias(tensor: bias.name)) }
        if presence == .always, layer.bias == nil { throw impossible(.noBias(layer: layer.weight.name)) }
    }

    private func biases(of projection: ProjectionReference?) -> [TensorReference] {
        if case .layer(let layer)? = projection { layer.bias.map { [$0] } ?? [] } else { [] }
    }

    /// OpenCLIP has one activation for both towers, of two that it knows, and reads texts at their highest id.
    private func checkTexts(_ text: Architecture, beside image: Architecture) throws(ConversionError) {
        guard text.activation == image.activation else {
            throw impossible(.activations(image.activation, text.activation))
        }
        guard [.gelu, .quickGELU].contains(image.activation) else { throw impossible(.activation(image.activation)) }
        guard let embedding = text.text, let end = embedding.end else { return }
        guard end == embedding.vocabulary - 1 else {
            throw impossible(.endOfText(end, vocabulary: embedding.vocabulary))
        }
    }
}
