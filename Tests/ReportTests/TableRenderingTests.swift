import Report
import Testing

@Suite struct TableRenderingTests {
    @Test("figures stand under each other, the totals below a rule")
    func wide() {
        #expect(
            text(Samples.table, width: 80) == """
                widths
                layer     key        width     kept  parameters  compute (an image)
                ────────  ─────────  ─────  ───────  ──────────  ──────────────────
                layer 1   blocks.0   1,384  100.0 %      86.4 k         0.01 GFLOPs
                layer 12  blocks.11     96   25.0 %      1.35 M                   –
                ────────  ─────────  ─────  ───────  ──────────  ──────────────────
                all                  1,480   62.5 %      1.44 M         0.01 GFLOPs
                """)
    }

    @Test("columns marked wide go first, and the table says which")
    func narrow() {
        #expect(
            text(Samples.table, width: 60) == """
                widths
                layer     key        width     kept  parameters
                ────────  ─────────  ─────  ───────  ──────────
                layer 1   blocks.0   1,384  100.0 %      86.4 k
                layer 12  blocks.11     96   25.0 %      1.35 M
                ────────  ─────────  ─────  ───────  ──────────
                all                  1,480   62.5 %      1.44 M
                no room for: compute (an image)
                """)
        #expect(
            text(Samples.table, width: 40, unicode: false) == """
                widths
                layer     width     kept  parameters
                --------  -----  -------  ----------
                layer 1   1,384  100.0 %      86.4 k
                layer 12     96   25.0 %      1.35 M
                --------  -----  -------  ----------
                all       1,480   62.5 %      1.44 M
                no room for: key, compute (an image)
                """)
    }

    @Test("long texts are cut before figures are")
    func cut() {
        let table = Table(
            columns: [.init("name"), .number("top1")],
            rows: [["vision-transformer-模型-of-the-house", .percent(0.7)]])
        #expect(
            text(.table(table), width: 30) == "name                      top1\n" + """
                ──────────────────────  ──────
                vision-transformer-模…  70.0 %
                """)
    }

    @Test("with no room for its columns a table becomes blocks")
    func blocks() {
        #expect(
            text(Samples.table, width: 24) == """
                widths
                layer       layer 1
                key         blocks.0
                width       1,384
                kept        100.0 %
                parameters  86.4 k
                compute (…  0.01 GFLOPs

                layer       layer 12
                key         blocks.11
                width       96
                kept        25.0 %
                parameters  1.35 M
                compute (…  –

                layer       all
                width       1,480
                kept        62.5 %
                parameters  1.44 M
                compute (…  0.01 GFLOPs
                """)
    }

    @Test("wide characters keep the columns straight")
    func wideCharacters() {
        let table = Table(
            columns: [.init("class"), .number("images")],
            rows: [["模型", .count(7)], ["👍 yes", .count(1200)], ["cafe\u{301}", .count(30)]])
        let lines = TextRenderer().lines(of: .table(table))
        #expect(Set(lines.map(DisplayWidth.of)) == [14])
    }

    @Test("rows with too few or too many cells, and no columns or rows, are rendered")
    func ragged() {
        let table = Table(columns: [.init("a"), .init("b")], rows: [["1"], ["1", "2", "3"]])
        #expect(text(.table(table), width: 80) == "a  b\n─  ─\n1\n1  2")
        #expect(text(.table(Table(title: "none", columns: [])), width: 80) == "none")
        #expect(text(.table(Table(columns: [.init("a")])), width: 80) == "a\n─")
    }
}
