/// Rows under titled columns, each cell a text and a machine value.
package struct Table: Codable, Sendable, Hashable {
    package enum Alignment: String, Codable, Sendable, Hashable {
        case left, right
    }

    package struct Column: Codable, Sendable, Hashable {
        package var title: String
        /// The name of the column's values for machines, snake_case.
        package var key: String
        package var alignment: Alignment
        /// Written after the title: "size (MB)".
        package var unit: String?
        /// Left out first when the terminal is narrow.
        package var wide: Bool

        /// - Parameter key: the title in snake_case unless given.
        package init(
            _ title: String, key: String? = nil, alignment: Alignment = .left, unit: String? = nil, wide: Bool = false
        ) {
            self.title = title
            self.key = key ?? SnakeCase.of(title)
            self.alignment = alignment
            self.unit = unit
            self.wide = wide
        }

        /// A column of figures, aligned at the right.
        package static func number(_ title: String, key: String? = nil, unit: String? = nil, wide: Bool = false)
            -> Column
        {
            Column(title, key: key, alignment: .right, unit: unit, wide: wide)
        }
    }

    package var title: StyledText?
    package var columns: [Column]
    /// Each row has one cell a column; missing ones are rendered empty, surplus ones not at all.
    package var rows: [[Cell]]
    /// Below a rule: totals.
    package var footer: [Cell]?

    package init(title: StyledText? = nil, columns: [Column], rows: [[Cell]] = [], footer: [Cell]? = nil) {
        self.title = title
        self.columns = columns
        self.rows = rows
        self.footer = footer
    }
}

extension Table {
    /// What a reader sees and what a program gets.
    package struct Cell: Codable, Sendable, Hashable, ExpressibleByStringInterpolation {
        package var text: StyledText
        package var value: Value

        package init(_ text: StyledText, value: Value) {
            self.text = text
            self.value = value
        }

        package init(_ text: StyledText) { self.init(text, value: .string(text.plain)) }
        package init(stringLiteral value: String) { self.init(StyledText(value)) }
        package init(stringInterpolation: StyledText.Interpolation) {
            self.init(StyledText(stringInterpolation: stringInterpolation))
        }

        /// Nothing to show: a dash, null for machines.
        package static let missing = Cell("–", value: .null)

        /// Nothing to show, and nothing shown.
        package static let empty = Cell("", value: .null)

        package static func count(_ value: Int) -> Cell { Cell("\(count: value)", value: .int(value)) }
        package static func parameters(_ value: Int) -> Cell { Cell("\(parameters: value)", value: .int(value)) }
        package static func bytes(_ value: Int) -> Cell { Cell("\(bytes: value)", value: .int(value)) }
        package static func flops(_ value: Double) -> Cell { Cell("\(flops: value)", value: .double(value)) }
        package static func entropy(_ value: Double) -> Cell { Cell("\(entropy: value)", value: .double(value)) }
        package static func duration(seconds: Double) -> Cell { Cell("\(seconds: seconds)", value: .double(seconds)) }

        /// - Parameter fraction: 0.25 is shown as "25.0 %" and stays 0.25 for machines.
        package static func percent(_ fraction: Double, digits: Int = 1) -> Cell {
            Cell("\(percent: fraction, digits: digits)", value: .double(fraction))
        }
        package static func fixed(_ value: Double, digits: Int) -> Cell {
            Cell("\(fixed: value, digits: digits)", value: .double(value))
        }
    }
}
