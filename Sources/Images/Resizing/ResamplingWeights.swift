import Glibc

/// The weights of one pass: which source pixels make each target pixel, in 22-bit fixed point.
///
/// Follows Pillow's resampling of 8-bit images: the filter is widened by the scale when shrinking (antialias),
/// the weights are normalised in double precision and then rounded half away from zero.
struct ResamplingWeights {
    /// Bits after the point: 32 less 8 of the pixel less 2 for sums beyond one.
    static let bits = 32 - 8 - 2

    /// The first source pixel of each target pixel.
    private(set) var first: [Int] = []
    /// How many source pixels each target pixel has.
    private(set) var counts: [Int] = []
    /// `stride` weights for each target pixel, the first `counts` of them used.
    private(set) var weights: [Int32] = []
    let stride: Int

    /// The weights of the target pixels `window` when `source` pixels become `target`.
    init(source: Int, target: Int, window: Range<Int>, resampling: Resampling) {
        let scale = Double(source) / Double(target)
        let widening = max(scale, 1)
        let support = resampling.support * widening
        stride = Int(ceil(support)) * 2 + 1
        first.reserveCapacity(window.count)
        counts.reserveCapacity(window.count)
        weights.reserveCapacity(window.count * stride)
        let inverse = 1 / widening
        var row = [Double](repeating: 0, count: stride)
        for pixel in window {
            let centre = (Double(pixel) + 0.5) * scale
            let low = max(0, Int(centre - support + 0.5))
            let high = min(source, Int(centre + support + 0.5))
            var total = 0.0
            for offset in 0..<(high - low) {
                let weight = resampling.weight(at: (Double(offset + low) - centre + 0.5) * inverse)
                row[offset] = weight
                total += weight
            }
            first.append(low)
            counts.append(high - low)
            for offset in 0..<stride {
                guard offset < high - low else {
                    weights.append(0)
                    continue
                }
                let weight = total == 0 ? row[offset] : row[offset] / total
                weights.append(Self.fixedPoint(weight))
            }
        }
    }

    /// The source pixels the whole window needs.
    var extent: Range<Int> {
        let lower = first.first ?? 0
        let upper = zip(first, counts).reduce(lower) { max($0, $1.0 + $1.1) }
        return lower..<upper
    }

    private static func fixedPoint(_ weight: Double) -> Int32 {
        let scaled = weight * Double(1 << bits)
        // Weights are near one at most; the bounds only keep a degenerate sum from trapping.
        return Int32(min(max(scaled + (weight < 0 ? -0.5 : 0.5), -0x1p30), 0x1p30))
    }
}
