extension HTMLRenderer {
    func html(_ figure: Figure) -> HTML {
        let caption = figure.caption.map { HTML(" \($0)") } ?? ""
        return "<figure class=\"amp-figure\"><figcaption><b>\(figure.title)</b>\(caption)</figcaption></figure>\n"
    }
}
