import Foundation
import Report
import Testing

@Suite("What is written around sentences")
struct ProseTests {
    @Test(
        "becomes headings, paragraphs, lists and examples",
        arguments: [
            ("one\ntwo\n\nthree", "<p>one\ntwo</p>\n<p>three</p>\n"),
            ("- a\n- b\n  more\n\ntext", "<ul><li>a</li><li>b\nmore</li></ul>\n<p>text</p>\n"),
            (
                "say:\n\n    amp run x\n    amp\n\nso",
                "<p>say:</p>\n<pre><code>amp run x\namp</code></pre>\n<p>so</p>\n"
            ),
            ("```\na < b\n```", "<pre><code>a &lt; b</code></pre>\n"),
            ("```\nnever closed", "<pre><code>never closed</code></pre>\n"),
            ("## Two\ntext", "<h2 id=\"on-two\">Two</h2>\n<p>text</p>\n"),
            ("#no heading", "<p>#no heading</p>\n"),
            // No level is skipped, and no two places have one name.
            ("#### Deep\n\n# Deep", "<h2 id=\"on-deep\">Deep</h2>\n<h2 id=\"on-deep-2\">Deep</h2>\n"),
        ])
    func blocks(text: String, expected: String) { #expect(said(text) == expected) }

    @Test(
        "knows code, stress and links, and leaves everything else as it is",
        arguments: [
            ("`a*b*c` and **strong** and *so*", "<code>a*b*c</code> and <strong>strong</strong> and <em>so</em>"),
            ("3*4*5 and 2 * 3 * 4 and a_b_c", "3*4*5 and 2 * 3 * 4 and a_b_c"), ("*open and `open", "*open and `open"),
            ("**a *b***", "<strong>a *b</strong>*"), ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
            ("[t](https://a.b/c?d=1&e)", "<a href=\"https://a.b/c?d=1&amp;e\">t</a>"),
            ("[t](other.md)", "<a href=\"other.md\">t</a>"),
            ("[t](javascript:alert%281%29)", "[t](javascript:alert%281%29)"),
            ("[t](JAVASCRIPT:x) [t](data:text/html,x)", "[t](JAVASCRIPT:x) [t](data:text/html,x)"),
            ("layers 1..6 [see]", "layers 1..6 [see]"),
        ])
    func spans(text: String, expected: String) { #expect(said(text) == "<p>\(expected)</p>\n") }

    /// What a page has of the text.
    private func said(_ text: String) -> String {
        let cell = Transcript.Cell(number: 1, opening: Prose(text), sentence: SentenceText("help"))
        // A first line for the title, which is taken out of the text.
        var transcript = Transcript(title: "t", cells: [cell])
        transcript.cells[0].opening = Prose("# Title\n") + Prose(text)
        let page = HTMLDocument(transcript, generator: "amp").text
        guard let start = page.range(of: "</header>\n"), let end = page.range(of: "<div class=\"cell\"") else {
            return page
        }
        return String(page[start.upperBound..<end.lowerBound])
    }
}
