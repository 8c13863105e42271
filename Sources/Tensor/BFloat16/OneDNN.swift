import Foundation

/// Intel's oneAPI Deep Neural Network Library, through the one function of it that is a plain matrix product.
struct OneDNN: BFloat16Library {
    let name: String
    private let product: Product
    /// Tells OpenMP, with which the library may be built, how many threads products of the calling thread start.
    private let setThreads: SetThreads?

    static let files = ["libdnnl.so.3", "libdnnl.so.2", "libdnnl.so"]

    private typealias Product =
        @convention(c) @Sendable (
            CChar, CChar, Int64, Int64, Int64, Float, UnsafePointer<UInt16>, Int64, UnsafePointer<UInt16>, Int64, Float,
            UnsafeMutablePointer<Float>, Int64
        ) -> CInt
    private typealias SetThreads = @convention(c) @Sendable (CInt) -> Void
    /// Returns major, minor, patch and what amp has no use for.
    private typealias Version = @convention(c) () -> UnsafePointer<CInt>?

    /// - Returns: nil where there is no such file, or one without the function.
    init?(_ file: String) {
        guard let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL),
            let product = dlsym(handle, "dnnl_gemm_bf16bf16f32")
        else { return nil }
        self.product = unsafeBitCast(product, to: Product.self)
        // Found in the library itself or in one that it was loaded with.
        setThreads = dlsym(handle, "omp_set_num_threads").map { unsafeBitCast($0, to: SetThreads.self) }
        let version = dlsym(handle, "dnnl_version").map { unsafeBitCast($0, to: Version.self) }
        name = version?().map { "oneDNN \($0[0]).\($0[1]).\($0[2])" } ?? "oneDNN"
    }

    func multiply(
        _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<UInt16>, lda: Int, _ b: UnsafePointer<UInt16>, ldb: Int,
        _ orientation: Orientation, into c: UnsafeMutablePointer<Float>, ldc: Int, accumulating: Bool
    ) -> Bool {
        // The number is each thread's own, and setting it costs nothing beside a product.
        setThreads?(1)
        return product(
            Self.plain, orientation == .plain ? Self.plain : Self.transposed, Int64(m), Int64(n), Int64(k), 1,
            a, Int64(lda), b, Int64(ldb), accumulating ? 1 : 0, c, Int64(ldc)) == 0
    }

    private static let plain = CChar(UInt8(ascii: "N"))
    private static let transposed = CChar(UInt8(ascii: "T"))
}
