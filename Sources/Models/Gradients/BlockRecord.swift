import Tensor

/// What all units leave behind of one block on the way back, until its gradients are summed up. Blocks take turns in it.
struct BlockRecord: Sendable {
    private let parts: TrainedParts
    private let order: NormOrder
    private let width: Int
    private let headWidth: Int
    private let tokens: Int
    /// (inputs, tokens, …)
    private let attentionInput: FloatBuffer?
    private let dQKV: FloatBuffer?
    private let answers: FloatBuffer?
    private let dAttended: FloatBuffer?
    private let mlpInput: FloatBuffer?
    private let dExpanded: FloatBuffer
    private let activations: FloatBuffer
    private let dContracted: FloatBuffer
    /// (units, 2, columns)
    private let attentionNorm: FloatBuffer
    private let queryNorm: FloatBuffer
    private let keyNorm: FloatBuffer
    private let answerNorm: FloatBuffer
    private let mlpNorm: FloatBuffer
    private let hiddenNorm: FloatBuffer

    init(_ transformer: Transformer, parts: TrainedParts, inputs: Int, units: Int, tokens: Int) {
        let a = transformer.architecture
        let hidden = transformer.blocks.map(\.hiddenWidth).max() ?? 0
        let expanded = transformer.blocks.map(\.expandedWidth).max() ?? 0
        let rows = inputs * tokens
        self.parts = parts
        self.tokens = tokens
        order = a.normOrder
        width = a.width
        headWidth = a.headWidth
        let before = order == .before
        let withAttention = parts != .mlps
        attentionInput = before && withAttention ? FloatBuffer([rows, width]) : nil
        dQKV = withAttention ? FloatBuffer([rows, 3 * width]) : nil
        answers = withAttention ? FloatBuffer([rows, width]) : nil
        dAttended = withAttention ? FloatBuffer([rows, width]) : nil
        mlpInput = before ? FloatBuffer([rows, width]) : nil
        dExpanded = FloatBuffer([rows, expanded])
        activations = FloatBuffer([rows, hidden])
        dContracted = FloatBuffer([rows, width])
        attentionNorm = FloatBuffer([units, 2 * width])
        queryNorm = FloatBuffer([units, 2 * headWidth])
        keyNorm = FloatBuffer([units, 2 * headWidth])
        answerNorm = FloatBuffer([units, 2 * width])
        mlpNorm = FloatBuffer([units, 2 * width])
        hiddenNorm = FloatBuffer([units, 2 * hidden])
    }

    /// Floats that a record takes for one input.
    static func size(_ transformer: Transformer, parts: TrainedParts, tokens: Int) -> Int {
        let width = transformer.architecture.width
        let widest = transformer.blocks.map { $0.hiddenWidth + $0.expandedWidth }.max() ?? 0
        return tokens * (widest + (parts == .mlps ? 2 : 8) * width)
    }

    /// A unit's place for the sums of a norm, at zero.
    private func sums(_ all: FloatBuffer, _ unit: Int, columns: Int) -> NormSums {
        let place = all.pointer + unit * 2 * columns
        place.update(repeating: 0, count: 2 * columns)
        return NormSums(place, columns: columns)
    }

    func mlp(of block: Block, unit: Int, firstInput: Int) -> MLPTrace {
        let row = firstInput * block.rowsPerInput
        return MLPTrace(
            input: mlpInput.map { $0.pointer + row * width }, dInput: dExpanded.pointer + row * block.expandedWidth,
            activations: activations.pointer + row * block.hiddenWidth, dOutput: dContracted.pointer + row * width,
            norm: parts == .mlps ? nil : sums(mlpNorm, unit, columns: width),
            hiddenNorm: sums(hiddenNorm, unit, columns: block.hiddenWidth))
    }

    func attention(of block: Block, unit: Int, firstInput: Int) -> AttentionTrace? {
        guard let dQKV, let answers, let dAttended else { return nil }
        let (row, wanted) = (firstInput * tokens, firstInput * block.rowsPerInput)
        return AttentionTrace(
            input: attentionInput.map { $0.pointer + row * width }, dQKV: dQKV.pointer + row * 3 * width,
            answers: answers.pointer + wanted * width, dOutput: dAttended.pointer + wanted * width,
            norm: sums(attentionNorm, unit, columns: width), queryNorm: sums(queryNorm, unit, columns: headWidth),
            keyNorm: sums(keyNorm, unit, columns: headWidth), answerNorm: sums(answerNorm, unit, columns: width))
    }

