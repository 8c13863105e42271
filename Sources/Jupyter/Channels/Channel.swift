/// The five ways between a client and its kernel.
package enum Channel: String, Sendable, Hashable, CaseIterable {
    /// What is done one after the other: sentences, completion, help.
    case shell
    /// What must not wait for them: interrupting, shutting down.
    case control
    /// What everyone hears: outputs, and whether the kernel is at work.
    case iopub
    /// What the kernel would ask a user. amp never asks.
    case stdin
    /// Says that the process lives.
    case heartbeat

    var kind: ZeroMQSocket.Kind {
        switch self {
        case .shell, .control, .stdin: .router
        case .iopub: .publish
        case .heartbeat: .reply
        }
    }
}
