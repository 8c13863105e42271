import Language

extension Engine {
    /// Opens a session file, or a session in memory. Throws a diagnostic that says what is wrong with the file.
    package static func open(path: String?) throws(Diagnostic) -> Engine {
        do {
            let store =
                if let path {
                    try SessionStore.open(path: path, engineVersion: version)
                } else {
                    try SessionStore.inMemory(engineVersion: version)
                }
            return try Engine(store: store)
        } catch {
            throw Problem.diagnostic(error, in: SessionState())
        }
    }
}
