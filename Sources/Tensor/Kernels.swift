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
        if flags.isSuperset(of: ["avx512f", "avx512dq", "avx512bw", "avx512vl"]) { return "SkylakeX" }
        if flags.isSuperset(of: ["avx2", "fma"]) { return "Haswell" }
        return nil
    }

    private static let beforeAVX: Set = [
        "prescott", "katmai", "coppermine", "northwood", "banias", "core2", "penryn", "dunnington", "nehalem", "atom",
        "athlon", "opteron", "opteron_sse3", "barcelona", "bobcat", "nano", "generic",
    ]

    /// Keeps the library from starting threads of its own inside a product.
    static let singleThreaded: Void = openblas_set_num_threads(1)
}
