import Tensor

extension Compensation {
    /// The factor above which a layer's scaling is skipped.
    static let largestFactor = 10.0

    /// The output layer that these moments ask for.
    ///
    /// - Parameters:
    ///   - weight: the layer as pruned (outputs, features), and its bias.
    ///   - moments: of the features and of what the layer as pruned lacks; without features where only means are needed.
    func solve(weight: FloatView, bias: FloatView?, moments: Moments) -> OutputLayer {
        let asPruned = Correction(weight: nil, bias: nil)
        func skip(_ reason: OutputFit.Skip) -> OutputLayer {
            layer(asPruned, weight: weight, bias: bias, moments: moments, skipped: reason)
        }
        switch method {
        case .bias:
            guard bias != nil else { return skip(.noBias) }
            return layer(
                Correction(weight: nil, bias: moments.lackMean), weight: weight, bias: bias, moments: moments)
        case .leastSquares:
            // Without a bias there is nothing to take the means up.
            let own = bias == nil ? moments.aroundZero : moments
            let scale = own.meanOfDiagonal
            guard own.features > 0, scale > 0 else {
                return layer(
                    Correction(weight: nil, bias: bias.map { _ in own.lackMean }), weight: weight, bias: bias,
                    moments: moments)
            }
            guard
                let solution = SymmetricSystem(own.covariance, order: own.features)
                    .solve(own.cross, ridge: ridge * scale)
            else { return skip(.unsolvable) }
            return layer(
                Correction(weight: solution.values, bias: nil), weight: weight, bias: bias, moments: moments,
                ridge: solution.ridge / scale)
        case .scale:
            guard let factors = Self.factors(weight: weight, moments: moments) else { return skip(.unsolvable) }
            guard factors.allSatisfy({ abs($0) <= Self.largestFactor }) else { return skip(.largeFactor) }
            let features = moments.features
            let change = (0..<moments.outputs * features).map {
                Double(weight.base[$0]) * (factors[$0 % features] - 1)
            }
            return layer(
                Correction(weight: change, bias: bias.map { _ in moments.lackMean.map { _ in 0 } }), weight: weight,
                bias: bias, moments: moments)
        }
    }

    /// Kwon et al.'s factors: with A the contributions of the kept neurons and B the full output, both over all tokens and
    /// channels, 1 + x for min ‖AᵀA·x − (AᵀB − AᵀA·1)‖² + ‖x‖².
    private static func factors(weight: FloatView, moments: Moments) -> [Double]? {
        let features = moments.features
        let sums = moments.aroundZero
        let values = weight.values.map(Double.init)
        var columns = [Double](repeating: 0, count: features * moments.outputs)
        for d in 0..<moments.outputs {
            for i in 0..<features { columns[i * moments.outputs + d] = values[d * features + i] }
        }
        var products = multiplyDouble(features, features, moments.outputs, columns, columns, .transposed)
        for i in products.indices { products[i] *= sums.covariance[i] }
        var lack = [Double](repeating: 0, count: features)
        for d in 0..<moments.outputs {
            for i in 0..<features { lack[i] += values[d * features + i] * sums.cross[d * features + i] }
        }
        return factors(products: products, lack: lack)
    }

    /// 1 + x for min ‖M·x − lack‖² + ‖x‖²: products M (n, n), symmetric, lack (n). Nil where M has no eigenvectors.
    package static func factors(products: [Double], lack: [Double]) -> [Double]? {
        let count = lack.count
        guard let parts = EigenDecomposition(ofSymmetric: products, order: count) else { return nil }
        var factors = [Double](repeating: 1, count: count)
        for (value, start) in zip(parts.values, stride(from: 0, to: count * count, by: max(count, 1))) {
            var share = 0.0
            for i in 0..<count { share += parts.vectors[start + i] * lack[i] }
            share *= value / (value * value + 1)
            for i in 0..<count { factors[i] += share * parts.vectors[start + i] }
        }
        return factors
    }

    /// What is added to a layer as pruned.
    private struct Correction {
        /// (outputs, features), or nothing.
        let weight: [Double]?
        /// (outputs); nil for what suits the weight best.
        let bias: [Double]?
    }

    private func layer(
        _ correction: Correction, weight: FloatView, bias: FloatView?, moments: Moments, ridge: Double? = nil,
        skipped: OutputFit.Skip? = nil
    ) -> OutputLayer {
        let asPruned = moments.residual()
        func relative(_ squares: Double) -> Double {
            moments.targetSquares > 0 ? squares / moments.targetSquares : squares > 0 ? 1 : 0
        }
        if let skipped {
            let share = relative(asPruned)
            return OutputLayer(
                weight: weight, bias: bias, fit: OutputFit(before: share, after: share, skipped: skipped))
        }
        var newWeight = weight
        // What the change is in float32.
        var change: [Double]?
        if let wanted = correction.weight {
            let values = FloatBuffer(weight.shape)
            change = wanted.indices.map { index in
                values.pointer[index] = Float(Double(weight.base[index]) + wanted[index])
                return Double(values.pointer[index]) - Double(weight.base[index])
            }
            newWeight = FloatView(values)
        }
        var newBias = bias
        var shift = [Double](repeating: 0, count: moments.outputs)
        if let bias {
            let wanted = correction.bias ?? moments.lackLeft(by: change)
            let values = FloatBuffer([moments.outputs])
            for d in 0..<moments.outputs {
                values.pointer[d] = Float(Double(bias.base[d]) + wanted[d])
                shift[d] = Double(values.pointer[d]) - Double(bias.base[d])
            }
            newBias = FloatView(values)
        }
        let left = moments.residual(change: change, shift: shift)
        guard left <= asPruned else {
            // Rounding to float32 was all there was.
            let share = relative(asPruned)
            return OutputLayer(weight: weight, bias: bias, fit: OutputFit(before: share, after: share, ridge: ridge))
        }
        return OutputLayer(
            weight: newWeight, bias: newBias,
            fit: OutputFit(before: relative(asPruned), after: relative(left), ridge: ridge))
    }
}

extension Moments {
    var meanOfDiagonal: Double {
        guard features > 0 else { return 0 }
        return (0..<features).reduce(0) { $0 + covariance[$1 * (features + 1)] } / Double(features)
    }

    /// The mean of r − Δ·f: change Δ (outputs, features).
    func lackLeft(by change: [Double]?) -> [Double] {
        guard let change else { return lackMean }
        return (0..<outputs).map { d in
            (0..<features).reduce(lackMean[d]) { $0 - change[d * features + $1] * featureMean[$1] }
        }
    }

    /// Σ ‖r − Δ·f − δ‖² over all rows: change Δ (outputs, features), shift δ (outputs).
    func residual(change: [Double]? = nil, shift: [Double]? = nil) -> Double {
        var sum = lackSquares
        if let change {
            let through = multiplyDouble(outputs, features, features, change, covariance, .plain)
            for i in change.indices { sum += change[i] * (through[i] - 2 * cross[i]) }
        }
        for (d, mean) in lackLeft(by: change).enumerated() {
            let left = mean - (shift?[d] ?? 0)
            sum += Double(rows) * left * left
        }
        return max(0, sum)
    }
}
