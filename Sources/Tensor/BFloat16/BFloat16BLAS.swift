import COpenBLAS
import Foundation

/// `cblas_sbgemm` of an OpenBLAS that was built with it, in the library amp has loaded anyway.
struct BFloat16BLAS: BFloat16Library {
    let name = BLAS.version
    private let product: Product

    private typealias Product =
        @convention(c) @Sendable (
            CInt, CInt, CInt, blasint, blasint, blasint, Float, UnsafePointer<UInt16>, blasint, UnsafePointer<UInt16>,
            blasint, Float, UnsafeMutablePointer<Float>, blasint
        ) -> Void

    init?() {
        guard let product = dlsym(nil, "cblas_sbgemm") else { return nil }
        self.product = unsafeBitCast(product, to: Product.self)
    }

    func multiply(
        _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<UInt16>, lda: Int, _ b: UnsafePointer<UInt16>, ldb: Int,
        _ orientation: Orientation, into c: UnsafeMutablePointer<Float>, ldc: Int, accumulating: Bool
    ) -> Bool {
        product(
            CInt(CblasRowMajor.rawValue), CInt(CblasNoTrans.rawValue),
            CInt(orientation == .plain ? CblasNoTrans.rawValue : CblasTrans.rawValue), blasint(m), blasint(n),
            blasint(k), 1, a, blasint(lda), b, blasint(ldb), accumulating ? 1 : 0, c, blasint(ldc))
        return true
    }
}
