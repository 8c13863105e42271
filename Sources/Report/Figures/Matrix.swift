/// Values in rows and columns, drawn as colours.
package struct Matrix: Codable, Sendable, Hashable {
    /// Of the panel; the figure has its own.
    package var title: String?
    package var rows: Int
    package var columns: Int
    /// Row after row: (rows, columns).
    package var values: [Float]
    package var scale: Scale
    /// One a row, and one a column where the matrix is square; empty for none.
    package var labels: [String]
    /// Pictures in the place of the labels, as PNG files in base 64; empty for none.
    package var thumbnails: [String]

    package struct Scale: Codable, Sendable, Hashable {
        package enum Kind: String, Codable, Sendable, Hashable {
            /// From little to much.
            case sequential
            /// Both ways from the middle of the range.
            case diverging
        }

        /// What the colours stand for: "cosine".
        package var title: String
        package var kind: Kind
        package var range: ClosedRange<Double>

        package init(_ title: String, kind: Kind = .sequential, range: ClosedRange<Double>) {
            self.title = title
            self.kind = kind
            self.range = range
        }
    }

    package init(
        title: String? = nil, rows: Int, columns: Int, values: [Float], scale: Scale, labels: [String] = [],
        thumbnails: [String] = []
    ) {
        self.title = title
        self.rows = rows
        self.columns = columns
        self.values = values
        self.scale = scale
        self.labels = labels
        self.thumbnails = thumbnails
    }
}
