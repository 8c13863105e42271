import Report

/// What the process around the kernel does for it: signals, files, the log.
package struct Surroundings: Sendable {
    /// Whether a signal asks the running sentence to stop.
    package var isInterrupted: @Sendable () -> Bool
    /// Forgets that signal.
    package var forgetInterruption: @Sendable () -> Void
    /// Whether a signal asks the process to end.
    package var isEnding: @Sendable () -> Bool
    /// What the text of a string could go on to, with the quote that ends it where a path is whole, and the one that
    /// begins it where the string has yet to be opened.
    package var paths: @Sendable (_ prefix: String, _ opens: Bool) -> [String]
    /// What keeps the computation slow, to be said once.
    package var note: @Sendable () -> StyledText?
    /// Writes a line for whoever looks after the server.
    package var complain: @Sendable (String) -> Void

    package init(
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        forgetInterruption: @escaping @Sendable () -> Void = {}, isEnding: @escaping @Sendable () -> Bool = { false },
        paths: @escaping @Sendable (_ prefix: String, _ opens: Bool) -> [String] = { _, _ in [] },
        note: @escaping @Sendable () -> StyledText? = { nil },
        complain: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.isInterrupted = isInterrupted
        self.forgetInterruption = forgetInterruption
        self.isEnding = isEnding
        self.paths = paths
        self.note = note
        self.complain = complain
    }
}
