import Report

/// Where a text comes to stand in a window: how terminals wrap, and how libedit shows what can't be shown.
package enum LineLayout {
    /// The rows below the first, and the column, in which the cursor is behind a text that begins in the first column.
    ///
    /// A row that is full counts as ended. A wide character that would be cut goes to the next row.
    package static func end(of text: String, columns: Int) -> (row: Int, column: Int) {
        let columns = max(columns, 2)
        var (row, column) = (0, 0)
        for character in text {
            if character.isNewline {
                (row, column) = (row + 1, 0)
                continue
            }
            let width = width(of: character)
            if column + width > columns { (row, column) = (row + 1, 0) }
            column += width
            if column >= columns { (row, column) = (row + 1, 0) }
        }
        return (row, column)
    }

    /// Control characters are shown as ^X.
    private static func width(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first, scalar.value < 0x20 || scalar.value == 0x7F else {
            return DisplayWidth.of(character)
        }
        return 2
    }
}
