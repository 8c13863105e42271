import Checkpoints
import Foundation
import Tensor

/// A piece of work that was timed, with what it depends on.
struct Measurement {
    /// What was done: `forward`, `score`.
    let work: String
    /// The seconds of every repetition.
    let times: [Double]
    /// What else there is to know, such as the model and its batch.
    var facts: [String: JSON] = [:]
    /// Images that one repetition works on, where it works on images.
    var images: Int?
    /// Floating-point operations of one repetition, a multiply-add counted as two.
    var flops: Double?

    /// One object: the facts, times and rates, the peak of memory, threads and kernels.
    var json: JSON {
        var members = facts
        members["work"] = .string(work)
        members["seconds"] = .array(times.map { .number($0) })
        members["threads"] = .number(Double(Parallel.threads))
        members["kernels"] = .string(BLAS.kernels)
        if let peak = PeakMemory.bytes { members["peak_bytes"] = .number(Double(peak)) }
        if let images { members["images"] = .number(Double(images)) }
        if let flops { members["gflop"] = .number(flops / 1e9) }
        if let time = times.median, time > 0 {
            members["median_seconds"] = .number(time)
            if let images { members["images_per_second"] = .number(Double(images) / time) }
            if let flops { members["gflops_per_second"] = .number(flops / time / 1e9) }
        }
        return .object(members)
    }

    func write() { JSONLine.write(json) }
}
