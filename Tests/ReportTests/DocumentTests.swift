import Foundation
import Report
import Testing

@Suite("Transcripts")
struct DocumentTests {
    private static let start = Date(timeIntervalSince1970: 1_790_000_000)

    /// A lesson with an answer of every kind, a failure and something that was taken back.
    static let transcript = Transcript(
        title: "session", provenance: [.init("model vit", "a|b <c>.safetensors, SHA-256 0f")],
        cells: [
            .init(
                number: 1, opening: Prose("# A *small* lesson\n\nWhat a model is.\n\n## First"),
                sentence: SentenceText([
                    .init("load", role: .verb), .init(" ", role: .plain), .init("\"<vit>\"", role: .string),
                ]), outputs: Samples.all, time: .init(started: start, seconds: 0.02)),
            .init(
                number: 2, sentence: SentenceText("prune"), isUndone: true, outputs: [.line("pruned")],
                time: .init(started: start.addingTimeInterval(60), seconds: 3.14)),
            .init(
                number: 4, opening: Prose("## Then"),
                sentence: SentenceText("for e in 1, 2 {\n  search all within $e\n}"),
                status: .failed, outputs: [.line("```")], error: "error: no <model>\n  search\n  ^",
                time: .init(started: start.addingTimeInterval(90_000), seconds: 0.1)),
        ], closing: Prose("## The end\n\nThat was it."))

    @Test("a page has a title, contents, text, cells and what it rests on, and no script")
    func page() {
        let page = HTMLDocument(Self.transcript, generator: "amp 0.1.0").text
        #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
        #expect(page.contains("<title>A small lesson</title>"))
        #expect(page.components(separatedBy: "<h1>").count == 2)
        #expect(page.contains("<h1>A <em>small</em> lesson</h1>"))
        #expect(page.contains("<p class=\"byline\">2026-09-21 to 2026-09-22 · 3 cells · amp 0.1.0</p>"))
        #expect(page.contains("<li class=\"level-2\"><a href=\"#on-the-end\">The end</a></li>"))
        #expect(
            page.contains(
                "<code><span class=\"s-verb\">load</span> <span class=\"s-string\">&quot;&lt;vit&gt;&quot;</span></code>"
            ))
        #expect(page.contains("<dt>model vit</dt><dd>a|b &lt;c&gt;.safetensors, SHA-256 0f</dd>"))
        #expect(page.contains("<p>That was it.</p>"))
        for foreign in ["<script", "<link", "http", "url(", "@import"] { #expect(!page.contains(foreign)) }
        #expect(HTMLDocument(Self.transcript, generator: "amp 0.1.0").text == page)
    }

    @Test("a page shows what was taken back, what failed and why, and when the day changed")
    func outcomes() {
        let page = HTMLDocument(Self.transcript, generator: "amp").text
        #expect(page.contains("<div class=\"cell undone\" id=\"cell-2\">"))
        #expect(page.contains("<span class=\"mark\">undone</span><span class=\"time\">"))
        #expect(page.contains("<div class=\"cell failed\" id=\"cell-4\">"))
        #expect(page.contains("<pre class=\"error\">error: no &lt;model&gt;\n  search\n  ^</pre>"))
        #expect(page.contains("<p class=\"day\">2026-09-22</p>"))
        #expect(page.contains(" · 3.1 s</span>"))
    }

    @Test("without times nothing is said of when")
    func timeless() {
        var transcript = Self.transcript
        for index in transcript.cells.indices { transcript.cells[index].time = nil }
        let page = HTMLDocument(transcript, generator: "amp").text
        #expect(!page.contains("2026") && !page.contains("class=\"time\"") && !page.contains("class=\"day\""))
        #expect(!NotebookDocument(transcript, version: "1").text.contains("2026"))
    }

    @Test("Markdown is the text as written, cells as a terminal shows them")
    func markdown() {
        let text = MarkdownDocument(Self.transcript).text
        #expect(
            text.hasPrefix(
                """
                # A *small* lesson

                What a model is.

                ## First

                ```text
                [1] load "<vit>"
                    vit: timm vision transformer, 12 blocks, width 96 · 1.35 M parameters (67 %
                """))
        #expect(text.contains("[2] prune\n    pruned\n    undone\n```"))
        // What looks like a fence in an answer is none.
        #expect(
            text.contains(
                """
                ````text
                [4] for e in 1, 2 {
                      search all within $e
                    }
                    ```
                    error: no <model>
                      search
                      ^
                ````
                """))
        #expect(text.hasSuffix("- model vit: a\\|b \\<c\\>.safetensors, SHA-256 0f\n"))
    }

    @Test("a notebook has the text and the sentences in cells, answers as text and as page, failures as errors")
    func notebook() throws {
        let text = NotebookDocument(Self.transcript, version: "0.1.0").text
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(json["nbformat"] as? Int == 4 && json["nbformat_minor"] as? Int == 5)
        let cells = try #require(json["cells"] as? [[String: Any]])
        #expect(
            cells.compactMap { $0["id"] as? String } == [
                "title", "text-1", "cell-1", "cell-2", "text-4", "cell-4", "closing", "provenance",
            ])
        let first = try #require(cells[2]["outputs"] as? [[String: Any]])
        #expect(first.count == 1)
        let data = try #require(first[0]["data"] as? [String: [String]])
        #expect(data["text/plain"]?.first?.hasPrefix("vit: timm vision transformer") == true)
        #expect(data["text/html"]?.first?.hasPrefix("<div class=\"amp\">") == true)
        #expect(cells[5]["source"] as? [String] == ["for e in 1, 2 {\n", "  search all within $e\n", "}"])
        let error = try #require((cells[5]["outputs"] as? [[String: Any]])?.last)
        #expect(error["output_type"] as? String == "error" && error["evalue"] as? String == "error: no <model>")
        #expect((cells[3]["metadata"] as? [String: Any])?["tags"] as? [String] == ["undone"])
    }

    @Test("a notebook's figures are images, which are seen in notebooks that nobody has trusted yet")
    func notebookFigure() throws {
        let chart = Chart(
            x: Chart.Axis("x"), y: Chart.Axis("y"), series: [Chart.Series("a", mark: .line, points: [.init(1, 2)])])
        let figure = Figure(kind: "search", title: "<b>", caption: "what it shows", panels: [.chart(chart)])
        let cell = Transcript.Cell(number: 1, sentence: SentenceText("plot search"), outputs: [.figure(figure)])
        let text = NotebookDocument(Transcript(title: "t", cells: [cell]), version: "1").text
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let outputs = try #require((json["cells"] as? [[String: Any]])?[1]["outputs"] as? [[String: Any]])
        let data = try #require(outputs.first?["data"] as? [String: [String]])
        let page = try #require(data["text/html"]?.joined())
        #expect(page.hasPrefix("<figure><img alt=\"&lt;b&gt;\" src=\"data:image/svg+xml;base64,"))
        #expect(page.contains("<figcaption>what it shows</figcaption>"))
        #expect(data["image/svg+xml"]?.first?.hasPrefix("<svg") == true)
        #expect(data["text/plain"] != nil)
    }

    @Test("a transcript of nothing is a document too")
    func empty() throws {
        let nothing = Transcript(title: "session", cells: [])
        #expect(HTMLDocument(nothing, generator: "amp").text.contains("<p class=\"byline\">0 cells · amp</p>"))
        #expect(MarkdownDocument(nothing).text == "# session\n")
        #expect(NotebookDocument(nothing, version: "1").text.contains("\"# session\""))
    }
}
