/// A picture of numbers, for a terminal, a page or a paper: what is drawn, not how.
package struct Figure: Codable, Sendable, Hashable {
    /// What it is, snake_case, for machines: `search`.
    package var kind: String
    package var title: String
    /// What a reader is to see in it, under the picture.
    package var caption: StyledText?
    package var panels: [Panel]
    /// How many panels stand side by side where there is room.
    package var columns: Int

    package enum Panel: Codable, Sendable, Hashable {
        case chart(Chart)
        case matrix(Matrix)
    }

    package init(kind: String, title: String, caption: StyledText? = nil, panels: [Panel], columns: Int = 1) {
        self.kind = kind
        self.title = title
        self.caption = caption
        self.panels = panels
        self.columns = columns
    }
}
