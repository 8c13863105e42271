/// What a cell of a drawing in characters looks like.
enum TextInk: Sendable, Hashable {
    case style(TextStyle)
    /// One of several equals, from 0.
    case series(Int)
    /// Two halves of a cell, or one colour of the whole.
    case colours(upper: Colour, lower: Colour?)

    static let plain = TextInk.style(.plain)
    static let faint = TextInk.style(.faint)
    static let strong = TextInk.style(.strong)
}

/// A drawing in characters: cells that are written in any order and read as lines.
struct TextGrid: Sendable {
    struct Cell: Sendable, Hashable {
        /// Empty for the second half of a wide character.
        var text: String
        var ink: TextInk

        static let blank = Cell(text: " ", ink: .plain)

        var isBlank: Bool { self == .blank }
    }

    private(set) var width: Int
    private(set) var height: Int
    private var cells: [Cell]

    init(width: Int, height: Int) {
        self.width = max(width, 0)
        self.height = max(height, 0)
        cells = Array(repeating: .blank, count: self.width * self.height)
    }

    subscript(x: Int, y: Int) -> Cell {
        get { contains(x, y) ? cells[y * width + x] : .blank }
        set {
            guard contains(x, y) else { return }
            let index = y * width + x
            // Half of a wide character is nothing.
            if cells[index].text.isEmpty {
                if !newValue.text.isEmpty, x > 0 { cells[index - 1] = .blank }
            } else if x + 1 < width, cells[index + 1].text.isEmpty {
                cells[index + 1] = .blank
            }
            cells[index] = newValue
        }
    }

    func contains(_ x: Int, _ y: Int) -> Bool { x >= 0 && x < width && y >= 0 && y < height }

    /// Writes text on one line; what does not fit is lost.
    mutating func put(_ text: String, _ x: Int, _ y: Int, _ ink: TextInk = .plain) {
        var x = x
        for character in text {
            let size = DisplayWidth.of(character)
            if size == 0 { continue }
            guard x >= 0, x + size <= width else {
                x += size
                continue
            }
            self[x, y] = Cell(text: String(character), ink: ink)
            if size == 2 { self[x + 1, y] = Cell(text: "", ink: ink) }
            x += size
        }
    }

    /// Copies another drawing with its top left corner here.
    mutating func put(_ other: TextGrid, _ x: Int, _ y: Int) {
        for row in 0..<other.height {
            for column in 0..<other.width { self[x + column, y + row] = other[column, row] }
        }
    }

    /// The cells of each line as runs of one ink, without blanks at the end.
    var lines: [[(text: String, ink: TextInk)]] {
        (0..<height).map { row in
            var end = width
            while end > 0, self[end - 1, row].isBlank { end -= 1 }
            var runs: [(text: String, ink: TextInk)] = []
            for column in 0..<end {
                let cell = self[column, row]
                if let last = runs.indices.last, runs[last].ink == cell.ink {
                    runs[last].text += cell.text
                } else {
                    runs.append((cell.text, cell.ink))
                }
            }
            return runs
        }
    }
}
