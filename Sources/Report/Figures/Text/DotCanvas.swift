/// Dots much finer than characters: braille patterns of 2 × 4 dots, or one a character in ASCII.
struct DotCanvas: Sendable {
    /// In characters.
    let columns: Int
    let rows: Int
    let unicode: Bool
    private var bits: [UInt8]
    private var inks: [TextInk]
    private var letters: [Character]
    private var passed = 0

    init(columns: Int, rows: Int, unicode: Bool) {
        (self.columns, self.rows, self.unicode) = (max(columns, 0), max(rows, 0), unicode)
        let count = self.columns * self.rows
        bits = Array(repeating: 0, count: count)
        inks = Array(repeating: .plain, count: count)
        letters = Array(repeating: " ", count: count)
    }

    /// In dots.
    var width: Int { columns * (unicode ? 2 : 1) }
    var height: Int { rows * (unicode ? 4 : 1) }

    /// The dot at shares of the width and, from below, of the height.
    func dot(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
        (Int((x * Double(width - 1)).rounded()), Int(((1 - y) * Double(height - 1)).rounded()))
    }

    /// The character a dot is in.
    func cell(_ dot: (x: Int, y: Int)) -> (x: Int, y: Int) { unicode ? (dot.x / 2, dot.y / 4) : dot }

    /// - Parameter letter: what stands for it in ASCII.
    mutating func set(_ x: Int, _ y: Int, _ ink: TextInk, _ letter: Character) {
        guard x >= 0, y >= 0, x < width, y < height else { return }
        let cell = cell((x, y))
        let index = cell.y * columns + cell.x
        // Of the bits of a braille character those of the last row were added last.
        let masks: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
        bits[index] |= unicode ? masks[y % 4][x % 2] : 1
        inks[index] = ink
        letters[index] = letter
    }

    /// - Parameter stride: every which dot is set, counted on from line to line.
    mutating func line(
        from start: (x: Int, y: Int), to end: (x: Int, y: Int), _ ink: TextInk, _ letter: Character, stride: Int = 1
    ) {
        let stride = unicode ? stride : 1
        let steps = max(abs(end.x - start.x), abs(end.y - start.y), 1)
        for step in 0...steps {
            guard step > 0 || stride == 1 else { continue }
            passed += 1
            guard passed % stride == 0 else { continue }
            let share = Double(step) / Double(steps)
            let x = Double(start.x) + Double(end.x - start.x) * share
            let y = Double(start.y) + Double(end.y - start.y) * share
            set(Int(x.rounded()), Int(y.rounded()), ink, letter)
        }
    }

    /// Writes the characters that have dots.
    func draw(into grid: inout TextGrid, _ left: Int, _ top: Int) {
        for row in 0..<rows {
            for column in 0..<columns {
                let index = row * columns + column
                guard bits[index] != 0 else { continue }
                let text =
                    unicode
                    ? String(UnicodeScalar(0x2800 + UInt32(bits[index])).map(Character.init) ?? " ")
                    : String(letters[index])
                grid[left + column, top + row] = TextGrid.Cell(text: text, ink: inks[index])
            }
        }
    }
}
