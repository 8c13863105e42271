import Glibc
import Report
import Tensor

/// Sees to it that matrix products use what the processor has.
enum Kernels {
    /// Starts the program once more, with better kernels chosen, where the BLAS library did not know the processor.
    ///
    /// The library chooses when it is loaded, so nothing less would do; it costs some milliseconds. A choice made by the
    /// user in the environment is left alone.
    static func adopt() {
        guard let better = BLAS.betterKernels else { return }
        setenv(BLAS.variable, better, 1)
        // Where this fails, the work is done more slowly.
        _ = execv("/proc/self/exe", CommandLine.unsafeArgv)
    }

    /// What keeps amp below what the processor can do, and how to change it: the first time; nil afterwards, and where
    /// nothing does.
    static func takeNote() -> StyledText? {
        isNoted.withLock { isNoted in
            defer { isNoted = true }
            return isNoted ? nil : note.map { "note: \($0)" }
        }
    }

    private static let isNoted = Locked(false)

    private static var note: StyledText? {
        switch BLAS.slowness {
        case .forced(let kernels, let better):
            """
            \(BLAS.variable) asks OpenBLAS for its \(kernels) kernels; this processor can do better: unset it, or set it \
            to \(better)
            """
        case .builtForLess: "amp was built for a processor without AVX-512: built on this one it is faster"
        case nil: nil
        }
    }
}
