import Language
import Report

/// What a transcript can be written as; the ending of the file's name decides.
enum DocumentFormat: String, CaseIterable {
    case html, markdown = "md", notebook = "ipynb"

    init?(path: String) {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
        self.init(rawValue: name[name.index(after: dot)...].lowercased())
    }

    /// ".html, .md or .ipynb"
    static let endings = ".html, .md or .ipynb"
}
