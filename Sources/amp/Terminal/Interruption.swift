import CEditline
import Glibc

/// The signals a user or the system sends: what asks a sentence to stop, and what asks the process to end.
enum Interruption {
    private static let notice: StaticString = "\nstopping at the next safe point (Ctrl-\\ ends amp at once)\n"

    /// Starts to catch the signals. Call once, before the first line is read or a sentence runs.
    static func install() {
        // When the system refuses, the signals keep their own meaning: they end the process.
        _ = notice.withUTF8Buffer { _ in
            notice.utf8Start.withMemoryRebound(to: CChar.self, capacity: notice.utf8CodeUnitCount + 1) {
                signals_install($0)
            }
        }
    }

    /// Whether the sentence that runs should stop: the closure the engine polls between batches.
    static var isRequested: Bool { signals_interrupts() > 0 || signals_termination() != 0 }

    /// Forgets Ctrl-C presses. Call before each sentence; a request to end the process stays.
    static func clear() { signals_clear_interrupts() }

    /// The signal that asks the process to end (SIGTERM, SIGHUP, or SIGPIPE for a closed output), if any.
    static var termination: Int32? {
        let number = signals_termination()
        return number == 0 ? nil : number
    }

    /// The exit code of a process that ends because it was asked to, as shells count it.
    static var exitCode: Int32 { 128 + (termination ?? SIGINT) }

    /// Asks the process to end as if `signal` had come.
    static func requestTermination(_ signal: Int32) { signals_request_termination(signal) }
}
