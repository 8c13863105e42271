extension HTMLRenderer {
    func html(_ trace: SearchTrace) -> HTML {
        guard !trace.layers.isEmpty else { return "" }
        let steps = trace.layers.reduce(trace.steps) { max($0, $1.tries.count) }
        return """
            <div class="amp-scroll"><table class="amp-table amp-trace"><thead><tr><th scope="col">layer</th>\
            <th scope="col" class="amp-right">width</th><th scope="col" class="amp-drawing">bisection</th>\
            <th scope="col">tries</th>\
            <th scope="col">entropy <span class="amp-faint">(nats)</span></th></tr></thead>\
            <tbody>\(trace.layers.map { row($0, steps: steps) })</tbody></table></div>

            """
    }

    private func row(_ layer: SearchTrace.Layer, steps: Int) -> HTML {
        let tries = layer.tries.map { attempt -> HTML in
            switch attempt.verdict {
            case .accepted: "<span class=\"amp-try amp-good\">\(attempt.width) ✓</span>"
            case .rejected: "<span class=\"amp-try amp-bad\">\(attempt.width) ✗</span>"
            }
        }
        let entropies = [layer.entropyBefore, layer.entropyAfter].map(NumberFormat.entropy).joined(separator: " → ")
        return """
            <tr><th scope="row">\(layer.label.oneLine.html)</th>\
            <td class="amp-right">\(layer.widthBefore) → <strong>\(layer.widthAfter)</strong></td>\
            <td class="amp-drawing">\(drawing(of: layer, steps: steps))</td>\
            <td>\(tries)</td><td>\(text: entropies)</td></tr>

            """
    }

    /// A line for each try, from the top: the interval it halves, and the width it tried.
    private func drawing(of layer: SearchTrace.Layer, steps: Int) -> HTML {
        let full = Double(max(layer.widthBefore, 1))
        func place(_ width: Int) -> Double { 4 + 112 * min(max(Double(width) / full, 0), 1) }
        func figure(_ value: Double) -> HTML { HTML(text: NumberFormat.fixed(value, digits: 1)) }
        var (low, high) = (0, layer.widthBefore)
        var drawing = HTML("")
        for (index, attempt) in layer.tries.enumerated() {
            let (x, y) = (place(attempt.width), Double(5 * index + 4))
            drawing += """
                <path class="amp-interval" d="M\(figure(place(low))) \(figure(y))H\(figure(place(high)))"/>
                """
            switch attempt.verdict {
            case .accepted:
                drawing += "<circle class=\"amp-accepted\" cx=\"\(figure(x))\" cy=\"\(figure(y))\" r=\"2.2\"/>"
                high = attempt.width
            case .rejected:
                drawing += """
                    <path class="amp-rejected" d="M\(figure(x - 2)) \(figure(y - 2))l4 4m0 -4l-4 4"/>
                    """
                low = attempt.width
            }
        }
        let height = 5 * max(steps, 1) + 3
        return """
            <svg viewBox="0 0 120 \(height)" width="120" height="\(height)" aria-hidden="true">\(drawing)</svg>
            """
    }
}
