/// Labelled horizontal bars, one a row, with where each stood before.
package struct Bars: Codable, Sendable, Hashable {
    package struct Bar: Codable, Sendable, Hashable {
        package var label: StyledText
        package var value: Double
        /// The value before a change; the bar shows what went away.
        package var before: Double?
        /// The full length of this bar; the largest of all bars if not given.
        package var maximum: Double?
        /// Written after the bar; the figures themselves if not given.
        package var text: StyledText?

        package init(
            _ label: StyledText, value: Double, before: Double? = nil, maximum: Double? = nil, text: StyledText? = nil
        ) {
            self.label = label
            self.value = value
            self.before = before
            self.maximum = maximum
            self.text = text
        }
    }

    package var title: StyledText?
    /// What is measured, snake_case, for machines: `width`.
    package var measure: String
    package var bars: [Bar]

    package init(title: StyledText? = nil, measure: String = "value", bars: [Bar] = []) {
        self.title = title
        self.measure = measure
        self.bars = bars
    }
}
