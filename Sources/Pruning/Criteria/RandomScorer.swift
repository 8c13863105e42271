import Tensor

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
                var generator = SplitMix64(seed: seed &+ UInt64(index) &* 0xD1B5_4A32_D192_ED03)
                let values = (0..<width).map { _ in Double(generator.next() >> 11) * 0x1p-53 }
                return Scores.Layer(ranking: values, signed: values)
            })
    }
}
