import Foundation

/// The folders Jupyter looks for kernels in.
package enum DataFolder {
    /// The user's: `$JUPYTER_DATA_DIR`, or `jupyter` in the folder for data; nil without a home.
    static var user: String? {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        if let folder = variable("JUPYTER_DATA_DIR") { return folder }
        if let folder = variable("XDG_DATA_HOME") { return folder + "/jupyter" }
        return variable("HOME").map { $0 + "/.local/share/jupyter" }
    }

    /// That of a Python environment, which only the Jupyter of that environment looks into.
    package static func inside(environment folder: String) -> String {
        let expanded = (folder as NSString).expandingTildeInPath
        let whole = expanded.hasPrefix("/") ? expanded : FileManager.default.currentDirectoryPath + "/" + expanded
        return (whole as NSString).standardizingPath + "/share/jupyter"
    }
}
