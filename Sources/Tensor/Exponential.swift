import RealModule

// Branch-free functions that a vectorising compiler turns into vector code: no calls, no tests, no trapping conversions.

/// eˣ by range reduction x = n·ln 2 + r and a polynomial of 2^(r/ln 2) of degree 6; relative error below 5e-7.
///
/// Inputs are clamped to ±87, where the result is still a normal number.
@inline(__always)
func exponential(_ x: Float) -> Float {
    let clamped = min(max(x, -87), 87)
    let scaled = clamped * 1.442_695_04
    // Adding 1.5·2²³ rounds to the nearest integer and leaves it in the low bits.
    let shifted = scaled + 12_582_912
    let n = shifted - 12_582_912
    // f = x/ln 2 − n. Taking n·ln 2 away in two parts, of which the product with the first is exact, keeps f exact to the
    // last bit also where there is no fused multiply-add.
    let r = (clamped - n * 0.693_359_375) + n * 2.121_944_4e-4
    let f = r * 1.442_695_04
    var p: Float = 0.000_153_458_12
    p = Relaxed.multiplyAdd(p, f, 0.001_339_993_1)
    p = Relaxed.multiplyAdd(p, f, 0.009_618_489)
    p = Relaxed.multiplyAdd(p, f, 0.055_503_287)
    p = Relaxed.multiplyAdd(p, f, 0.240_226_47)
    p = Relaxed.multiplyAdd(p, f, 0.693_147_2)
    p = Relaxed.multiplyAdd(p, f, 1)
    let exponent = (shifted.bitPattern &+ 127) &<< 23
    return p * Float(bitPattern: exponent)
}

/// The error function by an odd rational approximation on [−3.9, 3.9]; absolute error below 5e-7.
@inline(__always)
func errorFunction(_ x: Float) -> Float {
    let c = min(max(x, -3.9), 3.9)
    let z = c * c
    var p: Float = 2.050_388_0e-6
    p = Relaxed.multiplyAdd(p, z, 2.874_567_6e-4)
    p = Relaxed.multiplyAdd(p, z, 0.003_836_860_4)
    p = Relaxed.multiplyAdd(p, z, 0.052_966_87)
    p = Relaxed.multiplyAdd(p, z, 0.191_940_65)
    p = Relaxed.multiplyAdd(p, z, 1.128_379)
    var q: Float = 3.823_072_3e-5
    q = Relaxed.multiplyAdd(q, z, 0.001_181_730_3)
    q = Relaxed.multiplyAdd(q, z, 0.015_109_174)
    q = Relaxed.multiplyAdd(q, z, 0.114_758_05)
    q = Relaxed.multiplyAdd(q, z, 0.503_434_8)
    q = Relaxed.multiplyAdd(q, z, 1)
    return c * p / q
}
