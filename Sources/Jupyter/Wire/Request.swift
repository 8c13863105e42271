import Foundation

/// A message that asks for something, and the way back to who asked.
package struct Request: Sendable {
    let type: RequestType
    let channel: Channel
    let identities: [Data]
    /// As it came: every answer carries it, so that the client knows what it is an answer to.
    let header: Data
    private let body: Data

    private struct Head: Decodable {
        let msgId: String
        let msgType: String
    }

    package init(_ frames: [Data], on channel: Channel, signature: Signature) throws(MessageFault) {
        let message = try Frames(frames, signature: signature)
        guard let head = try? JSON.decoder().decode(Head.self, from: message.header) else {
            throw MessageFault.notUnderstood(.header)
        }
        guard let type = RequestType(rawValue: head.msgType) else {
            throw MessageFault.unknownRequest(String(head.msgType.prefix(60)))
        }
        self.type = type
        self.channel = channel
        identities = message.identities
        header = message.header
        body = message.content
    }

    /// What it says, as one type of request says it.
    func content<Content: Decodable>(_ type: Content.Type) throws(MessageFault) -> Content {
        guard let content = try? JSON.decoder().decode(type, from: body) else { throw .notUnderstood(.content) }
        return content
    }
}

/// How the protocol writes its values.
enum JSON {
    static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }

    static func encode(_ value: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Only numbers that are not finite can't be encoded, and no content has any.
        return (try? encoder.encode(value)) ?? Data("{}".utf8)
    }
}
