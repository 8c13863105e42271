/// One step of AdamW (arXiv 1711.05101): Adam with bias correction, and weight decay beside it.
package struct AdamStep: Sendable {
    /// The learning rate over 1 − β₁ᵗ.
    let rate: Float
    /// 1/√(1 − β₂ᵗ)
    let inverseCorrection: Float
    let beta1: Float
    let beta2: Float
    let epsilon: Float
    /// What a parameter keeps of itself: 1 − learning rate · weight decay.
    let keep: Float
    /// What gradients are multiplied with first.
    let gradientScale: Float

    /// - Parameter step: t, from 1.
    package init(
        step: Int, learningRate: Double, weightDecay: Double, beta1: Double, beta2: Double, epsilon: Double,
        gradientScale: Double = 1
    ) {
        rate = Float(learningRate / (1 - power(beta1, step)))
        inverseCorrection = Float(1 / (1 - power(beta2, step)).squareRoot())
        self.beta1 = Float(beta1)
        self.beta2 = Float(beta2)
        self.epsilon = Float(epsilon)
        keep = Float(1 - learningRate * weightDecay)
        self.gradientScale = Float(gradientScale)
    }

    /// Updates parameters p and the running means m of gradients and v of their squares (count each).
    package func apply(
        _ p: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, mean m: UnsafeMutablePointer<Float>,
        square v: UnsafeMutablePointer<Float>, count: Int
    ) {
        let whole = count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) { update(p + i, gradient + i, m + i, v + i) }
        guard whole < count else { return }
        let rest = count - whole
        let padding = Padding()
        let last = (
            padding.load(p + whole, rest, at: 0), padding.load(gradient + whole, rest, at: 1),
            padding.load(m + whole, rest, at: 2), padding.load(v + whole, rest, at: 3)
        )
        update(last.0, last.1, last.2, last.3)
        (p + whole).update(from: last.0, count: rest)
        (m + whole).update(from: last.2, count: rest)
        (v + whole).update(from: last.3, count: rest)
    }

    @_transparent
    private func update(
        _ p: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>, _ m: UnsafeMutablePointer<Float>,
        _ v: UnsafeMutablePointer<Float>
    ) {
        let g = Lanes(gradient) * gradientScale
        let mean = Lanes(m) * beta1 + g * (1 - beta1)
        let square = Lanes(v) * beta2 + g * g * (1 - beta2)
        mean.store(m)
        square.store(v)
        let root = square.squareRoot() * inverseCorrection + epsilon
        (Lanes(p) * keep - mean * rate / root).store(p)
    }
}

private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
        if rest & 1 == 1 { result *= factor }
        factor *= factor
        rest >>= 1
    }
    return result
}
