import Report

/// What the process around the kernel does for it: signals, files, the log.
package struct Surroundings: Sendable {
    package struct PathOffer: Sendable, Hashable {
        /// What the path goes on to, with the quote that ends it where it is whole.
        package var text: String

        package init(_ text: String) { self.text = text }
    }

    /// Whether a signal asks the running sentence to stop.
    package var isInterrupted: @Sendable () -> Bool
    /// Forgets that signal.
    package var forgetInterruption: @Sendable () -> Void
    /// Whether a signal asks the process to end.
    package var isEnding: @Sendable () -> Bool
    /// The paths that the text of an open string could go on to.
    package var paths: @Sendable (_ prefix: String) -> [PathOffer]
    /// What keeps the computation slow, to be said once.
    package var note: @Sendable () -> StyledText?
    /// Writes a line for whoever looks after the server.
    package var complain: @Sendable (String) -> Void

    package init(
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        forgetInterruption: @escaping @Sendable () -> Void = {}, isEnding: @escaping @Sendable () -> Bool = { false },
        paths: @escaping @Sendable (_ prefix: String) -> [PathOffer] = { _ in [] },
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
