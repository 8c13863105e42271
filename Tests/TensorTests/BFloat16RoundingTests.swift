import Samples
import Tensor
import Testing

@Suite("Rounding to bfloat16")
struct BFloat16RoundingTests {
    private func narrowed(_ values: [Float]) -> [UInt16] {
        var result = [UInt16](repeating: 0xDEAD, count: values.count)
        narrowToBFloat(values, count: values.count, into: &result)
        return result
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bits: UInt32
        let expected: UInt16

        init(_ name: String, _ bits: UInt32, _ expected: UInt16) {
            (testDescription, self.bits, self.expected) = (name, bits, expected)
        }
    }

    static let cases = [
        Case("zero", 0, 0), Case("minus zero", 0x8000_0000, 0x8000), Case("one", 0x3F80_0000, 0x3F80),
        Case("a tie goes down to even", 0x3F80_8000, 0x3F80), Case("a tie goes up to even", 0x3F81_8000, 0x3F82),
        Case("just below a tie", 0x3F81_7FFF, 0x3F81), Case("just above a tie", 0x3F80_8001, 0x3F81),
        Case("a carry into the exponent", 0x3FFF_8000, 0x4000), Case("pi", 0x4049_0FDB, 0x4049),
        Case("the smallest subnormal vanishes", 0x0000_0001, 0),
        Case("half of the last place vanishes", 0x0000_8000, 0),
        Case("a subnormal is rounded", 0x0001_8000, 0x0002), Case("the largest subnormal", 0x007F_FFFF, 0x0080),
        Case("the largest number becomes infinite", 0x7F7F_FFFF, 0x7F80),
        Case("the largest that does not", 0x7F7F_7FFF, 0x7F7F), Case("infinity", 0x7F80_0000, 0x7F80),
        Case("minus infinity", 0xFF80_0000, 0xFF80), Case("a quiet NaN", 0x7FC0_0000, 0x7FC0),
        Case("a NaN whose payload lies below", 0x7F80_0001, 0x7FC0), Case("a full NaN", 0xFFFF_FFFF, 0xFFFF),
    ]

    @Test("is to nearest, and to even between two", arguments: cases)
    func table(_ one: Case) {
        // Alone, and as lane 3 of a vector.
        let value = Float(bitPattern: one.bits)
        #expect(narrowed([value]) == [one.expected])
        var many = [Float](repeating: 1, count: 16)
        many[3] = value
        #expect(narrowed(many)[3] == one.expected)
    }

    /// Of all values of bfloat16 the nearest, in float64.
    private func naive(_ value: Float) -> UInt16 {
        let below = UInt16(value.bitPattern >> 16)
        let above = below &+ 1
        func number(_ pattern: UInt16) -> Double {
            // What would come after the largest number stands where infinity does.
            pattern & 0x7FFF == 0x7F80
                ? (pattern >> 15 == 1 ? -0x1p128 : 0x1p128) : Double(Float(bitPattern: UInt32(pattern) << 16))
        }
        let (down, up) = (abs(Double(value) - number(below)), abs(number(above) - Double(value)))
        return down < up || (down == up && below % 2 == 0) ? below : above
    }

    @Test("gives the nearest value of any number", arguments: [1, 15, 16, 17, 1000])
    func nearest(_ count: Int) {
        var numbers = Numbers(seed: count)
        for _ in 0..<20 {
            let values = (0..<count).map { _ in
                let value = Float(bitPattern: UInt32(truncatingIfNeeded: numbers.next()))
                return value.isFinite ? value : 1
            }
            #expect(narrowed(values) == values.map(naive))
        }
    }

    @Test("takes every value of bfloat16 as it is, but signalling NaNs")
    func exact() {
        let patterns = (0...UInt16.max).map { $0 }
        let found = narrowed(patterns.map { Float(bitPattern: UInt32($0) << 16) })
        for (pattern, narrow) in zip(patterns, found) where narrow != pattern {
            if pattern & 0x7FFF <= 0x7F80 || narrow != pattern | 0x40 {
                Issue.record("\(String(pattern, radix: 16)) became \(String(narrow, radix: 16))")
            }
        }
    }

    @Test("takes rows that lie apart")
    func rows() {
        var numbers = Numbers(seed: 5)
        let values = numbers.floats(5 * 23)
        var apart = [UInt16](repeating: 0, count: 5 * 20)
        narrowToBFloat(values, rows: 5, columns: 20, stride: 23, into: &apart)
        let whole = narrowed(values)
        for row in 0..<5 {
            let found = Array(apart[(row * 20)..<(row * 20 + 20)])
            let expected = Array(whole[(row * 23)..<(row * 23 + 20)])
            #expect(found == expected)
        }
    }
}
