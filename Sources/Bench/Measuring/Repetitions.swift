import ArgumentParser
import Checkpoints
import Foundation
import Tensor

/// How often a piece of work is timed, and by whose leave.
struct Repetitions: ParsableArguments {
    @Option(help: "How often the work is timed, after once without.")
    var repeats = 5

    @Flag(
        help: ArgumentHelp(
            "Time the work once for each line of standard input.",
            discussion: "Writes 'ready' first and a line of JSON after each time; so two programs can take turns."))
    var inTurn = false

    @Option(help: "Threads; all cores unless given.")
    var threads: Int?

    /// Sets the threads that were asked for; before anything else.
    func prepare() { if let threads { Parallel.threads = threads } }

    /// Times the work.
    ///
    /// - Parameter warmsUp: whether it is run once before, which maps files and fills caches and does not count.
    func time(warmsUp: Bool = true, _ body: () throws -> Void) throws -> [Double] {
        PeakMemory.reset()
        if warmsUp { try body() }
        guard inTurn else { return try (0..<repeats).map { _ in try seconds(body) } }
        JSONLine.write(.object(["ready": .bool(true)]))
        var times: [Double] = []
        while readLine() != nil {
            let time = try seconds(body)
            times.append(time)
            JSONLine.write(.object(["seconds": .number(time)]))
        }
        return times
    }
}

/// What is measured is written as one line of JSON.
enum JSONLine {
    static func write(_ value: JSON) { FileHandle.standardOutput.write(value.encoded() + Data("\n".utf8)) }
}
