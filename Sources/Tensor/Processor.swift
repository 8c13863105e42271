import CProcessor
import Foundation

/// The processor amp runs on.
package enum Processor {
    /// What the system says the first processor can do; empty where it says nothing.
    static let flags: Set<String> = {
        let line = facts.first { $0.hasPrefix("flags") || $0.hasPrefix("Features") }
        return Set((line ?? "").split(separator: " ").map(String.init))
    }()

    /// What the system calls it: "AMD EPYC 9554 64-Core Processor".
    package static let name: String = {
        let line = facts.first { $0.hasPrefix("model name") || $0.hasPrefix("Model") }
        let name = line?.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces) ?? ""
        return name.isEmpty ? "unknown" : name
    }()

    /// The instructions it has of those that numeric libraries choose their kernels by, sorted.
    package static var features: [String] { flags.filter(decisive.contains).sorted() }

    private static let decisive: Set = [
        "sse4_2", "avx", "avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni",
        "avx512_bf16", "avx512_fp16", "avx_vnni", "amx_bf16", "amx_int8", "amx_tile", "asimd", "sve", "sve2", "bf16",
        "svebf16",
    ]

    /// The vector instructions amp was compiled for.
    package static let builtFor =
        AMP_VECTOR_BYTES >= 64 ? "AVX-512" : AMP_VECTOR_BYTES >= 32 ? "AVX2" : "any processor"

    /// Whether it has instructions for products of bfloat16 values; elsewhere a library does with others.
    package static var multipliesBFloat16: Bool {
        !flags.isDisjoint(with: ["avx512_bf16", "amx_bf16", "bf16", "svebf16"])
    }

    /// The lines the system has about the first processor.
    private static let facts: [String] = {
        guard let file = FileHandle(forReadingAtPath: "/proc/cpuinfo"),
            let head = try? file.read(upToCount: 16_384)
        else { return [] }
        return String(decoding: head, as: UTF8.self).split(separator: "\n").map(String.init)
    }()
}
