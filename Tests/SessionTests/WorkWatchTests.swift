import Report
import Session
import Tensor
import Testing

/// With a clock of our own: nothing here depends on how fast the tests run.
@Suite("Long work is followed")
struct WorkWatchTests {
    private final class Witness: Sendable {
        let now = Locked(100.0)
        let forecasts = Locked<[WorkForecast]>([])
        let progress = Locked<[(done: Int, total: Int)]>([])

        func watch(rate: Double? = nil) -> WorkWatch {
            WorkWatch(
                "searching m", memory: 1_000_000_000, rate: rate, clock: { self.now.withLock { $0 } },
                progress: { _, done, total in self.progress.withLock { $0.append((done, total)) } },
                foretell: { forecast in self.forecasts.withLock { $0.append(forecast) } })
        }

        func pass(_ seconds: Double) { now.withLock { $0 += seconds } }
        var told: [Double] { forecasts.withLock { $0.map(\.seconds) } }
    }

    @Test("where its speed is known, the time is foretold before it begins")
    func known() {
        let witness = Witness()
        let watch = witness.watch(rate: 200)
        watch.monitor.progress(0, of: 8000)
        #expect(witness.told == [40])
        #expect(witness.forecasts.withLock { $0.first?.text.plain } == "about 40 s and 1.0 GB of memory")
        witness.pass(30)
        watch.monitor.progress(4000, of: 8000)
        #expect(witness.told == [40])
        #expect(watch.predicted == 40)
    }

    @Test(
        "where it is not, once after 2 % of the work or two seconds",
        arguments: [
            // Steps of so many of 10,000 operations, 0.1 s each; what is foretold.
            (step: 10, expected: [100.0]), (step: 100, expected: [10.0]), (step: 500, expected: [2.0]),
        ])
    func unknown(_ step: Int, _ expected: [Double]) {
        let witness = Witness()
        let watch = witness.watch()
        for done in stride(from: 0, through: 10_000, by: step) {
            watch.monitor.progress(done, of: 10_000)
            if done < 5 * step, done < 200 { #expect(witness.told.isEmpty) }
            witness.pass(0.1)
        }
        #expect(witness.told.count == expected.count)
        for (x, y) in zip(witness.told, expected) { #expect(abs(x - y) < 1e-6) }
    }

    @Test("short work is not foretold at all")
    func short() {
        let witness = Witness()
        let watch = witness.watch()
        for done in 0...10 {
            watch.monitor.progress(done, of: 10)
            witness.pass(0.004)
        }
        #expect(witness.told.isEmpty)
        #expect(watch.predicted == nil)
        #expect(watch.measuredRate == nil)
    }

    @Test("work of another kind in between counts, and so does what is expected of it")
    func beside() {
        let witness = Witness()
        let watch = witness.watch(rate: 10)
        watch.expect(beside: 100)
        watch.monitor.progress(0, of: 300)
        #expect(witness.told == [40])
        watch.monitor.progress(150, of: 300)
        let scoring = watch.monitorBeside()
        scoring.progress(0, of: 60)
        scoring.progress(60, of: 60)
        watch.monitorBeside().progress(60, of: 60)
        watch.monitor.progress(300, of: 300)
        witness.pass(42)
        // More than expected was done beside, and the total says so.
        #expect(witness.progress.withLock { $0.map(\.done) } == [0, 150, 150, 210, 270, 420])
        #expect(witness.progress.withLock { $0.map(\.total) } == [400, 400, 400, 400, 420, 420])
        #expect(watch.measuredRate == 10)
    }

    @Test("what is left follows from the operations done and expected, whatever they were expected to be before")
    func remaining() {
        // A search that turns out half as long as it seemed.
        for (done, total, elapsed, left) in [(100, 1000, 10.0, "about 2 min left"), (300, 600, 30, "about 30 s left")] {
            #expect(ProgressLine(label: "", done: done, total: total, elapsed: elapsed).remaining == left)
        }
    }
}
