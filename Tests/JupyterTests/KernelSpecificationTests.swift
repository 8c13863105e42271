import Foundation
import Jupyter
import Testing

@Suite("Installing")
struct KernelSpecificationTests {
    private let data = FileManager.default.temporaryDirectory.path + "/amp-jupyter-\(UUID().uuidString)"

    private func remove() { try? FileManager.default.removeItem(atPath: data) }

    @Test("a kernel is what starts this amp, and is interrupted by a message")
    func installs() throws {
        defer { remove() }
        let specification = try KernelSpecification(dataFolder: data)
        try specification.install(program: "/opt/amp/amp")
        #expect(specification.folder == data + "/kernels/amp")
        let bytes = try Data(contentsOf: URL(filePath: specification.folder + "/kernel.json"))
        let content = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        #expect(content["argv"] as? [String] == ["/opt/amp/amp", "kernel", "--connection", "{connection_file}"])
        #expect(content["language"] as? String == "amp")
        #expect(content["display_name"] as? String == "amp")
        #expect(content["interrupt_mode"] as? String == "message")
        // Once more, with another binary.
        try specification.install(program: "/usr/bin/amp")
        try specification.uninstall()
        #expect(!FileManager.default.fileExists(atPath: specification.folder))
        #expect(throws: JupyterError.notInstalled(name: "amp", folder: specification.folder)) {
            try specification.uninstall()
        }
    }

    @Test("another program's kernel stays as it is")
    func foreign() throws {
        defer { remove() }
        let specification = try KernelSpecification(name: "python3", dataFolder: data)
        try FileManager.default.createDirectory(atPath: specification.folder, withIntermediateDirectories: true)
        let theirs = #"{"argv": ["python", "-m", "ipykernel", "-f", "{connection_file}"], "display_name": "Python"}"#
        let file = URL(filePath: specification.folder + "/kernel.json")
        try Data(theirs.utf8).write(to: file)
        let refusal = JupyterError.foreignKernel(name: "python3", folder: specification.folder)
        #expect(throws: refusal) { try specification.install(program: "/amp") }
        #expect(throws: refusal) { try specification.uninstall() }
        #expect(try Data(contentsOf: file) == Data(theirs.utf8))
    }

    @Test("a name that would lead out of the folder is none", arguments: ["", ".", "..", "a/b", "a b", "ä", "a\0"])
    func names(name: String) {
        #expect(throws: JupyterError.wrongKernelName(name)) { try KernelSpecification(name: name, dataFolder: data) }
    }

    @Test("a place that can't be written says so")
    func refused() throws {
        let specification = try KernelSpecification(dataFolder: "/proc/none")
        let error = #expect(throws: JupyterError.self) { try specification.install(program: "/amp") }
        #expect(error?.diagnostic.message.contains("/proc/none") == true)
    }
}
