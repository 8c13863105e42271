/// What requests say. What they leave out is as the protocol says it is.
struct ExecuteRequest: Decodable {
    let code: String
    let silent: Bool?
    let storeHistory: Bool?
    let stopOnError: Bool?
}

/// Of complete_request and inspect_request.
struct CursorRequest: Decodable {
    let code: String
    /// In Unicode scalars.
    let cursorPos: Int?
}

struct IsCompleteRequest: Decodable {
    let code: String
}

struct CommRequest: Decodable {
    let commId: String
}

struct ShutdownRequest: Decodable {
    let restart: Bool?
}

// What the kernel says that is short enough to stand here.

struct Status: Content {
    enum State: String, Encodable { case starting, busy, idle }

    static let type = MessageType.status
    let executionState: State

    init(_ state: State) { executionState = state }
}

/// How a request went.
enum Outcome: String, Encodable {
    case ok, error, aborted
}

struct InterruptReply: Content {
    static let type = MessageType.interruptReply
    let status = Outcome.ok
}

struct ShutdownReply: Content {
    static let type = MessageType.shutdownReply
    let status = Outcome.ok
    let restart: Bool
}

/// amp has no widgets: nothing to connect to.
struct CommInfoReply: Content {
    static let type = MessageType.commInfoReply
    let status = Outcome.ok
    let comms: [String: String] = [:]
}

struct CommClose: Content {
    static let type = MessageType.commClose
    let commId: String
    let data: [String: String] = [:]
}
