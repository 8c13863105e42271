/// What a kernel can be asked, by the names of the protocol.
enum RequestType: String, Sendable, CaseIterable {
    case kernelInfo = "kernel_info_request"
    case execute = "execute_request"
    case complete = "complete_request"
    case inspect = "inspect_request"
    case isComplete = "is_complete_request"
    case history = "history_request"
    case commInfo = "comm_info_request"
    case commOpen = "comm_open"
    case interrupt = "interrupt_request"
    case shutdown = "shutdown_request"
}

/// What a kernel says.
enum MessageType: String, Sendable {
    case kernelInfoReply = "kernel_info_reply"
    case executeReply = "execute_reply"
    case completeReply = "complete_reply"
    case inspectReply = "inspect_reply"
    case isCompleteReply = "is_complete_reply"
    case historyReply = "history_reply"
    case commInfoReply = "comm_info_reply"
    case commClose = "comm_close"
    case interruptReply = "interrupt_reply"
    case shutdownReply = "shutdown_reply"
    case status
    case executeInput = "execute_input"
    case displayData = "display_data"
    case updateDisplayData = "update_display_data"
    case error
}

/// What a message of one type says; its fields are written in snake_case.
protocol Content: Encodable, Sendable {
    static var type: MessageType { get }
}
