import Foundation
import Tensor

/// The stream of random numbers of one tensor, begun by a seed and a name.
struct WeightDraws {
    private var generator: SplitMix64
    /// The second value of a pair that was drawn.
    private var spare: Double?

    init(seed: UInt64, tensor: String) {
        // FNV-1a of the name, mixed with the seed.
        let hash = tensor.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        var named = SplitMix64(seed: hash)
        var seeded = SplitMix64(seed: named.next() ^ seed)
        generator = SplitMix64(seed: seeded.next())
    }

    mutating func next(_ count: Int, of values: FreshTensor.Values) -> [Float] {
        switch values {
        case .constant(let value): Array(repeating: value, count: count)
        case .normal(let deviation): (0..<count).map { _ in normal(deviation: Double(deviation)) }
        case .uniform(let bound): (0..<count).map { _ in Float(2 * uniform() - 1) * bound }
        }
    }

    /// Evenly distributed in 0..<1.
    private mutating func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

    private mutating func normal(deviation: Double) -> Float {
        while true {
            let value = normal() * deviation
            if abs(value) <= 2 { return Float(value) }
        }
    }

    /// Marsaglia's polar method, which makes two at a time.
    private mutating func normal() -> Double {
        if let spare {
            self.spare = nil
            return spare
        }
        while true {
            let x = 2 * uniform() - 1
            let y = 2 * uniform() - 1
            let square = x * x + y * y
            guard square < 1, square > 0 else { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            spare = y * factor
            return x * factor
        }
    }
}
