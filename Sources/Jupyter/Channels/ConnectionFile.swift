import Foundation

/// Where a client expects its kernel, and the key both sign with.
package struct ConnectionFile: Sendable, Hashable {
    package static let signatureScheme = "hmac-sha256"

    private static let longest = 1 << 20

    package enum Transport: String, Decodable, Sendable { case tcp, ipc }

    let transport: Transport
    let address: String
    let ports: [Channel: Int]
    package let key: String

    private struct Fields: Decodable {
        let transport: Transport
        let ip: String
        let shellPort, controlPort, iopubPort, stdinPort, hbPort: Int
        let key: String
        let signatureScheme: String?
    }

    package init(path: String) throws(JupyterError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .connectionFileUnreadable(path: path, reason: String(cString: strerror(errno)))
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard let bytes = try? file.read(upToCount: Self.longest) else {
            throw .connectionFileUnreadable(path: path, reason: "it is no file")
        }
        let fields: Fields
        do { fields = try JSON.decoder().decode(Fields.self, from: bytes) } catch {
            throw .connectionFileWrong(path: path, field: Self.field(error))
        }
        transport = fields.transport
        address = fields.ip
        ports = [
            .shell: fields.shellPort, .control: fields.controlPort, .iopub: fields.iopubPort,
            .stdin: fields.stdinPort, .heartbeat: fields.hbPort,
        ]
        key = fields.key
        if let wrong = ports.first(where: { !(1...65535).contains($0.value) }) {
            let name = wrong.key == .heartbeat ? "hb" : wrong.key.rawValue
            throw .connectionFileWrong(path: path, field: name + "_port")
        }
        let scheme = fields.signatureScheme ?? Self.signatureScheme
        guard key.isEmpty || scheme == Self.signatureScheme else { throw .unknownSignatureScheme(scheme, path: path) }
    }

    /// The name of what a decoder did not find.
    private static func field(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _): snakeCase(key.stringValue)
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.codingPath.last.map { snakeCase($0.stringValue) } ?? "JSON"
        default: "JSON"
        }
    }

    private static func snakeCase(_ name: String) -> String {
        name.map { $0.isUppercase ? "_" + $0.lowercased() : String($0) }.joined()
    }

    func endpoint(of channel: Channel) -> String {
        let port = ports[channel] ?? 0
        return switch transport {
        case .tcp: "tcp://\(address.contains(":") ? "[\(address)]" : address):\(port)"
        case .ipc: "ipc://\(address)-\(port)"
        }
    }
}
