import Foundation
import Tensor
import Testing

@Suite("Half precision, all 65,536 patterns of each kind")
struct HalfPrecisionTests {
    private static let patterns = (0...UInt16.max).map { $0 }

    /// The patterns as a file holds them, from an odd address on.
    private func widened(
        _ widen: (UnsafeRawPointer, Int, UnsafeMutablePointer<Float>) -> Void
    ) throws -> [Float] {
        var bytes: [UInt8] = [0]
        for pattern in Self.patterns { bytes += [UInt8(pattern & 255), UInt8(pattern >> 8)] }
        var floats = [Float](repeating: -1, count: Self.patterns.count)
        try bytes.withUnsafeBytes { bytes in
            widen(try #require(bytes.baseAddress) + 1, Self.patterns.count, &floats)
        }
        return floats
    }

    /// Sign, exponent and fraction taken apart by hand.
    private func value(_ pattern: UInt16, fractionBits: Int, bias: Int) -> Double {
        let exponentBits = 15 - fractionBits
        let sign: Double = pattern >> 15 == 1 ? -1 : 1
        let exponent = Int(pattern >> fractionBits) & ((1 << exponentBits) - 1)
        let fraction = Double(Int(pattern) & ((1 << fractionBits) - 1)) / Double(1 << fractionBits)
        if exponent == (1 << exponentBits) - 1 { return fraction == 0 ? sign * .infinity : .nan }
        if exponent == 0 { return sign * fraction * pow(2, Double(1 - bias)) }
        return sign * (1 + fraction) * pow(2, Double(exponent - bias))
    }

    private func expectExact(_ found: [Float], fractionBits: Int, bias: Int) {
        for (pattern, float) in zip(Self.patterns, found) {
            let expected = value(pattern, fractionBits: fractionBits, bias: bias)
            let same =
                expected.isNaN
                ? float.isNaN : Double(float) == expected && (float.sign == .minus) == (pattern >> 15 == 1)
            if !same { Issue.record("\(String(pattern, radix: 16)) became \(float), not \(expected)") }
        }
    }

    @Test("IEEE half precision is widened exactly")
    func half() throws {
        expectExact(try widened { widenHalf($0, count: $1, into: $2) }, fractionBits: 10, bias: 15)
    }

    @Test("bfloat16 is widened exactly")
    func bfloat() throws {
        expectExact(try widened { widenBFloat($0, count: $1, into: $2) }, fractionBits: 7, bias: 127)
    }
}
