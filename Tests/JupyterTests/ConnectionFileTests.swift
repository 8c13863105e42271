import Foundation
import Jupyter
import Testing

@Suite("Connection files")
struct ConnectionFileTests {
    private static var good: [String: Any] {
        [
            "transport": "tcp", "ip": "127.0.0.1", "shell_port": 50001, "iopub_port": 50002, "stdin_port": 50003,
            "control_port": 50004, "hb_port": 50005, "key": "abc", "signature_scheme": "hmac-sha256",
            "kernel_name": "amp",
        ]
    }

    private func read(_ bytes: Data) throws -> ConnectionFile {
        let path = FileManager.default.temporaryDirectory.path + "/amp-connection-\(UUID().uuidString).json"
        try bytes.write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try ConnectionFile(path: path)
    }

    @Test("as Jupyter writes them are read")
    func reads() throws {
        let file = try read(try JSONSerialization.data(withJSONObject: Self.good))
        #expect(file.key == "abc")
    }

    static let broken: [(change: String, value: String?, message: String)] = [
        ("shell_port", nil, "'shell_port'"), ("shell_port", "0", "'shell_port'"), ("hb_port", "65536", "'hb_port'"),
        ("iopub_port", "-1", "'iopub_port'"), ("ip", "7", "'ip'"), ("transport", "\"udp\"", "'transport'"),
        ("key", "null", "'key'"), ("signature_scheme", "\"hmac-md5\"", "hmac-md5"),
    ]

    @Test("that lack something say what", arguments: broken)
    func says(_ test: (change: String, value: String?, message: String)) throws {
        var fields = Self.good
        fields[test.change] = try test.value.map {
            try JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed)
        }
        let bytes = try JSONSerialization.data(withJSONObject: fields)
        let error = #expect(throws: JupyterError.self) { try read(bytes) }
        #expect(error?.diagnostic.message.contains(test.message) == true, "\(String(describing: error))")
    }

    @Test("that are none are told from those that are not there")
    func unreadable() throws {
        #expect(throws: JupyterError.self) { try read(Data("not JSON".utf8)) }
        let error = #expect(throws: JupyterError.self) { try ConnectionFile(path: "/nonexistent/connection.json") }
        #expect(error?.diagnostic.message.contains("No such file") == true)
    }
}
