import Report
import Testing

@Suite struct SVGRenderingTests {
    @Test("a picture stands alone: well-formed, named, sized, without scripts or anything from elsewhere")
    func alone() throws {
        for figure in FigureSamples.all {
            for theme in SVGTheme.allCases {
                let text = SVGRenderer(theme: theme).render(figure)
                let svg = SVGReading(text)
                #expect(svg.isWellFormed)
                let root = try #require(svg.elements.first)
                #expect(root.name == "svg")
                #expect(root.attributes["role"] == "img")
                #expect(root.attributes["viewBox"] == "0 0 640 \(root.attributes["height"] ?? "")")
                #expect(svg.all("title").first?.text == figure.title)
                #expect(svg.all("desc").first?.text.isEmpty == false)
                #expect(svg.all("script").isEmpty && svg.all("style").isEmpty)
                let places = svg.elements.compactMap { $0.attributes["href"] }
                #expect(places.allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("data:image/png;base64,") })
                #expect(!text.contains("nan") && !text.contains("inf\""))
            }
        }
    }

    @Test("everything is inside the picture", arguments: [200, 320, 640, 1200] as [Double])
    func inside(width: Double) throws {
        for figure in FigureSamples.all {
            let picture = SVGRenderer(width: width).picture(of: figure)
            for point in SVGReading(picture.text).points {
                #expect(
                    point.x >= -0.5 && point.x <= picture.width + 0.5 && point.y >= -0.5
                        && point.y <= picture.height + 0.5, "\(figure.kind) \(point)")
            }
        }
    }

    @Test("the same figure is the same text")
    func deterministic() {
        for figure in FigureSamples.all {
            #expect(SVGRenderer().render(figure) == SVGRenderer().render(figure))
        }
    }

    @Test("pictures on one page do not share identifiers")
    func identifiers() {
        let figures = [
            FigureSamples.similarity(4, thumbnails: ["iVBORw0KGgo=", "AAAA"]),
            FigureSamples.similarity(5, thumbnails: ["iVBORw0KGgo=", "AAAA"]),
        ]
        let identifiers = figures.map { figure in
            SVGReading(SVGRenderer().render(figure)).elements.compactMap { $0.attributes["id"] }
        }
        #expect(identifiers.map(\.count) == [2, 2])
        #expect(Set(identifiers.joined()).count == 4)
    }

    @Test("a thumbnail is in the picture once, and only if it is base 64")
    func thumbnails() {
        let svg = SVGReading(SVGRenderer().render(FigureSamples.all[8]))
        #expect(svg.all("image").count == 1)
        // Two of four images are pictures, at two sides of two matrices.
        #expect(svg.all("use").count == 8)
    }

    @Test("on a page a picture has the page's ink and ground, in a file black and white")
    func themes() {
        let page = SVGRenderer(theme: .page).render(FigureSamples.search)
        #expect(page.contains("currentColor"))
        #expect(!page.contains("#ffffff") && !page.contains("#111111"))
        let paper = SVGRenderer(theme: .paper).render(FigureSamples.search)
        #expect(paper.contains("#ffffff") && paper.contains("#111111"))
        #expect(!paper.contains("currentColor"))
    }

    @Test("units, names, guides and numbered tries can be read in it")
    func words() {
        let texts = SVGReading(SVGRenderer().render(FigureSamples.search)).all("text").map(\.text)
        for word in ["entropy (nats)", "width (neurons)", "accepted", "rejected", "limit", "before", "1", "6"] {
            #expect(texts.contains(word), "\(word)")
        }
        #expect(!texts.contains("Entropy at every width that was tried."))
        let captioned = SVGReading(SVGRenderer(showsCaption: true).render(FigureSamples.search))
        #expect(captioned.all("text").map(\.text).contains("Entropy at every width that was tried."))
    }

    @Test("panels with the same axes have their titles once")
    func shared() {
        let texts = SVGReading(SVGRenderer().render(FigureSamples.searches)).all("text").map(\.text)
        #expect(texts.count { $0 == "entropy (nats)" } == 1)
        #expect(texts.count { $0 == "width (neurons)" } == 1)
        #expect(texts.count { $0 == "accepted" } == 1)
        #expect(texts.count { $0.hasPrefix("layer ") } == 4)
    }

    @Test("more lines than colours run from one colour to another, and only the ends are named")
    func many() {
        let figure = Figure(
            kind: "scores", title: "all layers",
            panels: [
                .chart(
                    Chart(
                        x: .init("rank"), y: .init("importance", scale: .logarithmic),
                        series: (0..<40).map { layer in
                            .init(
                                "layer \(layer + 1)", mark: .line, tone: .number(layer),
                                points: FigureSamples.decay(1000, by: 0.99 + 0.0001 * Double(layer)))
                        }))
            ])
        let text = SVGRenderer().render(figure)
        let names = SVGReading(text).all("text").map(\.text).filter { $0.hasPrefix("layer") }
        #expect(names == ["layer 1", "layer 40"])
        // Points closer than a pixel are not all written.
        #expect(text.utf8.count < 600_000)
    }

    @Test("no figure is too strange to be drawn")
    func strange() {
        for seed in 0..<30 as Range<UInt64> {
            let figure = FigureSamples.strange(seed: seed)
            let width = [Double.nan, -5, 0, 160, 640, 1e9][Int(seed % 6)]
            let text = SVGRenderer(width: width, theme: seed % 2 == 0 ? .page : .paper).render(figure)
            let svg = SVGReading(text)
            #expect(svg.isWellFormed, "seed \(seed)")
            #expect(svg.all("script").isEmpty, "seed \(seed)")
        }
    }
}
