import Foundation

extension TabOffers {
    /// The files and folders `prefix`, the text of a string that is still open, could go on to.
    ///
    /// A file brings the quote that closes the string; a folder brings its slash, and the string stays open. Hidden ones
    /// are offered once the dot is typed; names that would have to be escaped in a string are left out.
    package static func paths(from prefix: String) -> [Candidate] {
        let start = prefix.lastIndex(of: "/").map { prefix.index(after: $0) } ?? prefix.startIndex
        let (folder, beginning) = (String(prefix[..<start]), prefix[start...])
        let place = folder.isEmpty ? "." : folder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.sorted().compactMap { name in
            guard name.hasPrefix(beginning), beginning.hasPrefix(".") || !name.hasPrefix("."), isPlain(name) else {
                return nil
            }
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: place + "/" + name, isDirectory: &isFolder)
            guard exists else { return nil }
            return isFolder.boolValue
                ? Candidate(folder + name + "/", label: name + "/") : Candidate(folder + name + "\"", label: name)
        }
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.unicodeScalars.contains { $0 == "\"" || $0 == "\\" || $0.properties.generalCategory == .control }
    }
}
