/// Baseline: importances drawn uniformly from 0..<1, the same on every machine for the same seed.
package struct RandomScorer: Sendable {
    let widths: [Int]
    let layers: Set<Int>
    let seed: UInt64

    package init(widths: [Int], layers: Set<Int>, seed: UInt64) {
        self.widths = widths
        self.layers = layers
        self.seed = seed
    }

    package func score() -> Scores {
        // Every layer draws from a stream of its own, so asking for fewer layers changes nothing in the others.
        Scores(
            layers: widths.enumerated().map { index, width in
                guard layers.contains(index) else { return nil }
                var state = seed &+ UInt64(index) &* 0xD1B5_4A32_D192_ED03
                let values = (0..<width).map { _ in Double(splitMix(&state) >> 11) * 0x1p-53 }
                return Scores.Layer(ranking: values, signed: values)
            })
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    private func splitMix(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
