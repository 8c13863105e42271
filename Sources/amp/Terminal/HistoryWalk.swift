/// Goes back and forth through earlier lines that begin as the one being typed.
///
/// What was typed is the last of them. A line that was changed on the way begins a new walk.
package struct HistoryWalk: Equatable, Sendable {
    private var typed = ""
    /// In the lines, from the newest at the end; nil where what was typed stands.
    private var place: Int?
    /// What the walk has put into the line.
    private var shown: String?

    package init() {}

    /// The next older line that begins as `line` did when the walk began; nil where there is none.
    package mutating func older(than line: String, in lines: [String]) -> String? {
        begin(at: line)
        let end = min(place ?? lines.count, lines.count)
        guard let found = lines[..<end].lastIndex(where: { fits($0) && $0 != line }) else { return nil }
        return show(found, in: lines)
    }

    /// The next newer one, or what was typed.
    package mutating func newer(than line: String, in lines: [String]) -> String? {
        begin(at: line)
        guard let place, place < lines.count else { return nil }
        if let found = lines[(place + 1)...].firstIndex(where: { fits($0) && $0 != line }) {
            return show(found, in: lines)
        }
        self.place = nil
        shown = typed
        return typed
    }

    private func fits(_ line: String) -> Bool { line.hasPrefix(typed) }

    private mutating func begin(at line: String) {
        guard line != shown else { return }
        self = HistoryWalk()
        typed = line
    }

    private mutating func show(_ index: Int, in lines: [String]) -> String {
        place = index
        shown = lines[index]
        return lines[index]
    }
}
