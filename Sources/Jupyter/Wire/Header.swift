import Foundation

/// What stands at the head of a message that amp sends.
struct Header: Encodable, Sendable {
    static let protocolVersion = "5.3"

    let msgId = UUID().uuidString.lowercased()
    let session: String
    let username = "amp"
    let date = Date().ISO8601Format(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    let msgType: String
    let version = protocolVersion

    init(_ type: MessageType, session: String) {
        self.session = session
        msgType = type.rawValue
    }
}
