import Foundation
import Language
import Session

extension TabOffers {
    /// The files and folders that a path could go on to.
    ///
    /// A file brings the quote that closes the string; a folder brings its slash, and the string stays open. Hidden ones
    /// are offered once the dot is typed. `~` is the home, and stays as it is.
    ///
    /// - Parameters:
    ///   - prefix: the text of a string as it stands, with its escapes.
    ///   - opens: whether the string has yet to be opened.
    package static func paths(from prefix: String, opens: Bool = false) -> [Candidate] {
        let typed = Language.Value.unquoted(prefix)
        let start = typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
        let (folder, beginning) = (String(typed[..<start]), typed[start...])
        let quote = opens ? "\"" : ""
        if typed == "~" { return [Candidate(quote + "~/", label: "~/")] }
        let place = folder.isEmpty ? "." : homeExpanded(folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.sorted().compactMap { name in
            guard name.hasPrefix(beginning), beginning.hasPrefix(".") || !name.hasPrefix("."), isShown(name) else {
                return nil
            }
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: place + "/" + name, isDirectory: &isFolder)
            guard exists else { return nil }
            let written = quote + escaped(folder + name)
            return isFolder.boolValue
                ? Candidate(written + "/", label: name + "/") : Candidate(written + "\"", label: name)
        }
    }

    /// As it stands between quotes.
    private static func escaped(_ text: String) -> String { String(Language.Value.quoted(text).dropFirst().dropLast()) }

    /// A name with control characters would garble the line.
    private static func isShown(_ name: String) -> Bool {
        !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
