import Tensor

/// What all units leave behind of the reading on the way back: norm, pooler, pool, and a linear layer over what is read.
struct ReadoutRecord: Sendable {
    private let width: Int
    private let tokens: Int
    private let norm: FloatBuffer
    /// (inputs, width)
    private let poolerInput: FloatBuffer
    private let dPooler: FloatBuffer
    private let pool: Pool?

    private struct Pool: Sendable {
        let tokens: FloatBuffer
        let dQKV: FloatBuffer
        let answers: FloatBuffer
        let dAttended: FloatBuffer
        let mlpInput: FloatBuffer
        let dExpanded: FloatBuffer
        let activations: FloatBuffer
        let dContracted: FloatBuffer
        let mlpNorm: FloatBuffer
        /// Σ of the query's gradient (width).
        let dQuery: FloatBuffer
        let hidden: Int
    }

    init(_ transformer: Transformer, inputs: Int, units: Int, tokens: Int) {
        let width = transformer.architecture.width
        self.width = width
        self.tokens = tokens
        norm = FloatBuffer([units, 2 * width])
        poolerInput = FloatBuffer([inputs, width])
        dPooler = FloatBuffer([inputs, width])
        pool = transformer.pool.map { weights in
            let hidden = weights.mlp.hiddenWidth
            func rows(_ columns: Int) -> FloatBuffer { FloatBuffer([inputs, columns]) }
            return Pool(
                tokens: FloatBuffer([inputs * tokens, width]), dQKV: FloatBuffer([inputs * tokens, 3 * width]),
                answers: rows(width), dAttended: rows(width), mlpInput: rows(width), dExpanded: rows(hidden),
                activations: rows(hidden), dContracted: rows(width), mlpNorm: FloatBuffer([units, 2 * width]),
                dQuery: FloatBuffer([width], filledWith: 0), hidden: hidden)
        }
    }

    func trace(unit: Int, firstInput: Int) -> ReadoutTrace {
        func sums(_ all: FloatBuffer) -> NormSums {
            let place = all.row(unit)
            place.update(repeating: 0, count: 2 * width)
            return NormSums(place, columns: width)
        }
        return ReadoutTrace(
            norm: sums(norm), poolerInput: poolerInput.row(firstInput), dPooler: dPooler.row(firstInput),
            pool: pool.map { pool in
                PoolTrace(
                    tokens: pool.tokens.row(firstInput * tokens), dQKV: pool.dQKV.row(firstInput * tokens),
                    answers: pool.answers.row(firstInput), dOutput: pool.dAttended.row(firstInput),
                    mlp: MLPTrace(
                        input: pool.mlpInput.row(firstInput), dInput: pool.dExpanded.row(firstInput),
                        activations: pool.activations.row(firstInput), dOutput: pool.dContracted.row(firstInput),
                        norm: sums(pool.mlpNorm), hiddenNorm: nil))
            })
    }

    func reduce(
        _ layout: TensorLayout, inputs: Int, units: Int, _ gradients: Gradients, into reduction: inout Reduction
    ) {
        reduction.norm(layout.finalNorm, gradients, norm, columns: width, units: units)
        reduction.linear(
            layout.pooler, gradients, .init(values: dPooler, stride: width),
            .init(values: poolerInput, stride: width), inputs: width, rows: inputs)
        guard let pool, let reference = layout.pool, gradients[reference.query] != nil else { return }
        reduction.linear(
            reference.mlp.output, gradients, .init(values: pool.dContracted, stride: width),
            .init(values: pool.activations, stride: pool.hidden), inputs: pool.hidden, rows: inputs)
        reduction.stacked(
            reference.mlp.input, gradients, .init(values: pool.dExpanded, stride: pool.hidden),
            .init(values: pool.mlpInput, stride: width), inputs: width, rows: inputs)
        reduction.norm(reference.norm, gradients, pool.mlpNorm, columns: width, units: units)
        reduction.linear(
            reference.attentionOutput, gradients, .init(values: pool.dAttended, stride: width),
            .init(values: pool.answers, stride: width), inputs: width, rows: inputs)
        // The query's own rows, which are no product over tokens, are written when all is summed up.
        reduction.stacked(
            reference.attention, gradients, .init(values: pool.dQKV, stride: 3 * width),
            .init(values: pool.tokens, stride: width), inputs: width, rows: inputs * tokens)
        reduction.sum(
            into: pool.dQuery, columns: width, .init(values: pool.dQKV, stride: 3 * width), rows: inputs * tokens)
    }

    /// The pooling's query goes through a projection of its own: q = W·query + b.
    func finish(_ layout: TensorLayout, _ parameters: Parameters, _ gradients: Gradients) {
        guard let pool, let reference = layout.pool, let dProbe = gradients[reference.query],
            let first = reference.attention.weights.first, let dWeight = gradients[first],
            let weight = parameters.tensors[first.name], let probe = parameters.tensors[reference.query.name]
        else { return }
        dProbe.pointer.update(repeating: 0, count: width)
        for output in 0..<width {
            let d = pool.dQuery.pointer[output]
            for i in 0..<width {
                dWeight.row(output)[i] = d * probe.pointer[i]
                dProbe.pointer[i] += d * weight.row(output)[i]
            }
        }
    }
}
