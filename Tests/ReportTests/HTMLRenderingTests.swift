import Report
import Testing

@Suite("Outputs as a piece of a page")
struct HTMLRenderingTests {
    @Test("bring their style, and take nothing from elsewhere")
    func selfContained() {
        let html = HTMLRenderer().render(Samples.all)
        #expect(html.hasPrefix("<div class=\"amp\"><style>") && html.hasSuffix("</div>"))
        for foreign in ["<script", "<link", "http", "url(", "@import", "<img"] { #expect(!html.contains(foreign)) }
        #expect(HTMLRenderer().render([]) == "")
        #expect(HTMLRenderer().render(Samples.all) == html)
    }

    @Test("styles say what they mean, whatever a sheet makes of them")
    func styles() {
        let html = body(
            .line(
                "\(name: "vit"): \(strong: "x") \(key: "blocks.1") \(good: "yes") \(bad: "no") \(faint: "so") \(count: 1000)"
            ))
        #expect(
            html == """
                <p><strong class="amp-name">vit</strong>: <strong>x</strong> <code>blocks.1</code> \
                <span class="amp-good">yes</span> <span class="amp-bad">no</span> <span class="amp-faint">so</span> \
                1,000</p>

                """)
        #expect(body(.note("n")) == "<p class=\"amp-note\"><b>note:</b> n</p>\n")
        #expect(
            body(Samples.warning).hasSuffix(
                "changed at [7]<br><b>hint:</b> score entropy   (or: undo)</p>\n"))
        #expect(body(.line("a\n  b")) == "<pre>a\n  b</pre>\n")
    }

    @Test(
        "a label is never markup",
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("a\"b'c&d", "a&quot;b&#39;c&amp;d"),
            ("\u{1B}[31m\u{202E}x", "\u{FFFD}[31m\u{FFFD}x"), ("größe 語", "größe 語"),
        ])
    func escaping(label: String, expected: String) {
        let text = StyledText(label)
        let layer = SearchTrace.Layer(
            number: 1, key: label, widthBefore: 4, widthAfter: 2, tries: [], entropyBefore: 1, entropyAfter: 1)
        let outputs: [Output] = [
            .line(text), .note(text), .warning(text, hint: text), .status(text),
            .table(
                Table(
                    title: text, columns: [.init(label, unit: label), .init("x")], rows: [[.init(text), .init(text)]],
                    footer: [.init(text)])),
            .bars(Bars(title: text, bars: [.init(text, value: 1, text: text)])), .trace(SearchTrace(layers: [layer])),
            .figure(
                Figure(
                    kind: "x", title: label, caption: text,
                    panels: [.chart(Chart(title: label, x: .init(label), y: .init(label), series: []))])),
        ]
        for output in outputs {
            let html = body(output)
            #expect(html.contains(expected), "\(html)")
            #expect(!html.contains("<script") && !html.contains("\u{1B}") && !html.contains("\u{202E}"), "\(html)")
        }
    }

    @Test("a table has headings of columns and rows, figures at the right, a footer, no cell too many")
    func table() {
        let html = body(Samples.table)
        #expect(html.contains("<caption>widths</caption>"))
        #expect(html.contains("<th scope=\"col\">layer</th>"))
        #expect(
            html.contains(
                "<th scope=\"col\" class=\"amp-right\">compute <span class=\"amp-faint\">(an image)</span></th>"))
        #expect(
            html.contains(
                """
                <tr><th scope="row">layer 1</th><td><code>blocks.0</code></td><td class="amp-right">1,384</td>
                """))
        #expect(html.contains("<tfoot><tr><th scope=\"row\">all</th>"))
        let ragged = Table(columns: [.init("a"), .init("b")], rows: [["x"], ["x", "y", "z"]])
        #expect(body(.table(ragged)).components(separatedBy: "<td").count == 3)
        #expect(!body(.table(ragged)).contains("z"))
        #expect(!body(.table(Table(columns: [.init(""), .init("")], rows: [["x", "y"]]))).contains("<thead>"))
        #expect(body(.table(Table(title: "t", columns: []))) == "<p>t</p>\n")
    }

    @Test("bars are as long as what they stand for, and are read from the figures beside them")
    func bars() {
        let html = body(Samples.bars)
        #expect(
            html.contains(
                "<rect class=\"amp-before\" width=\"100.00\" height=\"10\"/><rect class=\"amp-bar\" width=\"26.04\""))
        #expect(html.contains("<td class=\"amp-right\">384 → 100</td>"))
        // A bar of one in 384 is still seen.
        #expect(html.contains("width=\"0.50\""))
        #expect(html.contains("aria-hidden=\"true\""))
    }

    @Test("values without a length draw no bar", arguments: [Double.nan, -1, .infinity, 0])
    func strange(value: Double) {
        let html = body(.bars(Bars(bars: [.init("x", value: value, before: value, maximum: value, text: "?")])))
        #expect(html.contains("<rect class=\"amp-bar\" width=\"0"))
        #expect(!html.contains("nan") && !html.contains("inf"))
    }

    @Test("a search is drawn as the interval that each try halves")
    func trace() {
        let html = body(Samples.trace)
        #expect(html.contains("<td class=\"amp-right\">384 → <strong>96</strong></td>"))
        #expect(
            html.contains("<span class=\"amp-try amp-good\">192 ✓</span><span class=\"amp-try amp-good\">96 ✓</span>"))
        // The first try halves all of 384; the second, what is left of it: 4 + 112/2 = 60.
        #expect(html.contains("d=\"M4.0 4.0H116.0\"/><circle class=\"amp-accepted\" cx=\"60.0\" cy=\"4.0\""))
        #expect(html.contains("d=\"M4.0 9.0H60.0\"/><circle class=\"amp-accepted\" cx=\"32.0\" cy=\"9.0\""))
        #expect(body(.trace(SearchTrace())) == "")
    }

    private func body(_ output: Output) -> String {
        let html = HTMLRenderer().render([output])
        guard let start = html.range(of: "</style>") else { return html }
        return String(html[start.upperBound...].dropLast("</div>".count))
    }
}
