/// Series of points over two axes.
package struct Chart: Codable, Sendable, Hashable {
    /// Of the panel; the figure has its own.
    package var title: String?
    package var x: Axis
    package var y: Axis
    package var series: [Series]
    package var guides: [Guide]

    package init(title: String? = nil, x: Axis, y: Axis, series: [Series], guides: [Guide] = []) {
        self.title = title
        self.x = x
        self.y = y
        self.series = series
        self.guides = guides
    }

    package struct Axis: Codable, Sendable, Hashable {
        package enum Scale: Codable, Sendable, Hashable {
            case linear
            /// Values that are not above zero are not drawn.
            case logarithmic
            /// Points lie at 0, 1, …, each under its name.
            case categories([String])
        }

        package var title: String
        package var unit: String?
        package var scale: Scale
        /// What it shows at least; the points' own range where nil.
        package var range: ClosedRange<Double>?

        package init(_ title: String, unit: String? = nil, scale: Scale = .linear, range: ClosedRange<Double>? = nil) {
            self.title = title
            self.unit = unit
            self.scale = scale
            self.range = range
        }
    }

    package struct Series: Codable, Sendable, Hashable {
        package enum Mark: String, Codable, Sendable, Hashable {
            case line, dots, bars
            /// A line with a dot at every point.
            case path
        }

        /// Told apart by shape as well as by colour.
        package enum Tone: Codable, Sendable, Hashable {
            /// One of several equals, from 0.
            case number(Int)
            case accepted, rejected
            /// What was there before, or what only leads the eye.
            case faint
        }

        /// In the legend; a series without a name is not in it.
        package var name: String?
        package var mark: Mark
        package var tone: Tone
        package var points: [Point]

        package init(_ name: String?, mark: Mark, tone: Tone = .number(0), points: [Point]) {
            self.name = name
            self.mark = mark
            self.tone = tone
            self.points = points
        }
    }

    package struct Point: Codable, Sendable, Hashable {
        package var x: Double
        package var y: Double
        /// Beside the point: "3".
        package var label: String?
        /// The lowest and highest of several measurements of y.
        package var spread: ClosedRange<Double>?

        package init(_ x: Double, _ y: Double, label: String? = nil, spread: ClosedRange<Double>? = nil) {
            self.x = x
            self.y = y
            self.label = label
            self.spread = spread
        }
    }

    /// A line across the chart: a limit, a cut.
    package struct Guide: Codable, Sendable, Hashable {
        package enum Direction: String, Codable, Sendable, Hashable { case horizontal, vertical }

        package var direction: Direction
        package var value: Double
        package var label: String?

        package init(_ direction: Direction, at value: Double, label: String? = nil) {
            self.direction = direction
            self.value = value
            self.label = label
        }
    }
}
