import Synchronization
import Testing
import amp

@Suite("The progress line")
struct ProgressLineTests {
    /// Updates every 20 ms by a clock of our own; returns all that was written.
    private func written(isTerminal: Bool, milliseconds: Int) -> [String] {
        let time = Mutex(ContinuousClock.now)
        let output = Mutex<[String]>([])
        let screen = Screen(1, isTerminal: isTerminal) { _ in nil }
        let line = ProgressLine(
            on: screen, now: { time.withLock { $0 } }, write: { text in output.withLock { $0.append(text) } })
        for step in stride(from: 0, to: milliseconds, by: 20) {
            line.update("\(step) ms")
            time.withLock { $0 += .milliseconds(20) }
        }
        line.erase()
        line.erase()
        return output.withLock { $0 }
    }

    @Test("short work shows nothing, and nothing is shown where no terminal is")
    func silent() {
        #expect(written(isTerminal: true, milliseconds: 1000).isEmpty)
        #expect(written(isTerminal: false, milliseconds: 5000).isEmpty)
    }

    @Test("long work shows at most ten states a second, each over the last, and leaves nothing behind")
    func long() {
        let output = written(isTerminal: true, milliseconds: 3000)
        #expect(output.count == 21)
        var screen = TerminalScreen(width: 80, height: 24)
        for text in output.dropLast() { screen.show(text) }
        #expect(screen.text == "2900 ms")
        screen.show(output.last ?? "")
        #expect(screen.text == "")
    }
}
