/// How texts are written so that Markdown shows them as they are.
enum Markdown {
    private static let marks: Set<Character> = ["\\", "`", "*", "_", "[", "]", "<", ">", "#", "|", "~", "&", "$"]

    /// On one line.
    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if character.isNewline {
                result += " "
            } else {
                if marks.contains(character) { result += "\\" }
                result.append(character)
            }
        }
    }

    /// Lines shown as they are, between fences longer than any in them.
    static func fenced(_ text: String, as language: String) -> String {
        let longest = text.split { $0 != "`" }.map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: max(longest + 1, 3))
        return "\(fence)\(language)\n\(text)\n\(fence)"
    }
}
