import Report

/// What a terminal shows of what a program wrote: the lines of text, after cursor movements and erasures.
///
/// It knows the sequences libedit and progress lines use under TERM=xterm; colours are dropped, anything else is ignored.
struct TerminalScreen {
    private let width: Int
    private let height: Int
    /// Every line since the start, the ones that scrolled away first.
    private var lines: [[Character]] = [[]]
    private var row = 0
    private var column = 0
    private var pending = ""
    private var saved = (row: 0, column: 0)
    /// The operating system commands it was sent, oldest first: "2;title".
    private(set) var commands: [String] = []
    private(set) var bells = 0

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// All lines, without spaces at their ends.
    var text: String {
        lines.map { line in
            let end = line.lastIndex { $0 != " " }.map { $0 + 1 } ?? 0
            return Self.shown(line[..<end])
        }.joined(separator: "\n")
    }

    /// The text of the line the cursor is in, as far as it was written.
    var currentLine: String { Self.shown(lines[row][...]) }

    private static func shown(_ cells: ArraySlice<Character>) -> String { String(cells.filter { $0 != rest }) }

    /// The second column of a wide character.
    private static let rest: Character = "\u{0}"

    mutating func show(_ output: String) {
        let scalars = Array((pending + output).unicodeScalars)
        pending = ""
        var index = 0
        while index < scalars.count {
            guard scalars[index] == "\u{1B}" else {
                put(scalars[index])
                index += 1
                continue
            }
            guard let end = Self.endOfSequence(scalars, from: index) else {
                pending = String(String.UnicodeScalarView(scalars[index...]))
                return
            }
            switch scalars[index + 1] {
            case "[": control(scalars[(index + 2)..<end], final: scalars[end])
            case "7": saved = (row, column)
            case "8": (row, column) = (min(saved.row, lines.count - 1), saved.column)
            case "]": commands.append(String(String.UnicodeScalarView(scalars[(index + 2)..<end])))
            default: break
            }
            index = end + 1
        }
    }

    /// Where the escape sequence that starts at `start` ends, or nil while it is not there in full.
    private static func endOfSequence(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        guard start + 1 < scalars.count else { return nil }
        switch scalars[start + 1] {
        case "[": return scalars[(start + 2)...].firstIndex { (0x40...0x7E).contains($0.value) }
        case "]": return scalars[(start + 2)...].firstIndex { $0 == "\u{07}" || $0 == "\\" }
        case "(", ")": return start + 2 < scalars.count ? start + 2 : nil
        default: return start + 1
        }
    }

    private var top: Int { max(0, lines.count - height) }

    private mutating func put(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\u{07}": bells += 1
        case "\r": column = 0
        case "\n": feed()
        case "\u{08}": column = max(0, column - 1)
        case "\t": column = min(width - 1, (column / 8 + 1) * 8)
        case _ where scalar.value < 0x20 || scalar.value == 0x7F: break
        default:
            // A full line wraps when the next character comes, not before.
            let columns = DisplayWidth.of(Character(scalar))
            if column + columns > width {
                column = 0
                feed()
            }
            guard columns > 0 else { return }
            reach(column + columns)
            lines[row][column] = Character(scalar)
            if columns == 2 { lines[row][column + 1] = Self.rest }
            column += columns
        }
    }

    private mutating func feed() {
        row += 1
        while row >= lines.count { lines.append([]) }
    }

    private mutating func reach(_ length: Int) {
        let missing = length - lines[row].count
        if missing > 0 { lines[row] += repeatElement(" ", count: missing) }
    }

    private mutating func control(_ parameters: ArraySlice<Unicode.Scalar>, final: Unicode.Scalar) {
        let numbers = String(String.UnicodeScalarView(parameters)).split(separator: ";").map { Int($0) ?? 0 }
        let first = numbers.first ?? 0
        let count = max(1, first)
        switch final {
        case "A": row = max(top, row - count)
        case "B": row = min(lines.count - 1, row + count)
        case "C": column = min(width - 1, column + count)
        case "D": column = max(0, min(column, width - 1) - count)
        case "G": column = min(width, count) - 1
        case "H", "f":
            row = top + min(height, count) - 1
            while row >= lines.count { lines.append([]) }
            column = min(width, max(1, numbers.dropFirst().first ?? 1)) - 1
        case "J" where first == 0:
            lines[row].removeSubrange(min(column, lines[row].count)...)
            lines.removeSubrange((row + 1)...)
        case "J":
            for index in top..<lines.count { lines[index] = [] }
        case "K" where first == 0: lines[row].removeSubrange(min(column, lines[row].count)...)
        case "K": lines[row] = []
        case "P": lines[row].removeSubrange(min(column, lines[row].count)..<min(column + count, lines[row].count))
        case "@":
            reach(column)
            lines[row].insert(contentsOf: repeatElement(" ", count: count), at: column)
        default: break
        }
    }
}
