/// Room around a panel's plot for titles, ticks and bars of colour, in pixels.
struct PanelMargins: Sendable, Hashable {
    var left = 0.0
    var right = 0.0
    var top = 0.0
    var bottom = 0.0
}

/// Where a plot is, in pixels from the top left corner of the picture.
struct PanelFrame: Sendable, Hashable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }
}

/// What one panel of a picture needs and how it is drawn.
protocol PanelDrawing: Sendable {
    /// - Parameter width: of the plot, as far as it is known.
    func margins(width: Double) -> PanelMargins
    /// Of the plot, at a width of it.
    func height(width: Double) -> Double
    func draw(in frame: PanelFrame, with pen: inout SVGPen)
}
