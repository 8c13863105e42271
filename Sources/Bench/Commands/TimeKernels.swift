import ArgumentParser
import Checkpoints
import Foundation
import Tensor

/// Every kernel by itself, beside the limits of the cores.
struct TimeKernels: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels", abstract: "Times each kernel against the measured limits of the cores.")

    @Option(help: "Threads beside one; all cores unless given.") var threads: Int?
    @Flag(help: "Only the shapes of ViT-S.") var quick = false

    func run() throws {
        let all = threads ?? ProcessInfo.processInfo.activeProcessorCount
        let counts = all > 1 ? [1, all] : [1]
        // More threads than cores would be measured otherwise when there are fewer in the setting.
        Parallel.threads = all
        try writeLimits(counts)
        for size in quick ? [RandomViT.Size.small] : [.small, .base] {
            let kernels =
                Kernel.products(of: size) + Kernel.products(of: size, images: 1) + Kernel.attentionProducts(of: size)
                + Kernel.attention(of: size) + Kernel.rows(of: size)
            for kernel in kernels {
                for count in counts { write(kernel, try kernel.time(threads: count), threads: count) }
            }
        }
        // Once more, for a machine that was busy with something else the first time.
        try writeLimits(counts)
    }

    private func writeLimits(_ counts: [Int]) throws {
        for count in counts {
            JSONLine.write(
                .object([
                    "work": .string("limits"), "threads": .number(Double(count)),
                    "flops": .number(try CoreLimits.arithmetic(threads: count)),
                    "reading": .number(try CoreLimits.reading(threads: count)),
                    "copying": .number(try CoreLimits.copying(threads: count)),
                ]))
        }
    }

    private func write(_ kernel: Kernel, _ times: [Double], threads: Int) {
        JSONLine.write(
            .object([
                "work": .string("kernel"), "kernel": .string(kernel.name), "model": .string(kernel.model),
                "shape": .string(kernel.shape), "threads": .number(Double(threads)), "flop": .number(kernel.flops),
                "bytes": .number(kernel.bytes), "seconds": .array(times.map { .number($0) }),
                "kernels": .string(BLAS.kernels),
            ]))
    }
}
