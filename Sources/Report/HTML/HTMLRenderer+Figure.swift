extension HTMLRenderer {
    func html(_ figure: Figure) -> HTML {
        let caption = figure.caption.map { HTML("<figcaption>\($0)</figcaption>") } ?? ""
        let picture = HTML(markup: SVGRenderer(theme: .page).render(figure))
        return "<figure class=\"amp-figure\">\(picture)\(caption)</figure>\n"
    }
}

extension Figure {
    /// The figure as a picture of its own, which takes no colours from what is around it.
    var picture: String { SVGRenderer(theme: .paper).render(self) }
}
