import ArgumentParser

/// Measurements of amp's own, one line of JSON each; `scripts/bench` sets them beside those of other programs.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amp-bench", abstract: "Measures amp's kernels, forward passes, scores and searches.",
        subcommands: [
            MakeModel.self, MakeImages.self, TimeForward.self, TimeScore.self, TimeSearch.self, TimeKernels.self,
            TimeGrowth.self,
        ])
}
