/// The generator behind every shuffle: SplitMix64 (Steele, Lea, Flood 2014), the same on every machine and in every version.
///
/// Orders depend on it and are part of what a session remembers: it must never change.
package struct SplitMix64: Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in 0..<bound, each equally likely: draws from the uneven rest at the bottom are thrown away.
    package mutating func next(below bound: Int) -> Int {
        let bound = UInt64(bound)
        let uneven = (0 &- bound) % bound
        var draw = next()
        while draw < uneven { draw = next() }
        return Int(draw % bound)
    }

    /// Fisher and Yates, from the last place down.
    package mutating func shuffle<Element>(_ elements: inout [Element]) {
        for place in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(place, next(below: place + 1))
        }
    }
}
