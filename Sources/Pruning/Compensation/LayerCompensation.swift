import Tensor

/// The output layers of one layer under search, for each width that is asked for.
final class LayerCompensation {
    private let fit: (_ kept: Int) throws -> OutputLayer
    private var layers: [Int: OutputLayer] = [:]

    /// - Parameter fit: what finds the output layer where the `kept` most important neurons are kept; asked once a width.
    init(_ fit: @escaping (_ kept: Int) throws -> OutputLayer) { self.fit = fit }

    /// The output layer where the `kept` most important neurons are kept.
    func output(_ kept: Int) throws -> OutputLayer {
        if let known = layers[kept] { return known }
        let layer = try fit(kept)
        layers[kept] = layer
        return layer
    }
}

/// The moments of a layer's neurons in descending importance: those of every width are parts of them.
struct OrderedMoments {
    private let rows: Int
    private let mean: [Double]
    private let covariance: [Double]
    /// (outputs, neurons), in that order.
    private let weight: FloatView
    private let bias: FloatView?
    private let targetSquares: Double

    private var hidden: Int { mean.count }
    private var outputs: Int { weight.shape[0] }

    /// - Parameters:
    ///   - moments: of the layer's neurons as they lie in `weight` (outputs, neurons).
    ///   - order: the neurons by descending importance.
    init(_ moments: Moments, order: [Int], weight: FloatView, bias: FloatView?) {
        self.bias = bias
        self.weight = weight.gatheringColumns(order)
        rows = moments.rows
        mean = order.map { moments.featureMean[$0] }
        let count = order.count
        var covariance = [Double](repeating: 0, count: count * count)
        for (i, row) in order.enumerated() {
            for (j, column) in order.enumerated() {
                covariance[i * count + j] = moments.covariance[row * count + column]
            }
        }
        self.covariance = covariance
        let values = self.weight.values.map(Double.init)
        let outputs = weight.shape[0]
        let through = multiplyDouble(outputs, count, count, values, covariance, .plain)
        targetSquares = zip(through, values).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The output layer that compensates best where the `kept` most important neurons are kept.
    func output(_ kept: Int, by compensation: Compensation) -> OutputLayer {
        compensation.solve(
            weight: weight.gatheringColumns(Array(0..<kept)), bias: bias, moments: moments(keeping: kept))
    }

    /// The moments of the kept neurons f and of what is lacking without the others, r = W·a over the others.
    private func moments(keeping kept: Int) -> Moments {
        let gone = hidden - kept
        var removed = [Double](repeating: 0, count: outputs * gone)
        for d in 0..<outputs {
            for i in 0..<gone { removed[d * gone + i] = Double(weight.base[d * hidden + kept + i]) }
        }
        // r with every neuron (outputs, hidden).
        let products = multiplyDouble(
            outputs, hidden, gone, removed, Array(covariance[(kept * hidden)...]), .plain)
        var cross = [Double](repeating: 0, count: outputs * kept)
        var lackMean = [Double](repeating: 0, count: outputs)
        var lackSquares = 0.0
        for d in 0..<outputs {
            for i in 0..<kept { cross[d * kept + i] = products[d * hidden + i] }
            for i in 0..<gone {
                lackSquares += products[d * hidden + kept + i] * removed[d * gone + i]
                lackMean[d] += removed[d * gone + i] * mean[kept + i]
            }
        }
        var own = [Double](repeating: 0, count: kept * kept)
        for i in 0..<kept { for j in 0..<kept { own[i * kept + j] = covariance[i * hidden + j] } }
        return Moments(
            rows: rows, featureMean: Array(mean.prefix(kept)), lackMean: lackMean, covariance: own, cross: cross,
            lackSquares: max(0, lackSquares), targetSquares: targetSquares)
    }
}

extension OutputLayer {
    /// The same layer with room for `count` neurons, of which only those it has may take part.
    func widened(to count: Int) -> OutputLayer {
        let (outputs, own) = (weight.shape[0], weight.shape[1])
        let values = FloatBuffer([outputs, count], filledWith: 0)
        for d in 0..<outputs { values.row(d).update(from: weight.base + d * own, count: own) }
        return OutputLayer(weight: FloatView(values), bias: bias, fit: fit)
    }
}
