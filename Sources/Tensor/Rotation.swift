/// How rotary position embeddings pair up the values of a head.
package enum RotaryPairing: String, Sendable, Codable, Hashable {
    /// Value i with value i + half: (x₁, x₂) → (x₁·cos − x₂·sin, x₂·cos + x₁·sin), as `rotate_half` does.
    case halves
    /// Value 2i with value 2i + 1.
    case neighbours
}

/// Rotates every head of some tokens by their positions' angles, in place (RoPE, arXiv 2104.09864).
///
/// - Parameters:
///   - x: (rows, heads · headWidth), rows `stride` floats apart.
///   - cosines, sines: (rows, headWidth).
///   - inverse: turns back, which is also the way of the gradient, as rotations are orthogonal.
package func rotate(
    _ x: UnsafeMutablePointer<Float>, rows: Int, stride: Int, heads: Int, headWidth: Int,
    cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>, pairing: RotaryPairing, inverse: Bool = false
) {
    let half = headWidth / 2
    let sign: Float = inverse ? -1 : 1
    for row in 0..<rows {
        let cos = cosines + row * headWidth
        let sin = sines + row * headWidth
        for head in 0..<heads {
            let values = x + row * stride + head * headWidth
            for pair in 0..<half {
                let i = pairing == .halves ? pair : 2 * pair
                let j = pairing == .halves ? pair + half : 2 * pair + 1
                let a = values[i]
                let b = values[j]
                values[i] = a * cos[i] - sign * b * (inverse ? sin[j] : sin[i])
                values[j] = b * cos[j] + sign * a * (inverse ? sin[i] : sin[j])
            }
        }
    }
}
