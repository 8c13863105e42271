extension HTMLRenderer {
    func html(_ figure: Figure) -> HTML {
        let caption = figure.caption.map { HTML("<figcaption>\($0)</figcaption>") } ?? ""
        return "<figure class=\"amp-figure\">\(HTML(markup: figure.svg))\(caption)</figure>\n"
    }
}

extension Figure {
    /// The figure as documents have it, in the colours of the page around it.
    var svg: String { "" }
}
