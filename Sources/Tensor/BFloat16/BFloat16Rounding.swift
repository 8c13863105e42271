/// float32 → bfloat16, its upper half, rounded to nearest and to even between two.
///
/// What is too large becomes infinite; what is infinite or no number stays that.
package func narrowToBFloat(_ source: UnsafePointer<Float>, count: Int, into target: UnsafeMutablePointer<UInt16>) {
    var i = 0
    while i &+ 16 <= count {
        UnsafeMutableRawPointer(target + i).storeBytes(of: roundedToBFloat(Lanes(source + i)), as: SIMD16<UInt16>.self)
        i &+= 16
    }
    while i < count {
        target[i] = roundedToBFloat(Lanes(repeating: source[i]))[0]
        i &+= 1
    }
}

/// The same for rows (rows, columns) that are `stride` floats apart, into rows without gaps.
package func narrowToBFloat(
    _ source: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int, into target: UnsafeMutablePointer<UInt16>
) {
    guard stride != columns else { return narrowToBFloat(source, count: rows * columns, into: target) }
    for row in 0..<rows { narrowToBFloat(source + row * stride, count: columns, into: target + row * columns) }
}

@_transparent
private func roundedToBFloat(_ x: Lanes) -> SIMD16<UInt16> {
    let bits = unsafeBitCast(x, to: SIMD16<UInt32>.self)
    // Half of the last place that is kept, less one where that place is even.
    var rounded = bits &+ ((bits &>> 16) & 1) &+ 0x7FFF
    // Adding must not carry a NaN into infinity; its payload's first bit keeps it one.
    rounded.replace(with: bits | 0x0040_0000, where: x .!= x)
    return SIMD16<UInt16>(truncatingIfNeeded: rounded &>> 16)
}
