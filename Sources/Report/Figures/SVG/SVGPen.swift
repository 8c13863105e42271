/// Texts and lines of a picture in one theme, at one type size.
struct SVGPen: Sendable {
    var theme: SVGTheme
    /// The size of plain text, in pixels.
    var em: Double
    var markup = SVGMarkup()

    enum Anchor: String { case start, middle, end }

    init(theme: SVGTheme, em: Double) {
        self.theme = theme
        self.em = em
    }

    /// - Parameters:
    ///   - x: of the anchor.
    ///   - y: of the middle of the letters' height.
    ///   - size: beside the plain size.
    ///   - turned: in degrees, about the anchor.
    mutating func text(
        _ text: String, x: Double, y: Double, anchor: Anchor = .start, size: Double = 1, bold: Bool = false,
        ink: SVGTheme.Ink? = nil, turned: Double = 0
    ) {
        guard !text.isEmpty else { return }
        markup.element(
            "text", attributes(x, y, anchor, size, bold: bold, ink ?? theme.ink, turned), content: text)
    }

    mutating func text(
        _ label: TickLabel, x: Double, y: Double, anchor: Anchor, size: Double = 1, ink: SVGTheme.Ink? = nil,
        turned: Double = 0
    ) {
        switch label {
        case .text(let text): self.text(text, x: x, y: y, anchor: anchor, size: size, ink: ink, turned: turned)
        case .power(let mantissa, let exponent):
            let raised = exponent < 0 ? "−\(exponent.magnitude)" : String(exponent)
            let (shift, small) = (SVGMarkup.number(-0.42 * em * size), SVGMarkup.number(0.72 * em * size))
            markup.element(
                "text", attributes(x, y, anchor, size, bold: false, ink ?? theme.ink, turned),
                markup: SVGMarkup.escaped(TickLabel.factor(mantissa))
                    + "10<tspan dy=\"\(shift)\" font-size=\"\(small)\">\(raised)</tspan>")
        }
    }

    mutating func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, ink: SVGTheme.Ink, width: Double = 1, dash: String = ""
    ) {
        markup.element(
            "line",
            [("x1", n(x1)), ("y1", n(y1)), ("x2", n(x2)), ("y2", n(y2))] + ink.stroke + stroke(width, dash))
    }

    mutating func path(_ path: String, ink: SVGTheme.Ink, width: Double, dash: String = "", filled: Bool = false) {
        guard !path.isEmpty else { return }
        markup.element(
            "path",
            [("d", path)] + (filled ? ink.fill : [("fill", "none")] + ink.stroke)
                + (filled ? [] : stroke(width, dash) + [("stroke-linejoin", "round"), ("stroke-linecap", "round")]))
    }

    mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: SVGTheme.Ink) {
        guard width > 0, height > 0 else { return }
        markup.element(
            "rect", [("x", n(x)), ("y", n(y)), ("width", n(width)), ("height", n(height))] + fill.fill)
    }

    func n(_ value: Double) -> String { SVGMarkup.number(value) }

    private func stroke(_ width: Double, _ dash: String) -> SVGMarkup.Attributes {
        [("stroke-width", n(width))] + (dash.isEmpty ? [] : [("stroke-dasharray", dash)])
    }

    private func attributes(
        _ x: Double, _ y: Double, _ anchor: Anchor, _ size: Double, bold: Bool, _ ink: SVGTheme.Ink, _ turned: Double
    ) -> SVGMarkup.Attributes {
        // Half of a capital's height below the middle; not every renderer knows dominant-baseline.
        let baseline = y + (turned == 0 ? 0.36 * em * size : 0)
        var result: SVGMarkup.Attributes = [("x", n(x)), ("y", n(baseline))]
        if anchor != .start { result.append(("text-anchor", anchor.rawValue)) }
        if size != 1 { result.append(("font-size", n(em * size))) }
        if bold { result.append(("font-weight", "600")) }
        if turned != 0 { result.append(("transform", "rotate(\(n(turned)) \(n(x)) \(n(y)))")) }
        return result + ink.fill
    }
}