    /// Sums up the MLP's gradients.
    ///
    /// - Parameters:
    ///   - middle: what entered it (inputs, rows, width).
    ///   - rows: of all inputs together.
    func reduceMLP(
        _ layout: TensorLayout.Block, hidden: Int, middle: FloatBuffer, rows: Int, units: Int, _ gradients: Gradients,
        into reduction: inout Reduction
    ) {
        let expanded = layout.mlp.input.weights.reduce(0) { $0 + $1.shape[0] }
        reduction.linear(
            layout.mlp.output, gradients, .init(values: dContracted, stride: width),
            .init(values: activations, stride: hidden), inputs: hidden, rows: rows)
        reduction.stacked(
            layout.mlp.input, gradients, .init(values: dExpanded, stride: expanded),
            .init(values: mlpInput ?? middle, stride: width), inputs: width, rows: rows)
        reduction.norm(layout.mlp.hiddenNorm, gradients, hiddenNorm, columns: hidden, units: units)
        reduction.norm(layout.mlpNorm, gradients, mlpNorm, columns: width, units: units)
    }

    /// Sums up attention's gradients: x is what entered the block (inputs, tokens, width).
    func reduceAttention(
        _ layout: TensorLayout.Block, x: FloatBuffer, inputs: Int, rows: Int, units: Int, _ gradients: Gradients,
        into reduction: inout Reduction
    ) {
        guard let dQKV, let answers, let dAttended else { return }
        reduction.stacked(
            layout.attention, gradients, .init(values: dQKV, stride: 3 * width),
            .init(values: attentionInput ?? x, stride: width), inputs: width, rows: inputs * tokens)
        reduction.linear(
            layout.attentionOutput, gradients, .init(values: dAttended, stride: width),
            .init(values: answers, stride: width), inputs: width, rows: rows)
        reduction.norm(layout.attentionNorm, gradients, attentionNorm, columns: width, units: units)
        reduction.norm(layout.queryNorm, gradients, queryNorm, columns: headWidth, units: units)
        reduction.norm(layout.keyNorm, gradients, keyNorm, columns: headWidth, units: units)
        reduction.norm(layout.answerNorm, gradients, answerNorm, columns: width, units: units)
    }

    /// Gives layer scales their share, once everything is summed up.
    ///
    /// With G = dᵀ·x and g = Σ d taken before the scale s: ∂E/∂s = Σ_k W·G + b·g, ∂E/∂W = s·G, ∂E/∂b = s·g.
    func finish(_ layout: TensorLayout.Block, _ parameters: Parameters, _ gradients: Gradients) {
        guard order == .before else { return }
        finish(layout.attentionScale, layout.attentionOutput, parameters, gradients)
        finish(layout.mlpScale, layout.mlp.output, parameters, gradients)
    }

    private func finish(
        _ scale: TensorReference?, _ layer: LayerReference, _ parameters: Parameters, _ gradients: Gradients
    ) {
        guard let scale, let s = parameters.tensors[scale.name], let weight = parameters.tensors[layer.weight.name],
            let g = gradients[layer.weight]
        else { return }
        let dScale = gradients[scale]
        let bias = layer.bias.flatMap { parameters.tensors[$0.name] }
        let dBias = gradients[layer.bias]
        let inputs = weight.rowCount
        for output in 0..<weight.shape[0] {
            let (w, row, factor) = (weight.row(output), g.row(output), s.pointer[output])
            var dot = 0.0
            for k in 0..<inputs {
                dot += Double(w[k] * row[k])
                row[k] *= factor
            }
            if let bias, let dBias {
                dot += Double(bias.pointer[output] * dBias.pointer[output])
                dBias.pointer[output] *= factor
            }
            dScale?.pointer[output] = Float(dot)
        }
    }
}
