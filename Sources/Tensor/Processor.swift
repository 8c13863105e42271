import Foundation

/// The processor amp runs on.
package enum Processor {
    /// What the system says the first processor can do; empty where it says nothing.
    static let flags: Set<String> = {
        guard let file = FileHandle(forReadingAtPath: "/proc/cpuinfo"),
            let head = try? file.read(upToCount: 16_384)
        else { return [] }
        let line = String(decoding: head, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("flags") || $0.hasPrefix("Features") }
        return Set((line ?? "").split(separator: " ").map(String.init))
    }()

    /// Whether it has instructions for products of bfloat16 values; elsewhere a library does with others.
    package static var multipliesBFloat16: Bool {
        !flags.isDisjoint(with: ["avx512_bf16", "amx_bf16", "bf16", "svebf16"])
    }
}
