/// A transcript as one page: no script, no network, for small screens and large, light, dark and print.
package struct HTMLDocument: Sendable, Hashable {
    private let transcript: Transcript
    private let generator: String

    /// - Parameter generator: the program and its version.
    package init(_ transcript: Transcript, generator: String) {
        self.transcript = transcript
        self.generator = generator
    }

    package var text: String {
        let (title, cells, closing) = transcript.titled
        var headings: [Heading] = []
        var body = HTML("")
        var day = cells.first?.time.map { Moment.day($0.started) }
        for cell in cells {
            body += cell.opening.html(&headings)
            if let date = cell.time.map({ Moment.day($0.started) }), date != day {
                body += "<p class=\"day\">\(text: date)</p>\n"
                day = date
            }
            body += html(cell)
        }
        body += closing.html(&headings)
        let page: HTML = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="\(text: generator)">
            <title>\(text: Prose.plain(title))</title>
            <style>
            \(HTML(markup: Self.styleSheet))
            \(HTML(markup: HTMLRenderer.styleSheet))
            </style>
            </head>
            <body>
            <main>
            <header>
            <h1>\(Prose.inline(title))</h1>
            \(byline(cells))\
            \(contents(headings))\
            </header>
            \(body)\
            </main>
            \(provenance)\
            </body>
            </html>

            """
        return page.markup
    }

    /// "2026-11-22 · 22 cells · amp 0.1.0"
    private func byline(_ cells: [Transcript.Cell]) -> HTML {
        var words = [cells.count == 1 ? "1 cell" : "\(NumberFormat.count(cells.count)) cells", generator]
        let days = cells.compactMap { $0.time.map { Moment.day($0.started) } }
        if let first = days.first, let last = days.last {
            words.insert(first == last ? first : "\(first) to \(last)", at: 0)
        }
        return "<p class=\"byline\">\(text: words.joined(separator: " · "))</p>\n"
    }

    private func contents(_ headings: [Heading]) -> HTML {
        let shown = headings.filter { $0.level <= 3 }
        guard shown.count > 2 else { return "" }
        let items = shown.map { heading -> HTML in
            "<li class=\"level-\(heading.level)\"><a href=\"#\(text: heading.anchor)\">\(text: heading.text)</a></li>\n"
        }
        return "<nav aria-label=\"Contents\"><ul>\n\(items)</ul></nav>\n"
    }

    private func html(_ cell: Transcript.Cell) -> HTML {
        let words: [String] = [
            cell.isUndone ? "undone" : nil,
            cell.status == .ok ? nil : cell.status.rawValue,
        ].compactMap { $0 }
        let marks = words.map { HTML("<span class=\"mark\">\(text: $0)</span>") }
        let time = cell.time.map { time -> HTML in
            """
            <span class="time">\(text: Moment.time(time.started))\
            \(text: time.seconds >= 0.05 ? " · " + NumberFormat.duration(seconds: time.seconds) : "")</span>
            """
        }
        let error = cell.error.map { HTML("<pre class=\"error\">\(text: $0)</pre>\n") }
        let answer = HTMLRenderer().body(of: cell.outputs) + (error ?? "")
        return """
            <div class="cell\(text: words.map { " " + $0 }.joined())" id="cell-\(cell.number)">
            <div class="ask"><a class="number" href="#cell-\(cell.number)">[\(cell.number)]</a>\
            <pre><code>\(cell.sentence.html)</code></pre>\(marks)\(time ?? "")</div>
            \(answer.markup.isEmpty ? "" : "<div class=\"amp\">\n\(answer)</div>\n")\
            </div>

            """
    }

    private var provenance: HTML {
        guard !transcript.provenance.isEmpty else { return "" }
        let details = transcript.provenance.map { HTML("<dt>\(text: $0.name)</dt><dd>\(text: $0.value)</dd>\n") }
        return "<footer>\n<h2>What it rests on</h2>\n<dl>\n\(details)</dl>\n</footer>\n"
    }
}

extension SentenceText {
    fileprivate var html: HTML {
        parts.reduce(into: "") { html, part in
            html +=
                part.role == .plain
                ? HTML(text: part.text) : "<span class=\"s-\(text: part.role.rawValue)\">\(text: part.text)</span>"
        }
    }
}
