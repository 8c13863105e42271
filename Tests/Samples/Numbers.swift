import Tensor

/// Seeded numbers, the same on every machine.
package struct Numbers {
    private var state: UInt64

    package init(seed: Int) {
        state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 ^ 0x2545_F491_4F6C_DD1D
    }

    /// Xorshift with a multiplication at the end (Marsaglia 2003, Vigna 2016).
    package mutating func next() -> UInt64 {
        if state == 0 { state = 1 }
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }

    /// One of 0..<bound.
    package mutating func index(below bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    /// Uniform in −scale..<scale.
    package mutating func float(scale: Float = 1) -> Float {
        (Float(next() >> 40) * 0x1p-23 - 1) * scale
    }

    package mutating func floats(_ count: Int, scale: Float = 1) -> [Float] {
        (0..<count).map { _ in float(scale: scale) }
    }

    package mutating func buffer(_ shape: [Int], scale: Float = 1) -> FloatBuffer {
        FloatBuffer(shape, floats(shape.reduce(1, *), scale: scale))
    }

    /// The numbers 0..<count in some order.
    package mutating func permutation(_ count: Int) -> [Int] {
        var result = Array(0..<count)
        for place in stride(from: count - 1, to: 0, by: -1) { result.swapAt(place, index(below: place + 1)) }
        return result
    }
}
