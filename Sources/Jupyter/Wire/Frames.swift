import Foundation

/// A message as it travels: who it is from or for, a delimiter, a signature, and four parts of JSON.
package struct Frames: Hashable, Sendable {
    package static let delimiter = "<IDS|MSG>"

    /// Of a router: the way back to who asked. Of the published channel: a topic.
    package var identities: [Data]
    package var header: Data
    package var parent: Data
    package var metadata: Data
    package var content: Data

    package init(identities: [Data], header: Data, parent: Data, metadata: Data, content: Data) {
        self.identities = identities
        self.header = header
        self.parent = parent
        self.metadata = metadata
        self.content = content
    }

    /// Takes a message apart and checks its signature. Buffers behind the content are not read: amp asks for none.
    package init(_ frames: [Data], signature: Signature) throws(MessageFault) {
        guard let place = frames.firstIndex(of: Data(Self.delimiter.utf8)) else { throw MessageFault.noDelimiter }
        let rest = frames[(place + 1)...]
        guard rest.count >= 5 else { throw MessageFault.missingFrames(found: rest.count) }
        let parts = Array(rest.dropFirst().prefix(4))
        guard signature.isRight(rest[rest.startIndex], for: parts) else { throw MessageFault.wrongSignature }
        self.init(
            identities: Array(frames[..<place]), header: parts[0], parent: parts[1], metadata: parts[2],
            content: parts[3])
    }

    package func signed(by signature: Signature) -> [Data] {
        let parts = [header, parent, metadata, content]
        return identities + [Data(Self.delimiter.utf8), Data(signature.sign(parts).utf8)] + parts
    }
}
