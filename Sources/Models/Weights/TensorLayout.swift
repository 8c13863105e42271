import Checkpoints

/// All tensors of one model by name and shape: a family's table, filled in for one architecture.
package struct TensorLayout: Sendable {
    package struct Block: Sendable {
        /// The block's own name, such as `blocks.11`.
        package let key: String
        let attentionNorm: LayerReference
        /// One packed layer, or query, key and value.
        let attention: [LayerReference]
        let attentionOutput: LayerReference
        let attentionScale: TensorReference?
        let mlpNorm: LayerReference
        package let mlpInput: LayerReference
        package let mlpOutput: LayerReference
        let mlpScale: TensorReference?

        var all: [TensorReference] {
            attentionNorm.all + attention.flatMap(\.all) + attentionOutput.all + mlpNorm.all + mlpInput.all
                + mlpOutput.all + [attentionScale, mlpScale].compactMap { $0 }
        }
    }

    let classToken: TensorReference?
    let registers: TensorReference?
    let positions: TensorReference
    let patchEmbedding: LayerReference
    let embeddingNorm: LayerReference?
    package let blocks: [Block]
    let finalNorm: LayerReference
    let head: LayerReference?
    let carried: Set<String>

    /// - Parameter prefix: what stands before every name, such as `vit.`; the head has none.
    init(table: TensorTable, architecture a: Architecture, prefix: String) {
        func named(_ name: String) -> String { prefix + name }
        classToken = a.hasClassToken ? TensorReference(name: named(table.classToken), shape: [1, 1, a.width]) : nil
        registers =
            a.registers == 0
            ? nil : table.registers.map { TensorReference(name: named($0), shape: [1, a.registers, a.width]) }
        positions = TensorReference(
            name: named(table.positions),
            shape: [1, a.positions.prefix + a.positions.grid.area, a.width])
        let patch = named(table.patchEmbedding)
        patchEmbedding = LayerReference(
            weight: TensorReference(
                name: patch + ".weight", shape: [a.width, a.channels, a.patch.height, a.patch.width]),
            // A norm right after the embedding makes its bias superfluous; timm leaves it out there.
            bias: a.hasEmbeddingNorm ? nil : TensorReference(name: patch + ".bias", shape: [a.width]))
        embeddingNorm = a.hasEmbeddingNorm ? table.embeddingNorm.map { .norm(named($0), width: a.width) } : nil
        blocks = a.hiddenWidths.enumerated().map { index, hidden in
            let key = named(table.block.replacing("#", with: String(index)))
            func part(_ name: String) -> String { key + "." + name }
            func linear(_ name: String, _ inputs: Int, _ outputs: Int, bias: Bool = true) -> LayerReference {
                .linear(part(name), inputs: inputs, outputs: outputs, bias: bias)
            }
            func scale(_ name: String?) -> TensorReference? {
                a.hasLayerScale ? name.map { TensorReference(name: part($0), shape: [a.width]) } : nil
            }
            let attention =
                switch table.attention {
                case .packed(let name): [linear(name, a.width, 3 * a.width, bias: a.hasQKVBias)]
                case .separate(let query, let key, let value):
                    [query, key, value].map { linear($0, a.width, a.width, bias: a.hasQKVBias) }
                }
            return Block(
                key: key,
                attentionNorm: .norm(part(table.attentionNorm), width: a.width),
                attention: attention,
                attentionOutput: linear(table.attentionOutput, a.width, a.width),
                attentionScale: scale(table.attentionScale),
                mlpNorm: .norm(part(table.mlpNorm), width: a.width),
                mlpInput: linear(table.mlpInput, a.width, hidden),
                mlpOutput: linear(table.mlpOutput, hidden, a.width),
                mlpScale: scale(table.mlpScale))
        }
        let norm = a.readout == .normalisedMean ? table.pooledNorm ?? table.finalNorm : table.finalNorm
        finalNorm = .norm(named(norm), width: a.width)
        head = a.head.flatMap { head in
            table.head.map {
                .linear($0, inputs: head.input == .feature ? a.width : 2 * a.width, outputs: head.classes)
            }
        }
        carried = Set(table.carried.map(named))
    }

    var all: [TensorReference] {
        let embedding = [classToken, registers, positions].compactMap { $0 } + patchEmbedding.all
        return embedding + (embeddingNorm?.all ?? []) + blocks.flatMap(\.all) + finalNorm.all + (head?.all ?? [])
    }

    /// Compares the layout with what a file holds: every tensor there, of the right shape and type, and nothing left.
    func check(against file: Weights) throws(ModelError) {
        var left = Set(file.names).subtracting(carried)
        for tensor in all {
            guard let found = file.tensors[tensor.name] else {
                throw .missingTensor(
                    path: file.path, tensor: tensor.name, expected: tensor.shape,
                    similar: file.tensors[tensor.name + ".weight"].map { _ in tensor.name + ".weight" })
            }
            guard found.shape == tensor.shape else {
                throw .misshapenTensor(
                    path: file.path, tensor: tensor.name, expected: tensor.shape, found: found.shape)
            }
            guard found.type.isComputable else {
                throw .unsupportedType(path: file.path, tensor: tensor.name, type: found.type.rawValue)
            }
            left.remove(tensor.name)
        }
        guard left.isEmpty else {
            throw .leftoverTensors(
                path: file.path, tensors: left.sorted().map { "\($0) \(file.tensors[$0]?.shape ?? [])" })
        }
    }
}
