import ArgumentParser
import Glibc
import Tensor

/// Measurements of amp's own, one line of JSON each; `scripts/bench` sets them beside those of other programs.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amp-bench", abstract: "Measures amp's kernels, forward passes, scores and searches.",
        subcommands: [
            MakeModel.self, MakeImages.self, TimeForward.self, TimeScore.self, TimeSearch.self, TimeTraining.self,
            TimeKernels.self, TimeGrowth.self,
        ])

    /// Begins once more with better BLAS kernels where amp itself would.
    static func main() {
        reuseFreeMemory()
        if let better = BLAS.betterKernels {
            setenv(BLAS.variable, better, 1)
            _ = execv("/proc/self/exe", CommandLine.unsafeArgv)
        }
        main(nil)
    }
}
