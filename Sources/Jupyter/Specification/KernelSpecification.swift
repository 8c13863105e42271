import Foundation

/// What Jupyter reads to offer and start the kernel: a folder with `kernel.json` and a picture.
package struct KernelSpecification: Sendable {
    package static let standardName = "amp"

    package let name: String
    /// `…/kernels/NAME`.
    package let folder: String

    private static let file = "kernel.json"
    private static let picture = "logo-svg.svg"
    /// What stands behind the program: by this an own kernel is known.
    private static let arguments = ["kernel", "--connection", "{connection_file}"]

    private struct Content: Codable {
        let argv: [String]
        let displayName: String
        let language: String
        let interruptMode: String
    }

    /// - Parameter dataFolder: the folder that holds `kernels`; the user's unless given.
    package init(name: String = standardName, dataFolder: String? = nil) throws(JupyterError) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isPlain, name.contains(where: { $0 != "." }) else { throw .wrongKernelName(name) }
        guard let data = dataFolder ?? DataFolder.user else { throw .noDataFolder }
        self.name = name
        folder = (data as NSString).appendingPathComponent("kernels/\(name)")
    }

    /// Writes the folder, over an older one of amp's.
    ///
    /// - Parameter program: the path of amp, from the root.
    package func install(program: String) throws(JupyterError) {
        if exists, !isOwn { throw .foreignKernel(name: name, folder: folder) }
        let content = Content(
            argv: [program] + Self.arguments, displayName: name == Self.standardName ? "amp" : "amp (\(name))",
            language: "amp",
            // A message reaches the kernel wherever it runs, and says when it has.
            interruptMode: "message")
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(Picture.svg.utf8).write(to: place(Self.picture), options: .atomic)
            try (try encoder.encode(content) + Data("\n".utf8)).write(to: place(Self.file), options: .atomic)
        } catch {
            throw refusal(error)
        }
    }

    /// Removes what `install` has written.
    package func uninstall() throws(JupyterError) {
        guard exists else { throw .notInstalled(name: name, folder: folder) }
        guard isOwn else { throw .foreignKernel(name: name, folder: folder) }
        do {
            for file in [Self.file, Self.picture] where FileManager.default.fileExists(atPath: place(file).path) {
                try FileManager.default.removeItem(at: place(file))
            }
        } catch {
            throw refusal(error)
        }
        // Stays where someone has put more into it.
        rmdir(folder)
    }

    private var exists: Bool { FileManager.default.fileExists(atPath: place(Self.file).path) }

    private var isOwn: Bool {
        guard let bytes = try? Data(contentsOf: place(Self.file)),
            let content = try? JSON.decoder().decode(Content.self, from: bytes)
        else { return false }
        return content.argv.dropFirst().prefix(2) == Self.arguments[..<2]
    }

    private func place(_ file: String) -> URL { URL(filePath: folder).appending(path: file) }

    private func refusal(_ error: any Error) -> JupyterError {
        let error = error as NSError
        let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        let reason =
            cause.domain == NSPOSIXErrorDomain
            ? String(cString: strerror(Int32(cause.code))) : error.localizedDescription
        return .notWritten(path: folder, reason: reason)
    }
}
