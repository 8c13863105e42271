/// A heading of a page, for its table of contents.
struct Heading: Hashable {
    /// 2 for those right under the title.
    var level: Int
    var text: String
    var anchor: String
}

extension Prose {
    /// The text as a piece of a page.
    ///
    /// - Parameter headings: those of the page so far; the text's own are added. None skips a level.
    func html(_ headings: inout [Heading]) -> HTML {
        var html = HTML("")
        for block in blocks {
            switch block {
            case .heading(let written, let text):
                let level = min(max(written, 2), (headings.last?.level ?? 1) + 1, 6)
                let anchor = Prose.anchor(text, taken: headings.map(\.anchor))
                headings.append(Heading(level: level, text: Prose.plain(text), anchor: anchor))
                html += "<h\(level) id=\"\(text: anchor)\">\(Prose.inline(text))</h\(level)>\n"
            case .paragraph(let text): html += "<p>\(Prose.inline(text))</p>\n"
            case .list(let items):
                html += "<ul>\(items.map { HTML("<li>\(Prose.inline($0))</li>") })</ul>\n"
            case .code(let text): html += "<pre><code>\(text: text)</code></pre>\n"
            }
        }
        return html
    }

    /// A name for the place in the page: letters, digits and hyphens, not that of a cell or of another heading.
    private static func anchor(_ text: String, taken: [String]) -> String {
        let words = plain(text).lowercased().split { !($0.isLetter || $0.isNumber) }
        let base = "on-" + (words.isEmpty ? "it" : words.joined(separator: "-"))
        var anchor = base
        var number = 2
        while taken.contains(anchor) {
            anchor = "\(base)-\(number)"
            number += 1
        }
        return anchor
    }

    /// Without marks.
    static func plain(_ text: String) -> String {
        spans(of: text).map { span in
            switch span {
            case .text(let text), .code(let text), .strong(let text), .stressed(let text), .link(let text, _): text
            }
        }.joined()
    }

    static func inline(_ text: String) -> HTML {
        spans(of: text).reduce(into: "") { html, span in
            switch span {
            case .text(let text): html += HTML(text: text)
            case .code(let text): html += "<code>\(text: text)</code>"
            case .strong(let text): html += "<strong>\(inline(text))</strong>"
            case .stressed(let text): html += "<em>\(inline(text))</em>"
            case .link(let text, let address): html += "<a href=\"\(text: address)\">\(text: text)</a>"
            }
        }
    }

    private enum Span {
        case text(String), code(String), strong(String), stressed(String)
        case link(String, address: String)
    }

    private static func spans(of text: String) -> [Span] {
        var spans: [Span] = []
        var plain = ""
        var rest = text[...]
        func close() {
            if !plain.isEmpty { spans.append(.text(plain)) }
            plain = ""
        }
        while let character = rest.first {
            if let (span, after) = marked(rest, behind: plain.last) {
                close()
                spans.append(span)
                rest = after
            } else {
                plain.append(character)
                rest.removeFirst()
            }
        }
        close()
        return spans
    }

    /// The span that a text begins with, and what follows it.
    private static func marked(_ text: Substring, behind previous: Character?) -> (Span, Substring)? {
        func enclosed(_ mark: String) -> (String, Substring)? {
            guard text.hasPrefix(mark) else { return nil }
            let inner = text.dropFirst(mark.count)
            guard let end = inner.firstRange(of: mark), end.lowerBound > inner.startIndex else { return nil }
            return (String(inner[..<end.lowerBound]), inner[end.upperBound...])
        }
        if let (code, after) = enclosed("`") { return (.code(code), after) }
        // A star in a product is none that stresses.
        if previous.map({ $0.isWhitespace || $0.isPunctuation }) ?? true {
            for (mark, isStrong) in [("**", true), ("*", false)] {
                guard let (words, after) = enclosed(mark), words.first?.isWhitespace == false,
                    words.last?.isWhitespace == false, after.first.map({ !$0.isLetter && !$0.isNumber }) ?? true
                else { continue }
                return (isStrong ? .strong(words) : .stressed(words), after)
            }
        }
        if let match = text.prefixMatch(of: /\[([^\[\]]+)\]\(([^()\s]+)\)/), isHarmless(match.2) {
            return (.link(String(match.1), address: String(match.2)), text[match.range.upperBound...])
        }
        return nil
    }

    /// Addresses of pages and of files beside the document; nothing that a browser would run.
    private static func isHarmless(_ address: Substring) -> Bool {
        guard let colon = address.firstIndex(of: ":") else { return true }
        return ["http", "https", "mailto"].contains(address[..<colon].lowercased())
    }
}
