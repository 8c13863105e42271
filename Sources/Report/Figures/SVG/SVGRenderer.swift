/// Renders figures as SVG pictures that stand alone; the same figure always gives the same text.
///
/// There is no script, no style sheet and no font in them, and nothing comes from elsewhere.
package struct SVGRenderer: Sendable, Hashable {
    /// Of the picture in pixels, from 160 to 4000; type grows with it.
    package var width: Double
    package var theme: SVGTheme
    /// The caption under the picture; a page writes it itself.
    package var showsCaption: Bool

    package init(width: Double = 640, theme: SVGTheme = .page, showsCaption: Bool = false) {
        self.width = width.isFinite ? min(max(width, 160), 4000) : 640
        self.theme = theme
        self.showsCaption = showsCaption
    }

    package func render(_ figure: Figure) -> String { picture(of: figure).text }

    /// The same with its size.
    package func picture(of figure: Figure) -> SVGPicture {
        let columns = columns(of: figure)
        let em = em(columns: columns)
        var pen = SVGPen(theme: theme, em: em)
        var store = Thumbnails.Store(prefix: figure.identifier)
        let grid = PanelGrid(figure, columns: columns, width: width, theme: theme, em: em, thumbnails: &store)

        var y = 0.4 * em
        for line in TextMetrics.lines(figure.title, width: width / em / Self.titleSize / 1.05) {
            pen.text(line, x: 0.4 * em, y: y + 0.75 * Self.titleSize * em, size: Self.titleSize, bold: true)
            y += 1.4 * Self.titleSize * em
        }
        y += grid.draw(y: y, with: &pen)
        if showsCaption, let caption = figure.caption?.plain {
            y += 0.3 * em
            for line in TextMetrics.lines(caption, width: width / em - 1) {
                pen.text(line, x: 0.4 * em, y: y + 0.7 * em, size: 0.95, ink: theme.quiet)
                y += 1.35 * em
            }
        }
        let height = (y + 0.4 * em).rounded(.up)
        let text = document(figure, height: height, store: store, body: pen.markup, em: em)
        return SVGPicture(text: text, width: width, height: height)
    }

    private static let titleSize = 1.12

    /// Type of a picture with one panel can be read at the width of a paper's column; of several, at its whole width.
    private func em(columns: Int) -> Double {
        (width / 640).squareRoot() * (columns == 1 ? 16 : columns == 2 ? 14 : 11.5)
    }

    private func columns(of figure: Figure) -> Int {
        let wanted = min(max(figure.columns, 1), max(figure.panels.count, 1), 8)
        // A panel needs about a dozen letters of room.
        return (1...wanted).last { width / Double($0) >= 11 * em(columns: $0) } ?? 1
    }

    private func document(
        _ figure: Figure, height: Double, store: Thumbnails.Store, body: SVGMarkup, em: Double
    ) -> String {
        let (w, h) = (SVGMarkup.number(width), SVGMarkup.number(height))
        var markup = SVGMarkup()
        markup.begin(
            "svg",
            [
                ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", "0 0 \(w) \(h)"), ("width", w), ("height", h),
                ("role", "img"), ("font-family", "Helvetica, Arial, 'Liberation Sans', sans-serif"),
                ("font-size", SVGMarkup.number(em)),
            ] + (theme == .paper ? [("color", "#111111")] : []))
        markup.element("title", [], content: figure.title)
        markup.element("desc", [], content: figure.spoken)
        if let ground = theme.ground {
            markup.element("rect", [("width", w), ("height", h)] + ground.fill)
        }
        store.define(in: &markup)
        markup.append(body)
        markup.end()
        return markup.text
    }
}

/// A picture as SVG text, with its size in pixels.
package struct SVGPicture: Sendable, Hashable {
    package let text: String
    package let width: Double
    package let height: Double
}

extension Figure {
    /// The picture in words.
    fileprivate var spoken: String {
        let parts = panels.map { panel -> String in
            switch panel {
            case .chart(let chart):
                let names = chart.series.compactMap(\.name).prefix(20).joined(separator: ", ")
                return [chart.title, "\(chart.y.heading) against \(chart.x.heading)", names.isEmpty ? nil : names]
                    .compactMap { $0 }.joined(separator: ": ")
            case .matrix(let matrix):
                return [matrix.title, "\(matrix.rows) × \(matrix.columns) values of \(matrix.scale.title)"]
                    .compactMap { $0 }.joined(separator: ": ")
            }
        }
        return ([caption?.plain].compactMap { $0 } + parts).joined(separator: " · ")
    }

    /// Another for another figure: FNV-1a over what it shows.
    fileprivate var identifier: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ bytes: some Sequence<UInt8>) {
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        add((kind + "\n" + title).utf8)
        for case .matrix(let matrix) in panels {
            add((matrix.title ?? "").utf8)
            for thumbnail in matrix.thumbnails { add(thumbnail.utf8) }
            for value in matrix.values.prefix(4096) { withUnsafeBytes(of: value.bitPattern.littleEndian, add) }
        }
        return "amp" + String(hash, radix: 36)
    }
}
