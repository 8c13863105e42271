/// A text to parse: a line typed at the keyboard (no name) or a script (its file name).
///
/// Offsets count Unicode scalars, so that a combining mark can never swallow a quote.
package struct Source: Sendable, Hashable {
    package let name: String?
    package let text: String
    /// The scalars of `text`; every `SourceSpan` counts in these.
    package let scalars: [Unicode.Scalar]

    package init(_ text: String, name: String? = nil) {
        self.name = name
        self.text = text
        scalars = Array(text.unicodeScalars)
    }

    /// Takes the bytes of a file; what is no UTF-8 becomes U+FFFD, which the lexer reports where it matters.
    package init(bytes: some Collection<UInt8>, name: String? = nil) {
        self.init(String(decoding: bytes, as: UTF8.self), name: name)
    }

    /// The text a span covers.
    package subscript(span: SourceSpan) -> String {
        let bounds = clamped(span)
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars[bounds.start..<bounds.end])
        return String(result)
    }

    /// The line and column, both from 1, of an offset; the column counts characters as a reader would.
    package func position(of offset: Int) -> (line: Int, column: Int) {
        let offset = min(max(offset, 0), scalars.count)
        var line = 1
        var start = 0
        var index = 0
        while index < offset {
            if let length = newlineLength(at: index), index + length <= offset {
                line += 1
                index += length
                start = index
            } else {
                index += 1
            }
        }
        if start == 0, offset > 0, scalars.first == "\u{FEFF}" { start = 1 }
        return (line, self[SourceSpan(start, offset)].count + 1)
    }

    /// The line around an offset, without its newline.
    package func line(around offset: Int) -> SourceSpan {
        let offset = min(max(offset, 0), scalars.count)
        var start = offset
        while start > 0, !scalars[start - 1].endsLine { start -= 1 }
        var end = offset
        while end < scalars.count, !scalars[end].endsLine { end += 1 }
        if start == 0, end > 0, scalars.first == "\u{FEFF}" { start = 1 }
        return SourceSpan(start, max(start, end))
    }

    /// How many scalars the newline at an index takes (two for CR LF), or nil if there is none.
    func newlineLength(at index: Int) -> Int? {
        guard index < scalars.count, scalars[index].endsLine else { return nil }
        return scalars[index] == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n" ? 2 : 1
    }

    private func clamped(_ span: SourceSpan) -> SourceSpan {
        let start = min(max(span.start, 0), scalars.count)
        return SourceSpan(start, min(max(span.end, start), scalars.count))
    }
}

extension Unicode.Scalar {
    var endsLine: Bool { self == "\n" || self == "\r" }
}
