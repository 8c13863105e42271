/// A half-open stretch of a source, in Unicode scalars.
package struct SourceSpan: Hashable, Sendable {
    package let start: Int
    package let end: Int

    package init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = end
    }

    package var isEmpty: Bool { end <= start }

    /// The smallest span that covers both.
    package func union(_ other: SourceSpan) -> SourceSpan {
        SourceSpan(min(start, other.start), max(end, other.end))
    }
}

/// Content and where it was written. Two are equal when their content is: spans never count.
package struct Located<Content: Hashable & Sendable>: Hashable, Sendable {
    package let content: Content
    package let span: SourceSpan

    package init(_ content: Content, _ span: SourceSpan) {
        self.content = content
        self.span = span
    }

    package static func == (left: Located, right: Located) -> Bool { left.content == right.content }
    package func hash(into hasher: inout Hasher) { hasher.combine(content) }
}
