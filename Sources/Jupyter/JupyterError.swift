import Language

/// Why a kernel does not start, or is not installed.
package enum JupyterError: Error, Hashable, Sendable {
    case noLibrary(tried: [String])
    /// There is a library, but not one that has this function.
    case noFunction(String, library: String)
    case socketRefused(channel: Channel, endpoint: String, reason: String)
    case connectionFileUnreadable(path: String, reason: String)
    case connectionFileWrong(path: String, field: String)
    case unknownSignatureScheme(String, path: String)
    case wrongKernelName(String)
    /// A folder for kernels can't be told without a home.
    case noDataFolder
    /// Another program's kernel has the name.
    case foreignKernel(name: String, folder: String)
    case notInstalled(name: String, folder: String)
    case notWritten(path: String, reason: String)
}

extension JupyterError {
    package var diagnostic: Diagnostic {
        switch self {
        case .noLibrary(let tried):
            Diagnostic(
                "Jupyter is reached through the library ZeroMQ, which is not installed here",
                notes: ["looked for \(tried.joined(separator: ", "))"],
                hints: ["on Debian and Ubuntu: sudo apt-get install \(ZeroMQLibrary.package)"])
        case .noFunction(let name, let library):
            Diagnostic(
                "\(library) has no function \(name): it is too old or no ZeroMQ", hints: ["amp needs ZeroMQ 4"])
        case .socketRefused(let channel, let endpoint, let reason):
            Diagnostic("the \(channel.rawValue) channel can't be opened at \(endpoint): \(reason)")
        case .connectionFileUnreadable(let path, let reason):
            Diagnostic("the connection file \(path) can't be read: \(reason)")
        case .connectionFileWrong(let path, let field):
            Diagnostic("the connection file \(path) says nothing usable for '\(field)'")
        case .unknownSignatureScheme(let scheme, let path):
            Diagnostic(
                "the connection file \(path) asks for signatures by '\(scheme)'",
                notes: ["amp knows \(ConnectionFile.signatureScheme)"])
        case .wrongKernelName(let name):
            Diagnostic(
                "'\(name)' can't be a kernel's name", notes: ["letters, digits, '.', '_' and '-' make one"])
        case .noDataFolder:
            Diagnostic(
                "there is no home to install into", hints: ["name a folder: amp kernel install --to FOLDER"])
        case .foreignKernel(let name, let folder):
            Diagnostic(
                "\(folder) holds a kernel that is not amp's", hints: ["choose another name than '\(name)': --name NAME"]
            )
        case .notInstalled(let name, let folder):
            Diagnostic("no kernel '\(name)' is installed: there is no \(folder)")
        case .notWritten(let path, let reason): Diagnostic("\(path) can't be changed: \(reason)")
        }
    }
}
