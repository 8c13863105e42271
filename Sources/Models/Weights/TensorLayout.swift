import Checkpoints

/// All tensors of one transformer by name and shape: a family's table, filled in for one architecture and one file.
package struct TensorLayout: Sendable {
    package struct Block: Sendable {
        /// The block's own name, such as `blocks.11`.
        package let key: String
        let attentionNorm: LayerReference
        let attention: StackedReference
        let queryNorm: LayerReference?
        let keyNorm: LayerReference?
        let answerNorm: LayerReference?
        let attentionOutput: LayerReference
        let attentionScale: TensorReference?
        let mlpNorm: LayerReference
        package fileprivate(set) var mlp: MLPReference
        let mlpScale: TensorReference?

        var all: [TensorReference] {
            let norms = [attentionNorm, queryNorm, keyNorm, answerNorm, mlpNorm].compactMap { $0 }
            return norms.flatMap(\.all) + attention.all + attentionOutput.all + mlp.all
                + [attentionScale, mlpScale].compactMap { $0 }
        }
    }

    /// Class token, distillation token and registers, as far as there are any, in the order of the sequence.
    let prefixTokens: [TensorReference]
    let positions: TensorReference?
    let patchEmbedding: LayerReference?
    let words: TensorReference?
    let segments: TensorReference?
    let embeddingNorm: LayerReference?
    package private(set) var blocks: [Block]
    let finalNorm: LayerReference?
    let pool: PoolReference?
    let head: LayerReference?
    let distillationHead: LayerReference?
    let pooler: LayerReference?
    let projection: ProjectionReference?
    /// Cosines and sines (patches, head width), where the file has them.
    let rotaryTables: (cosines: TensorReference, sines: TensorReference)?

    init(names: TensorNames, architecture a: Architecture, pool: PoolSizes?) {
        func vector(_ name: String?, _ shape: [Int]) -> TensorReference? {
            name.map { TensorReference(names.full($0), shape, allowsLeadingOnes: true) }
        }
        func optional(_ name: String?, _ shape: [Int]) -> TensorReference? {
            name.flatMap { names.has($0) ? TensorReference(names.full($0), shape) : nil }
        }
        func layer(_ layer: LayerNames, _ shape: [Int]) -> LayerReference {
            LayerReference(
                weight: TensorReference(names.full(layer.weight), shape), bias: optional(layer.bias, [shape[0]]))
        }
        func norm(_ name: LayerNames, _ width: Int) -> LayerReference { layer(names.norm(name), [width]) }
        func optionalNorm(_ name: LayerNames?, _ width: Int) -> LayerReference? {
            name.flatMap { names.has(names.norm($0).weight) ? norm($0, width) : nil }
        }
        /// `parts` layers of `outputs` each, in as many matrices as there are names.
        func stacked(_ stack: StackedNames, parts: Int, outputs: Int, inputs: Int) -> StackedReference {
            func share(_ index: Int, of count: Int) -> Int {
                count == parts ? outputs : count == 1 ? parts * outputs : index == 0 ? outputs : (parts - 1) * outputs
            }
            return StackedReference(
                weights: stack.weights.enumerated().map {
                    TensorReference(names.full($1), [share($0, of: stack.weights.count), inputs])
                },
                biases: stack.biases.enumerated().map { optional($1, [share($0, of: stack.biases.count)]) })
        }
        func mlp(_ mlp: MLPNames, hidden: Int, isGated: Bool) -> MLPReference {
            MLPReference(
                input: stacked(mlp.input, parts: isGated ? 2 : 1, outputs: hidden, inputs: a.width),
                hiddenNorm: optionalNorm(mlp.hiddenNorm, hidden), output: layer(mlp.output, [a.width, hidden]))
        }

        let table = names.table
        var prefixTokens: [TensorReference?] = []
        if let image = a.image {
            if image.hasClassToken { prefixTokens.append(vector(table.classToken, [a.width])) }
            if image.hasDistillationToken { prefixTokens.append(vector(table.distillationToken, [a.width])) }
            if image.registers > 0 { prefixTokens.append(vector(table.registers, [image.registers, a.width])) }
            positions = image.positions.flatMap { vector(table.positions, [$0.prefix + $0.grid.area, a.width]) }
            patchEmbedding = table.patchEmbedding.map {
                layer($0, [a.width, image.channels, image.patch.height, image.patch.width])
            }
        } else {
            positions = vector(table.positions, [a.text?.length ?? 0, a.width])
            patchEmbedding = nil
        }
        self.prefixTokens = prefixTokens.compactMap { $0 }
        words = a.text.flatMap { text in
            table.words.map { TensorReference(names.full($0), [text.vocabulary, a.width]) }
        }
        segments = a.text.flatMap { text in
            text.segments == 0 ? nil : table.segments.map { TensorReference(names.full($0), [text.segments, a.width]) }
        }
        embeddingNorm = optionalNorm(table.embeddingNorm, a.width)
        blocks = a.hiddenWidths.enumerated().map { index, hidden in
            let part = names.inBlock(index)
            return Block(
                key: names.full(names.block(index)),
                attentionNorm: norm(part(table.attentionNorm), a.width),
                attention: stacked(part(names.attention), parts: 3, outputs: a.width, inputs: a.width),
                queryNorm: a.normalisesQueriesAndKeys ? table.queryNorm.map { norm(part($0), a.headWidth) } : nil,
                keyNorm: a.normalisesQueriesAndKeys ? table.keyNorm.map { norm(part($0), a.headWidth) } : nil,
                answerNorm: optionalNorm(table.answerNorm.map { part($0) }, a.width),
                attentionOutput: layer(part(table.attentionOutput), [a.width, a.width]),
                attentionScale: optional(table.attentionScale.map { part($0) }, [a.width]),
                mlpNorm: norm(part(table.mlpNorm), a.width),
                mlp: mlp(part(names.mlp), hidden: hidden, isGated: a.isGated),
                mlpScale: optional(table.mlpScale.map { part($0) }, [a.width]))
        }
        let final = a.readout == .normalisedMean ? table.pooledNorm ?? table.finalNorm : table.finalNorm
        finalNorm = final.map { norm($0, a.width) }
        self.pool = pool.flatMap { sizes in
            table.pool.map {
                PoolReference(
                    query: TensorReference(names.full($0.query), [a.width], allowsLeadingOnes: true),
                    attention: stacked($0.attention, parts: 3, outputs: a.width, inputs: a.width),
                    attentionOutput: layer($0.attentionOutput, [a.width, a.width]), norm: norm($0.norm, a.width),
                    mlp: mlp($0.mlp, hidden: sizes.hidden, isGated: false))
            }
        }
        let headWidth = a.head?.input == .classTokenAndMean ? 2 * a.width : a.width
        head = a.head.flatMap { head in (names.head ?? table.head.first).map { layer($0, [head.classes, headWidth]) } }
        distillationHead =
            a.head?.input == .classAndDistillationTokens
            ? a.head.flatMap { head in table.distillationHead.map { layer($0, [head.classes, a.width]) } } : nil
        pooler =
            a.head?.input == .pooledClassToken ? table.pooler.map { layer($0, [a.width, a.width]) } : nil
        projection = a.projection.flatMap { shared in
            switch table.projection {
            case .layer(let names): .layer(layer(names, [shared, a.width]))
            case .matrix(let name): .matrix(TensorReference(names.full(name), [a.width, shared]))
            case nil: nil
            }
        }
        if let cosines = table.rotaryCosines, let sines = table.rotarySines, names.has(cosines), names.has(sines),
            let image = a.image
        {
            let shape = [image.grid(of: image.size).area, a.headWidth]
            rotaryTables = (TensorReference(names.full(cosines), shape), TensorReference(names.full(sines), shape))
        } else {
            rotaryTables = nil
        }
    }

    var all: [TensorReference] {
        let single = prefixTokens + [positions, words, segments].compactMap { $0 }
        let layers = [patchEmbedding, embeddingNorm, finalNorm, head, distillationHead, pooler].compactMap { $0 }
        let tables = rotaryTables.map { [$0.cosines, $0.sines] } ?? []
        return single + layers.flatMap(\.all) + blocks.flatMap(\.all) + (pool?.all ?? []) + (projection?.all ?? [])
            + tables
    }

    /// The names of the parameters among them: not of tables, nor of a projection that stands beside the tower.
    func parameters(_ names: TensorNames) -> Set<String> {
        var own = Set(all.map(\.name))
        if let rotaryTables { own.subtract([rotaryTables.cosines.name, rotaryTables.sines.name]) }
        if let projection, names.table.projection?.isBeside ?? false { own.subtract(projection.all.map(\.name)) }
        return own
    }

    /// Compares the layout with what a file holds: every tensor there, of the right shape and type.
    func check(against file: Weights) throws(ModelError) {
        for tensor in all {
            guard let found = file.tensors[tensor.name] else {
                throw .missingTensor(
                    path: file.path, tensor: tensor.name, expected: tensor.shape,
                    similar: file.tensors[tensor.name + ".weight"].map { _ in tensor.name + ".weight" })
            }
            guard tensor.matches(found.shape) else {
                throw .misshapenTensor(
                    path: file.path, tensor: tensor.name, expected: tensor.expectedShape(beside: found.shape),
                    found: found.shape)
            }
            guard found.type.isComputable else {
                throw .unsupportedType(path: file.path, tensor: tensor.name, type: found.type.rawValue)
            }
        }
    }
}

