import Tensor

/// Random numbers that depend on nothing but a few whole numbers, such as seed, epoch and index.
package struct RandomNumbers: RandomNumberGenerator, Sendable {
    private var generator: SplitMix64

    package init(_ keys: Int...) {
        var state: UInt64 = 0x243F_6A88_85A3_08D3
        for key in keys {
            var mixer = SplitMix64(seed: state &+ UInt64(bitPattern: Int64(key)) &* 0x9E37_79B9_7F4A_7C15)
            state = mixer.next()
        }
        generator = SplitMix64(seed: state)
    }

    package mutating func next() -> UInt64 { generator.next() }

    /// Uniform in 0..<1.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// One of 0..<bound.
    package mutating func index(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(max(1, bound))).high)
    }

    /// The numbers 0..<count in some order (Fisher and Yates).
    package mutating func permutation(_ count: Int) -> [Int] {
        var result = Array(0..<count)
        for place in stride(from: count - 1, to: 0, by: -1) { result.swapAt(place, index(below: place + 1)) }
        return result
    }
}
