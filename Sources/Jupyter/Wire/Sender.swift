import Foundation

/// Writes and signs what the kernel says, and leaves it for the channels. Any thread may use it.
package struct Sender: Sendable {
    private let session = UUID().uuidString.lowercased()
    private let signature: Signature
    private let deliver: @Sendable (Channel, [Data]) -> Void

    package init(signature: Signature, deliver: @escaping @Sendable (Channel, [Data]) -> Void) {
        self.signature = signature
        self.deliver = deliver
    }

    /// Answers who asked, on the channel it was asked on.
    func reply<Answer: Content>(_ content: Answer, to request: Request) {
        send(content, on: request.channel, identities: request.identities, because: request)
    }

    /// Tells everyone who listens.
    ///
    /// - Parameter request: what it comes of; nil for what nobody has asked for.
    func publish<News: Content>(_ content: News, because request: Request?) {
        send(content, on: .iopub, identities: [Data(News.type.rawValue.utf8)], because: request)
    }

    private func send<Said: Content>(
        _ content: Said, on channel: Channel, identities: [Data], because request: Request?
    ) {
        let empty = Data("{}".utf8)
        let frames = Frames(
            identities: identities, header: JSON.encode(Header(Said.type, session: session)),
            parent: request?.header ?? empty, metadata: empty, content: JSON.encode(content))
        deliver(channel, frames.signed(by: signature))
    }
}
