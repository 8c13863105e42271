import COpenBLAS
import Foundation

/// The BLAS library in use and the kernels it chose for this processor.
package enum BLAS {
    /// "OpenBLAS 0.3.21 (SkylakeX kernels)"
    package static var description: String { "\(version) (\(kernels) kernels)" }

    /// "OpenBLAS 0.3.21"
    static var version: String {
        let configuration = openblas_get_config().map { String(cString: $0) } ?? "OpenBLAS"
        return configuration.split(separator: " ").prefix(2).joined(separator: " ")
    }

    /// The name of the kernels in use.
    package static var kernels: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

    /// The environment variable that chooses the kernels when the library is loaded.
    package static let variable = "OPENBLAS_CORETYPE"

    /// The kernels to ask for where the library did not know the processor and fell back on ones from before AVX.
    ///
    /// An OpenBLAS older than the processor does that; products then run at about a fifth of their speed. Nil where the
    /// library's choice is as good as it can be, or was made by the user.
    package static var betterKernels: String? {
        guard getenv(variable) == nil, beforeAVX.contains(kernels.lowercased()) else { return nil }
        let flags = Processor.flags
        if hasAVX512(flags) { return "SkylakeX" }
        if flags.isSuperset(of: ["avx2", "fma"]) { return "Haswell" }
        return nil
    }

    /// What keeps products below what the processor can do, where something does: to be told once.
    package enum Slowness: Sendable, Hashable {
        /// The environment asks the library for other kernels than `better`.
        case forced(kernels: String, better: String)
        /// amp was built for processors without AVX-512, and this one has it.
        case builtForLess
    }

    package static var slowness: Slowness? {
        let flags = Processor.flags
        guard hasAVX512(flags) || flags.isSuperset(of: ["avx2", "fma"]) else { return nil }
        let kernels = kernels
        if getenv(variable) != nil, !withAVX512.contains(kernels.lowercased()) {
            if hasAVX512(flags) { return .forced(kernels: kernels, better: "SkylakeX") }
            if beforeAVX.contains(kernels.lowercased()) { return .forced(kernels: kernels, better: "Haswell") }
        }
        return hasAVX512(flags) && !PackedMatrix.isSupported ? .builtForLess : nil
    }

    private static func hasAVX512(_ flags: Set<String>) -> Bool {
        flags.isSuperset(of: ["avx512f", "avx512dq", "avx512bw", "avx512vl"])
    }

    private static let withAVX512: Set = ["skylakex", "cooperlake", "sapphirerapids"]

    private static let beforeAVX: Set = [
        "prescott", "katmai", "coppermine", "northwood", "banias", "core2", "penryn", "dunnington", "nehalem", "atom",
        "athlon", "opteron", "opteron_sse3", "barcelona", "bobcat", "nano", "generic",
    ]

    /// Keeps the library from starting threads of its own inside a product.
    static let singleThreaded: Void = openblas_set_num_threads(1)
}
