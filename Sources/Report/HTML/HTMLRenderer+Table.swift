extension HTMLRenderer {
    /// Longer texts are broken over lines.
    private static let longestLine = 32

    func html(_ table: Table) -> HTML {
        let caption = table.title.map { HTML("<caption>\($0.html)</caption>") } ?? ""
        guard !table.columns.isEmpty else {
            return table.title.map { "<p>\($0.html)</p>\n" } ?? ""
        }
        let rows = table.rows.map { row($0, of: table.columns, isFooter: false) }
        let footer = table.footer.map { HTML("<tfoot>\(row($0, of: table.columns, isFooter: true))</tfoot>") } ?? ""
        return """
            <div class="amp-scroll"><table class="amp-table">\(caption)\(head(table.columns))\
            <tbody>\(rows)</tbody>\(footer)</table></div>

            """
    }

    private func head(_ columns: [Table.Column]) -> HTML {
        // Tables of names and values have no titles.
        guard columns.contains(where: { !$0.title.isEmpty }) else { return "" }
        let cells = columns.map { column -> HTML in
            let unit = column.unit.map { HTML(" <span class=\"amp-faint\">(\(text: $0))</span>") } ?? ""
            return "<th scope=\"col\"\(alignment(column))>\(text: column.title)\(unit)</th>"
        }
        return "<thead><tr>\(cells)</tr></thead>"
    }

    /// The first cell is the row's heading, unless it is a figure.
    private func row(_ cells: [Table.Cell], of columns: [Table.Column], isFooter: Bool) -> HTML {
        let html = columns.indices.map { index -> HTML in
            let text = cells.indices.contains(index) ? cells[index].text.oneLine : StyledText()
            if index == 0, columns[index].alignment == .left {
                return "<th scope=\"row\"\(alignment(columns[index], of: text))>\(text.html)</th>"
            }
            return "<td\(alignment(columns[index], of: text))>\(text.html)</td>"
        }
        return "<tr>\(html)</tr>\n"
    }

    private func alignment(_ column: Table.Column, of text: StyledText = StyledText()) -> HTML {
        switch column.alignment {
        case .right: " class=\"amp-right\""
        case .left: text.width > Self.longestLine ? " class=\"amp-long\"" : ""
        }
    }
}
