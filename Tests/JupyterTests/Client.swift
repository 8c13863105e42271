import Foundation
import Jupyter
import Language
import Session
import Synchronization
import Testing

/// What a client sees of a kernel whose channels are a list.
final class Client {
    struct Message {
        let channel: Channel
        let type: String
        /// The identifier of the request it answers.
        let parent: String?
        let content: [String: Any]
        let identities: [Data]

        func text(_ key: String) -> String? { content[key] as? String }
        func number(_ key: String) -> Int? { content[key] as? Int }
    }

    static let signature = Signature(key: "a key")

    /// What the kernel has left to be sent.
    private final class Outgoing: Sendable {
        let messages = Mutex<[(Channel, [Data])]>([])
    }

    private let sent = Outgoing()
    private(set) var inbox = Inbox()
    private var control: Control?
    private var shell: Shell?

    init(surroundings: Surroundings = Surroundings(), open: @escaping () throws(Diagnostic) -> Engine = Client.inMemory)
    {
        let sender = Sender(signature: Self.signature) { [sent] channel, frames in
            sent.messages.withLock { $0.append((channel, frames)) }
        }
        let stop = StopSign(surroundings)
        control = Control(sender: sender, inbox: inbox, stop: stop)
        shell = Shell(sender: sender, inbox: inbox, stop: stop, surroundings: surroundings, open: open)
    }

    static func inMemory() throws(Diagnostic) -> Engine { try Engine.open(path: nil) }

    /// The frames of a request, signed.
    static func frames(_ type: String, id: String = "1", content: Any) throws -> [Data] {
        let header = try JSONSerialization.data(withJSONObject: ["msg_id": id, "msg_type": type, "session": "s"])
        return Frames(
            identities: [Data("client".utf8)], header: header, parent: Data("{}".utf8), metadata: Data("{}".utf8),
            content: try JSONSerialization.data(withJSONObject: content)
        ).signed(by: signature)
    }

    /// Sends a request without letting the kernel answer it yet; on the control channel it answers by itself.
    func send(
        _ type: String, _ content: [String: Any] = [:], id: String = "1", on channel: Channel = .shell
    ) throws {
        let frames = try Self.frames(type, id: id, content: content)
        control?.take(try Request(frames, on: channel, signature: Self.signature))
    }

    /// Lets the kernel answer what was sent, as long as it hears.
    func answer(_ count: Int = 1) {
        for _ in 0..<count {
            guard let request = inbox.next() else { return }
            shell?.answer(request)
        }
    }

    /// Everything that was said since this was last asked.
    func heard() throws -> [Message] {
        let all = sent.messages.withLock { sent in
            defer { sent = [] }
            return sent
        }
        return try all.map { channel, frames in
            let message = try Frames(frames, signature: Self.signature)
            func object(_ data: Data) throws -> [String: Any] {
                try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            }
            let header = try object(message.header)
            #expect(header["version"] as? String == "5.3")
            return Message(
                channel: channel, type: try #require(header["msg_type"] as? String),
                parent: try object(message.parent)["msg_id"] as? String, content: try object(message.content),
                identities: message.identities)
        }
    }

    /// Sends a request, and gives what was said because of it.
    func ask(_ type: String, _ content: [String: Any] = [:]) throws -> [Message] {
        try send(type, content)
        answer()
        return try heard()
    }

    /// The answer to a request on the shell channel.
    func reply(_ type: String, _ content: [String: Any] = [:]) throws -> Message {
        try #require(try ask(type, content).first { $0.channel == .shell })
    }

    func execute(_ code: String, _ more: [String: Any] = [:]) throws -> [Message] {
        try ask("execute_request", ["code": code].merging(more) { $1 })
    }
}
