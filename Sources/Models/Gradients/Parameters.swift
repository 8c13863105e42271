import Tensor

/// The parameters of a model through a view, as values of their own that training changes.
///
/// Tensors have the file's names and the shapes of the kept neurons. A transformer over them sees their values as they
/// are when it first multiplies with them, so it is made anew after each change.
package final class Parameters: Sendable {
    /// Narrowed to the kept neurons.
    package let architecture: Architecture
    let layout: TensorLayout
    /// All names, in a fixed order.
    package let names: [String]
    package let tensors: [String: FloatBuffer]
    /// The tensors that are weights of linear layers, rather than biases, norms, scales, tokens or tables.
    package let matrices: Set<String>
    /// What the transformer needs beside parameters.
    private let tables: [String: FloatView]

    /// Copies the model's values. Throws `ModelError.nonFiniteWeight` or what reading throws.
    package init(model: Model, keeping kept: KeptNeurons) throws {
        architecture = model.architecture(keeping: kept)
        layout = model.layout.narrowed(to: architecture.hiddenWidths, of: model.architecture.hiddenWidths)
        let places = NeuronPlaces(model.layout, hidden: model.architecture.hiddenWidths, keeping: kept)
        var tensors: [String: FloatBuffer] = [:]
        var tables: [String: FloatView] = [:]
        let constants = layout.rotaryTables.map { [$0.cosines, $0.sines] } ?? []
        for tensor in constants { tables[tensor.name] = try model.view(tensor, keeps: false) }
        for tensor in layout.all where tables[tensor.name] == nil {
            var view = try model.view(tensor, keeps: false)
            if let rows = places.rows[tensor.name] { view = view.gatheringRows(rows) }
            if let columns = places.columns[tensor.name] { view = view.gatheringColumns(columns) }
            let own = FloatBuffer(tensor.shape)
            own.pointer.update(from: view.base, count: own.count)
            tensors[tensor.name] = own
        }
        self.tensors = tensors
        self.tables = tables
        names = layout.all.map(\.name).filter { tensors[$0] != nil }
        matrices = layout.matrices
    }

    private init(copying other: Parameters) {
        architecture = other.architecture
        layout = other.layout
        names = other.names
        matrices = other.matrices
        tables = other.tables
        tensors = other.tensors.mapValues { tensor in
            let copy = FloatBuffer(tensor.shape)
            copy.pointer.update(from: tensor.pointer, count: tensor.count)
            return copy
        }
    }

    /// The values as they are now, which no longer change with these.
    package func copy() -> Parameters { Parameters(copying: self) }

    /// Takes over the values of others of the same model and view.
    package func update(from other: Parameters) {
        for (name, tensor) in tensors {
            if let source = other.tensors[name] { tensor.pointer.update(from: source.pointer, count: tensor.count) }
        }
    }

    /// A transformer over the present values.
    package func transformer() throws -> Transformer {
        let read = WeightReader(architecture: architecture, form: .packed) { [tensors, tables] tensor in
            if let own = tensors[tensor.name] { return FloatView(own) }
            if let table = tables[tensor.name] { return table }
            throw ModelError.missingTensor(path: "", tensor: tensor.name, expected: tensor.shape, similar: nil)
        }
        return Transformer(
            architecture: architecture, embedding: try read.embedding(layout),
            embeddingNorm: try layout.embeddingNorm.map(read.norm), rotary: try read.rotary(layout),
            blocks: try layout.blocks.map { BlockSource(try read.block($0)) },
            finalNorm: try layout.finalNorm.map(read.norm), pool: try layout.pool.map(read.pool),
            head: try read.head(layout), pooler: try layout.pooler.map(read.linear),
            projection: try layout.projection.map(read.projection))
    }

    /// The parameters as tensors of the model's full shapes, in float32: removed neurons' places hold the model's values.
    ///
    /// - Parameters:
    ///   - model, kept: the view that these are the parameters of.
    ///   - wanted: only these tensors; nil for all.
    package func wholeTensors(
        of model: Model, keeping kept: KeptNeurons, only wanted: Set<String>? = nil
    ) throws -> [String: FloatBuffer] {
        let places = NeuronPlaces(model.layout, hidden: model.architecture.hiddenWidths, keeping: kept)
        var result: [String: FloatBuffer] = [:]
        for tensor in model.layout.all {
            guard let own = tensors[tensor.name], wanted?.contains(tensor.name) ?? true else { continue }
            let shape = model.checkpoint.weights.tensors[tensor.name]?.shape ?? tensor.shape
            let whole = FloatBuffer(shape)
            if let rows = places.rows[tensor.name] {
                whole.pointer.update(from: try model.view(tensor, keeps: false).base, count: whole.count)
                for (place, row) in rows.enumerated() {
                    whole.row(row).update(from: own.row(place), count: own.rowCount)
                }
            } else if let columns = places.columns[tensor.name] {
                whole.pointer.update(from: try model.view(tensor, keeps: false).base, count: whole.count)
                for row in 0..<shape[0] {
                    for (place, column) in columns.enumerated() { whole.row(row)[column] = own.row(row)[place] }
                }
            } else {
                whole.pointer.update(from: own.pointer, count: whole.count)
            }
            result[tensor.name] = whole
        }
        return result
    }
}

extension TensorLayout {
    /// The names of linear layers' weights.
    var matrices: Set<String> {
        var result = [patchEmbedding, head, distillationHead, pooler].compactMap { $0?.weight.name }
        for block in blocks {
            result += (block.attention.weights + [block.attentionOutput.weight]).map(\.name)
            result += (block.mlp.input.weights + [block.mlp.output.weight]).map(\.name)
        }
        if let pool {
            result += (pool.attention.weights + [pool.attentionOutput.weight]).map(\.name)
            result += (pool.mlp.input.weights + [pool.mlp.output.weight]).map(\.name)
        }
        switch projection {
        case .layer(let layer): result.append(layer.weight.name)
        case .matrix(let matrix): result.append(matrix.name)
        case nil: break
        }
        return Set(result)
    }
}
