import Foundation

extension HTMLRenderer {
    func html(_ figure: Figure) -> HTML {
        let caption = figure.caption.map { HTML("<figcaption>\($0.html)</figcaption>") } ?? ""
        // Narrower than a page is wide: its type grows with it there, and can still be read on a phone.
        let width = figure.columns > 1 && figure.panels.count > 1 ? 720.0 : 480
        let picture = HTML(markup: SVGRenderer(width: width, theme: .page).render(figure))
        return "<figure class=\"amp-figure\">\(picture)\(caption)</figure>\n"
    }
}

extension Figure {
    /// The figure as a picture of its own, which takes no colours from what is around it.
    var picture: String { SVGRenderer(theme: .paper).render(self) }

    /// The figure as an image that needs no file, with its caption.
    var imageInPage: HTML {
        let data = Data(picture.utf8).base64EncodedString()
        let caption = caption.map { HTML("<figcaption>\($0.html)</figcaption>") } ?? ""
        return
            "<figure><img alt=\"\(text: title)\" src=\"data:image/svg+xml;base64,\(text: data)\"/>\(caption)</figure>\n"
    }
}
