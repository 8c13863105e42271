/// How long work says where it is, and hears that it should stop.
package struct Monitor: Sendable {
    /// Called now and then with what is being done and how much of it, in units of the caller's choice.
    private let report: @Sendable (_ done: Int, _ total: Int) -> Void
    /// Asked between units of work.
    private let isCancelled: @Sendable () -> Bool

    package init(
        report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.report = report
        self.isCancelled = isCancelled
    }

    /// Work that nobody watches.
    package static let none = Monitor()

    /// Throws `Interrupted` once a stop was asked for.
    package func check() throws { if isCancelled() { throw Interrupted() } }

    package func progress(_ done: Int, of total: Int) { report(done, total) }

    /// The same stop, with another way to count.
    package func counting(_ report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) -> Monitor {
        Monitor(report: report, isCancelled: isCancelled)
    }
}

/// The user asked to stop.
package struct Interrupted: Error { package init() {} }
