/// Sixteen values at a time: what element-wise work is written in, so that it becomes vector code whatever the compiler
/// can prove about the places it reads and writes.
///
/// Functions of them are transparent: a call would hand them over in pieces of four, and the optimiser does leave calls
/// where it is only asked to inline.
typealias Lanes = SIMD16<Float>

extension SIMD16 where Scalar == Float {
    @_transparent
    init(_ source: UnsafePointer<Float>) { self = UnsafeRawPointer(source).loadUnaligned(as: Self.self) }

    @_transparent
    func store(_ target: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(target).storeBytes(of: self, as: Self.self)
    }

    /// Like `min(max(self, lower), upper)`; what is no number stays that.
    @_transparent
    func clamped(_ lower: Float, _ upper: Float) -> Self {
        let (lower, upper) = (Self(repeating: lower), Self(repeating: upper))
        var result = self
        result.replace(with: lower, where: result .< lower)
        result.replace(with: upper, where: result .> upper)
        return result
    }

    /// self · b + c, fused.
    @_transparent
    func multiplied(by b: Self, adding c: Float) -> Self { Self(repeating: c).addingProduct(self, b) }
}

/// Room for the last columns of a row where they are fewer than sixteen: they go through the same vector code as the
/// others, padded with zeros.
struct Padding {
    private let room = FloatBuffer([128], filledWith: 0)

    /// A padded copy, in one of eight places.
    func load(_ source: UnsafePointer<Float>, _ count: Int, at place: Int) -> UnsafeMutablePointer<Float> {
        let target = room.pointer + 16 * place
        target.update(from: source, count: count)
        return target
    }
}

/// eˣ by range reduction x = n·ln 2 + r and a polynomial of 2^(r/ln 2) of degree 6; relative error below 5e-7.
///
/// Inputs are clamped to ±87, where the result is still a normal number.
@_transparent
func exponential(_ x: Lanes) -> Lanes {
    let clamped = x.clamped(-87, 87)
    // Adding 1.5·2²³ rounds to the nearest integer and leaves it in the low bits.
    let shifted = clamped.multiplied(by: Lanes(repeating: 1.442_695_04), adding: 12_582_912)
    let n = shifted - 12_582_912
    // f = x/ln 2 − n. Taking n·ln 2 away in two parts, of which the product with the first is exact, keeps f exact to the
    // last bit also where there is no fused multiply-add.
    let r = (clamped - n * 0.693_359_375).addingProduct(n, Lanes(repeating: 2.121_944_4e-4))
    let f = r * 1.442_695_04
    var p = Lanes(repeating: 0.000_153_458_12)
    p = p.multiplied(by: f, adding: 0.001_339_993_1)
    p = p.multiplied(by: f, adding: 0.009_618_489)
    p = p.multiplied(by: f, adding: 0.055_503_287)
    p = p.multiplied(by: f, adding: 0.240_226_47)
    p = p.multiplied(by: f, adding: 0.693_147_2)
    p = p.multiplied(by: f, adding: 1)
    let bits = unsafeBitCast(shifted, to: SIMD16<UInt32>.self)
    return p * unsafeBitCast((bits &+ 127) &<< 23, to: Lanes.self)
}

/// The error function by an odd rational approximation on [−3.9, 3.9]; absolute error below 5e-7.
@_transparent
func errorFunction(_ x: Lanes) -> Lanes {
    let c = x.clamped(-3.9, 3.9)
    let z = c * c
    var p = Lanes(repeating: 2.050_388_0e-6)
    p = p.multiplied(by: z, adding: 2.874_567_6e-4)
    p = p.multiplied(by: z, adding: 0.003_836_860_4)
    p = p.multiplied(by: z, adding: 0.052_966_87)
    p = p.multiplied(by: z, adding: 0.191_940_65)
    p = p.multiplied(by: z, adding: 1.128_379)
    var q = Lanes(repeating: 3.823_072_3e-5)
    q = q.multiplied(by: z, adding: 0.001_181_730_3)
    q = q.multiplied(by: z, adding: 0.015_109_174)
    q = q.multiplied(by: z, adding: 0.114_758_05)
    q = q.multiplied(by: z, adding: 0.503_434_8)
    q = q.multiplied(by: z, adding: 1)
    return c * p / q
}
