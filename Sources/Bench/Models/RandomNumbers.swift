import Tensor

/// Sums of uniform draws, which are close enough to a normal distribution here and the same on every machine.
func randomNormals(_ count: Int, deviation: Float, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    // Four 16-bit draws; their sum has the variance 4/12.
    let scale = deviation * Float(3).squareRoot() / 65_536
    return (0..<count).map { _ in
        let draw = generator.next()
        let sum = (draw & 0xFFFF) + (draw >> 16 & 0xFFFF) + (draw >> 32 & 0xFFFF) + (draw >> 48)
        return (Float(sum) - 131_070) * scale
    }
}
