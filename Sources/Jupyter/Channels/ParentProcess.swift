import Foundation

/// The server that started the kernel, as its environment names it.
struct ParentProcess: Sendable {
    private let id: pid_t
    private let starter = getppid()

    /// nil for a kernel that was started by hand.
    init?() {
        guard let text = getenv("JPY_PARENT_PID"), let id = pid_t(String(cString: text)), id > 1 else { return nil }
        self.id = id
    }

    /// Whether it has ended without saying so.
    ///
    /// A process without parent gets another one. Where a wrapper stands between the two, only the number tells.
    var isGone: Bool { getppid() != starter || (kill(id, 0) != 0 && errno == ESRCH) }
}
