/// Why a message that came is not listened to.
package enum MessageFault: Error, Hashable, Sendable {
    /// The parts of a message that hold JSON.
    package enum Part: String, Sendable { case header, content }

    case oversized(bytes: Int)
    case tooManyFrames(Int)
    /// Nothing separates who sent it from what was sent.
    case noDelimiter
    case missingFrames(found: Int)
    case wrongSignature
    case notUnderstood(Part)
    /// Nothing that amp answers.
    case unknownRequest(String)
}

extension MessageFault: CustomStringConvertible {
    /// For whoever reads the server's log.
    package var description: String {
        switch self {
        case .oversized(let bytes):
            "it has \(bytes) bytes; \(ZeroMQSocket.mostBytes) are taken at most"
        case .tooManyFrames(let count): "it has \(count) frames; \(ZeroMQSocket.mostFrames) are taken at most"
        case .noDelimiter: "the delimiter \(Frames.delimiter) is missing"
        case .missingFrames(let found): "it has \(found) frames after the delimiter; five are needed"
        case .wrongSignature: "its signature is wrong"
        case .notUnderstood(let part): "its \(part.rawValue) is not the JSON it should be"
        case .unknownRequest(let type): "'\(type)' is no request amp answers"
        }
    }
}
