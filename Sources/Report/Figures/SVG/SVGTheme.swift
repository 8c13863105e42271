/// The inks of a picture.
package enum SVGTheme: String, Sendable, Hashable, CaseIterable {
    /// For inside a page: the page's text colour on the page's ground, light or dark.
    case page
    /// For a file: black on white.
    case paper

    /// A colour and how much of it covers.
    struct Ink: Sendable, Hashable {
        var colour: String
        var opacity: Double = 1

        var stroke: SVGMarkup.Attributes {
            [("stroke", colour)] + (opacity < 1 ? [("stroke-opacity", SVGMarkup.number(opacity))] : [])
        }

        var fill: SVGMarkup.Attributes {
            [("fill", colour)] + (opacity < 1 ? [("fill-opacity", SVGMarkup.number(opacity))] : [])
        }
    }

    var ink: Ink { self == .page ? Ink(colour: "currentColor") : Ink(colour: "#111111") }
    /// Of tick labels.
    var quiet: Ink { self == .page ? Ink(colour: "currentColor", opacity: 0.8) : Ink(colour: "#333333") }
    /// Of what was before, and of lines that only lead the eye.
    var faint: Ink { self == .page ? Ink(colour: "currentColor", opacity: 0.45) : Ink(colour: "#8c8c8c") }
    var ghost: Ink { self == .page ? Ink(colour: "currentColor", opacity: 0.2) : Ink(colour: "#d4d4d4") }
    var grid: Ink { self == .page ? Ink(colour: "currentColor", opacity: 0.12) : Ink(colour: "#e6e6e6") }
    var ground: Ink? { self == .page ? nil : Ink(colour: "#ffffff") }
}