extension TensorLayout {
    /// The layout of the same model with fewer neurons: as many as `kept` says of `hidden` in each block.
    func narrowed(to kept: [Int], of hidden: [Int]) -> TensorLayout {
        var result = self
        for index in blocks.indices where kept[index] != hidden[index] {
            result.blocks[index].mlp = blocks[index].mlp.narrowed(to: kept[index], of: hidden[index])
        }
        return result
    }
}

extension MLPReference {
    /// With `kept` of `hidden` neurons. A packed gate has each neuron's row in both halves.
    fileprivate func narrowed(to kept: Int, of hidden: Int) -> MLPReference {
        func rows(_ tensor: TensorReference) -> TensorReference {
            let parts = hidden == 0 ? 1 : tensor.shape[0] / hidden
            return TensorReference(tensor.name, [parts * kept] + tensor.shape.dropFirst())
        }
        func layer(_ layer: LayerReference) -> LayerReference {
            LayerReference(weight: rows(layer.weight), bias: layer.bias.map(rows))
        }
        return MLPReference(
            input: StackedReference(weights: input.weights.map(rows), biases: input.biases.map { $0.map(rows) }),
            hiddenNorm: hiddenNorm.map(layer),
            output: LayerReference(
                weight: TensorReference(output.weight.name, [output.weight.shape[0], kept]), bias: output.bias))
    }
}

/// What the pooling's MLP measures.
struct PoolSizes: Sendable {
    let hidden: Int
}
