/// The title over a panel.
enum PanelTitle {
    /// On two lines at most; what is still too long is cut.
    static func lines(_ title: String?, width: Int, glyphs: Glyphs) -> [String] {
        guard let title, !title.isEmpty, width > 1 else { return [] }
        let text = glyphs.oneLine(StyledText(title))
        let lines = text.wrapped(width: width)
        guard lines.count > 1 else { return [text.truncated(to: width, glyphs: glyphs).plain] }
        let rest = lines.dropFirst().joined(separator: " ")
        return [lines[0].truncated(to: width, glyphs: glyphs).plain, rest.truncated(to: width, glyphs: glyphs).plain]
    }
}
