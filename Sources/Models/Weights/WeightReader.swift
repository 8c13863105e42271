import Tensor

/// Makes the parts of a transformer from a model's tensors.
struct WeightReader: Sendable {
    let architecture: Architecture
    /// What products with the matrices are made with.
    let form: WeightMatrix.Form
    /// The float32 values of a tensor.
    let read: @Sendable (TensorReference) throws -> FloatView

    init(
        architecture: Architecture, form: WeightMatrix.Form,
        read: @escaping @Sendable (TensorReference) throws -> FloatView
    ) {
        self.architecture = architecture
        self.form = form
        self.read = read
    }

    /// - Parameter keeps: whether widened values are kept for the next time.
    init(model: Model, architecture: Architecture, keeps: Bool, form: WeightMatrix.Form) {
        self.init(architecture: architecture, form: form) { try model.view($0, keeps: keeps) }
    }

    private func matrix(_ view: FloatView) -> WeightMatrix { WeightMatrix(view, form) }

    func view(_ tensor: TensorReference) throws -> FloatView { try read(tensor) }

    func linear(_ layer: LayerReference) throws -> Linear {
        Linear(weight: matrix(try view(layer.weight)), bias: try layer.bias.map(view))
    }

    func norm(_ layer: LayerReference) throws -> Norm {
        Norm(
            weight: try view(layer.weight), bias: try layer.bias.map(view), kind: architecture.norm,
            epsilon: architecture.normEpsilon)
    }

    func stacked(_ layers: StackedReference) throws -> StackedLinear {
        let weights = try layers.weights.map(view)
        return StackedLinear(layers: weights.map(matrix), bias: try bias(layers, outputs: weights.map { $0.shape[0] }))
    }

    /// Queries, keys and values as a matrix each, however the file stacks them.
    private func attention(_ layers: StackedReference) throws -> StackedLinear {
        let width = architecture.width
        let weights = try layers.weights.map(view)
        let parts = weights.flatMap { weight in
            stride(from: 0, to: weight.shape[0], by: width).map { weight.rows($0..<min($0 + width, weight.shape[0])) }
        }
        return StackedLinear(layers: parts.map(matrix), bias: try bias(layers, outputs: weights.map { $0.shape[0] }))
    }

    /// The biases side by side; zeros where a layer has none, nil where none has one.
    private func bias(_ layers: StackedReference, outputs: [Int]) throws -> FloatView? {
        let found = try layers.biases.map { try $0.map(view) }
        guard found.contains(where: { $0 != nil }) else { return nil }
        if found.count == 1 { return found[0] }
        // Biases of their own over packed matrices (q and v, but not k) share the outputs evenly.
        let total = outputs.reduce(0, +)
        let sizes = found.count == outputs.count ? outputs : Array(repeating: total / found.count, count: found.count)
        return FloatView(
            FloatBuffer([total], zip(found, sizes).flatMap { $0?.values ?? Array(repeating: 0, count: $1) }))
    }

    func block(_ layout: TensorLayout.Block) throws -> BlockWeights {
        BlockWeights(
            attention: AttentionWeights(
                norm: try norm(layout.attentionNorm), qkv: try attention(layout.attention),
                queryNorm: try layout.queryNorm.map(norm), keyNorm: try layout.keyNorm.map(norm),
                answerNorm: try layout.answerNorm.map(norm), output: try linear(layout.attentionOutput),
                scale: try layout.attentionScale.map(view)),
            mlp: try mlp(
                layout.mlp, norm: layout.mlpNorm, scale: layout.mlpScale, isGated: architecture.isGated))
    }

    private func mlp(
        _ layout: MLPReference, norm: LayerReference, scale: TensorReference?, isGated: Bool
    ) throws -> MLPWeights {
        MLPWeights(
            norm: try self.norm(norm), input: try stacked(layout.input), isGated: isGated,
            hiddenNorm: try layout.hiddenNorm.map(self.norm), output: try linear(layout.output),
            scale: try scale.map(view))
    }

    func embedding(_ layout: TensorLayout) throws -> EmbeddingWeights {
        if let words = layout.words, let positions = layout.positions {
            return .text(
                TextEmbeddingWeights(
                    words: try view(words), positions: try view(positions),
                    segments: try layout.segments.map(view)))
        }
        guard let patches = layout.patchEmbedding, let image = architecture.image else {
            throw ModelError.unsupportedVariant(
                family: architecture.family, what: "an input that is neither images nor words")
        }
        return .image(
            ImageEmbeddingWeights(
                prefix: try layout.prefixTokens.map(view),
                positions: try layout.positions.flatMap { reference in
                    try image.positions.map {
                        PositionTable(weights: try view(reference), positions: $0, width: architecture.width)
                    }
                },
                patches: try linear(patches)))
    }

    func rotary(_ layout: TensorLayout) throws -> RotaryTable? {
        guard let rotary = architecture.rotary, let image = architecture.image else { return nil }
        let own = try layout.rotaryTables.map { tables in
            (
                grid: image.grid(of: image.size),
                angles: RotaryTable.Angles(
                    cosines: try view(tables.cosines), sines: try view(tables.sines))
            )
        }
        return RotaryTable(rotary: rotary, headWidth: architecture.headWidth, own: own)
    }

    /// The pooling's query is the same for every image, so its projection is computed once.
    func pool(_ layout: PoolReference) throws -> PoolWeights {
        let width = architecture.width
        let qkv = try attention(layout.attention)
        let query = FloatBuffer([width])
        qkv.layers[0].multiply(try view(layout.query).base, rows: 1, start: qkv.start(at: 0), into: query.pointer)
        return PoolWeights(
            query: FloatView(query),
            keyValue: StackedLinear(
                layers: Array(qkv.layers[1...]),
                bias: qkv.bias?.rows(width..<(3 * width))),
            output: try linear(layout.attentionOutput),
            mlp: try mlp(layout.mlp, norm: layout.norm, scale: nil, isGated: false))
    }

    /// The classifier. That of class and distillation token becomes one over both, with half of each.
    func head(_ layout: TensorLayout) throws -> Linear? {
        guard let head = try layout.head.map(linear) else { return nil }
        guard let other = try layout.distillationHead.map(linear) else { return head }
        let width = architecture.width
        let weight = FloatBuffer([head.outputs, 2 * width])
        for row in 0..<head.outputs {
            for i in 0..<width {
                weight.row(row)[i] = head.weight.view.base[row * width + i] / 2
                weight.row(row)[width + i] = other.weight.view.base[row * width + i] / 2
            }
        }
        let zeros = [Float](repeating: 0, count: head.outputs)
        let bias = zip(head.bias?.values ?? zeros, other.bias?.values ?? zeros).map { ($0 + $1) / 2 }
        return Linear(weight: matrix(FloatView(weight)), bias: FloatView(FloatBuffer([head.outputs], bias)))
    }

    func projection(_ reference: ProjectionReference) throws -> Linear {
        switch reference {
        case .layer(let layer): return try linear(layer)
        case .matrix(let reference):
            let values = try view(reference)
            let (inputs, outputs) = (values.shape[0], values.shape[1])
            let transposed = FloatBuffer([outputs, inputs])
            for row in 0..<inputs {
                for column in 0..<outputs { transposed.row(column)[row] = values.base[row * outputs + column] }
            }
            return Linear(weight: matrix(FloatView(transposed)), bias: nil)
        }
    }
}
