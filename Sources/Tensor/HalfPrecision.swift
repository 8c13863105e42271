// Half-precision values as files hold them, little-endian, widened to float32. Both conversions are exact.

/// IEEE half precision → float32.
package func widenHalf(_ source: UnsafeRawPointer, count: Int, into target: UnsafeMutablePointer<Float>) {
    for i in 0..<count {
        let bits = source.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)
        target[i] = Float(Float16(bitPattern: bits))
    }
}

/// bfloat16, the upper half of a float32 → float32.
package func widenBFloat(_ source: UnsafeRawPointer, count: Int, into target: UnsafeMutablePointer<Float>) {
    for i in 0..<count {
        let bits = source.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)
        target[i] = Float(bitPattern: UInt32(bits) &<< 16)
    }
}
