import Glibc
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
}
